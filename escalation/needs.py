"""What does the next level want to know before it is asked? A check list that reminds and forbids nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from escalation.models import Escalation, Lane


@dataclass(frozen=True)
class Need:
    """One thing of the list. ``field`` names the fact to fill in, or is empty; ``at`` is an aware instant."""

    code: str
    label: str
    is_met: bool
    value: str = ""
    at: datetime | None = None
    field: str = ""


def _fact(field: str, label) -> Callable[[Escalation], Need]:
    def read(escalation: Escalation) -> Need:
        value = getattr(escalation, field).strip()
        return Need(field, str(label), bool(value), value, field=field)

    return read


def _case(escalation: Escalation) -> Need:
    value, at = escalation.case_id, escalation.case_opened_at
    return Need("case", str(_("Case number")), at is not None, value, at)


def _answer(escalation: Escalation) -> Need:
    at = escalation.answered_at
    how = escalation.get_answered_how_display() if at else ""
    return Need("answer", str(_("First answer from AWS")), at is not None, str(how), at)


def _ticket(escalation: Escalation) -> Need:
    is_met = escalation.level >= 3 and bool(escalation.owner_name)
    return Need(
        "ticket", str(_("Owner of the internal ticket")), is_met, escalation.owner_name if is_met else ""
    )


IMPACT = _fact("impact", _("Impact in one sentence"))
SERVICE = _fact("service", _("AWS service named"))
ACCOUNT = _fact("account_id", _("AWS account"))
REGION = _fact("region", pgettext_lazy("AWS", "Region"))
EVIDENCE = _fact("resources", _("Resources and evidence"))
TRIED = _fact("tried", _("What was tried"))
WANTED = _fact("wanted", _("What is needed from AWS"))

# What a level is told on entering. Source: AWS Support user guide on describing a problem; TAM hand-over practice.
BEFORE = {
    (Lane.TECHNICAL, 1): (IMPACT, SERVICE, ACCOUNT, REGION),
    (Lane.TECHNICAL, 2): (_case, IMPACT, SERVICE, EVIDENCE),
    (Lane.TECHNICAL, 3): (_case, _answer, TRIED, WANTED),
    (Lane.TECHNICAL, 4): (_ticket, EVIDENCE, TRIED, WANTED),
    (Lane.CUSTOMER_SERVICE, 1): (IMPACT, ACCOUNT, WANTED),
    (Lane.CUSTOMER_SERVICE, 2): (_case, IMPACT, WANTED),
}


def before(escalation: Escalation, level: int) -> list[Need]:
    """The list for entering this level of the escalation's lane; labels are in the active language."""
    return [read(escalation) for read in BEFORE.get((escalation.lane, level), ())]
