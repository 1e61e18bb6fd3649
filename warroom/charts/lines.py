"""Which lines does a chart carry: the thresholds of its watch, and the success criteria somebody said it measures."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements import criteria
from engagements.models import Engagement, SuccessCriterion
from engagements.verdict import target_text
from warroom.models import CriterionLine
from workbook.watches import Watch


class LineError(Exception):
    """Why a criterion is not drawn, in the reader's words."""


def known(engagement: Engagement, watch: Watch) -> list[SuccessCriterion]:
    """The criteria in force, in their order; ``is_drawn`` says of each whether this watch's chart has it. One query."""
    mine = CriterionLine.objects.filter(
        engagement=engagement, watch_row=watch.row_id, criterion=OuterRef("pk")
    )
    return list(criteria.of(engagement).annotate(is_drawn=Exists(mine)).order_by("position", "pk"))


def draw(*, engagement: Engagement, watch: Watch, criterion_id: int, by, now: datetime) -> None:
    """Say that this watch measures that criterion. Saying it twice changes nothing. Raises LineError."""
    with transaction.atomic():
        criterion = criteria.of(engagement).filter(pk=criterion_id).first()
        if criterion is None:
            raise LineError(_("Choose a success criterion of this engagement."))
        CriterionLine.objects.get_or_create(
            watch_row=watch.row_id,
            criterion=criterion,
            defaults={"engagement": engagement, "added_by_name": by.name, "added_at": now},
        )


def erase(*, engagement: Engagement, watch: Watch, criterion_id: int) -> None:
    """Take the criterion from this chart; the criterion itself stays."""
    CriterionLine.objects.filter(
        engagement=engagement, watch_row=watch.row_id, criterion_id=criterion_id
    ).delete()


def of(watch: Watch, mine: list[SuccessCriterion]) -> list[dict]:
    """Every horizontal line: its kind, value in the watch's unit, and words."""
    found = []
    for kind, value, label in (
        ("crit", watch.crit, pgettext("limit", "Critical")),
        ("warn", watch.warn, _("Warning")),
    ):
        if value is not None:
            found.append({"kind": kind, "value": value, "label": label})
    for one in mine:
        words = f"{one.name} {target_text(one.operator, one.target, one.target_high, one.unit)}"
        ends = [one.target] if one.operator != "between" else [one.target, one.target_high]
        found += [{"kind": "goal", "value": float(end), "label": words} for end in ends if end is not None]
    return found
