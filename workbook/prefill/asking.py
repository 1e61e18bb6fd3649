"""Asks AWS for more of a quota, from its row: shows the exact numbers first, then writes the request down.

Nothing is sent here. A worker sends what was written down, once (``following``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.access import Permission
from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.formulas import number, quota_request
from workbook.models import Cell, QuotaIncrease, Row
from workbook.prefill import consent
from workbook.prefill.scope import GLOBAL, HOME_OF_GLOBAL

FIELD = "q_code"


class CannotAsk(Exception):
    """Why nothing can be asked, or not this; the message is in the reader's words."""


class AlreadyAsked(CannotAsk):
    """Somebody was quicker: the request that is on its way."""

    def __init__(self, increase: QuotaIncrease | None):
        super().__init__(_("More of this quota is being asked for already."))
        self.increase = increase


@dataclass(frozen=True)
class Preview:
    """What would be sent, and what stands in the way. ``where`` is the Region that AWS is asked in."""

    row: Row
    account_id: str
    region: str
    where: str
    service: str
    code: str
    name: str
    unit: str
    applied: Decimal | None
    usage: Decimal | None
    need: Decimal | None
    margin: Decimal | None
    desired: Decimal | None
    open: QuotaIncrease | None
    problems: list[str] = field(default_factory=list)

    @property
    def desired_text(self) -> str:
        """The value to request as a page sends it back: the person pressed on exactly this."""
        return "" if self.desired is None else f"{self.desired:f}"


def preview(engagement: Engagement, section: Section, row: Row) -> Preview:
    """The request as it would be sent now, out of the row. Four queries."""
    values = dict(Cell.objects.filter(row=row).values_list("field", "value"))
    desired = quota_request(values)
    region = values.get("q_region") or ""
    found = Preview(
        row=row,
        account_id=values.get("q_account") or "",
        region=region,
        where=HOME_OF_GLOBAL if region == GLOBAL else region,
        service=values.get("q_service") or "",
        code=values.get("q_code") or "",
        name=str(values.get("q_name") or ""),
        unit=values.get("q_unit") or "",
        applied=number(values.get("q_applied")),
        usage=number(values.get("q_usage")),
        need=number(values.get("q_need")),
        margin=number(values.get("q_margin")),
        desired=Decimal(desired) if desired else None,
        open=_open(values, region),
    )
    found.problems.extend(_problems(engagement, found, values.get("q_adjustable")))
    return found


def _open(values: dict, region: str) -> QuotaIncrease | None:
    """The request for this quota that has not ended."""
    return QuotaIncrease.objects.filter(
        account_id=values.get("q_account") or "",
        region=HOME_OF_GLOBAL if region == GLOBAL else region,
        service=values.get("q_service") or "",
        code=values.get("q_code") or "",
        ended_at=None,
    ).first()


def _problems(engagement: Engagement, found: Preview, is_adjustable: bool | None) -> list[str]:
    """Everything that stands in the way, in the reader's words."""
    words = []
    if not consent.is_switched_on():
        words.append(_("Requests to AWS are switched off in this portal."))
    said = consent.of(engagement)
    if said is None or not said.is_given:
        words.append(_("The customer has not agreed to requests from the portal yet."))
    missing = [
        label
        for label, value in (
            (_("account"), found.account_id),
            (_("Region"), found.region),
            (_("service code"), found.service),
            (_("quota code"), found.code),
            (_("peak forecast and margin"), found.desired),
        )
        if not value
    ]
    if missing:
        words.append(_("Missing in the row: %(what)s.") % {"what": ", ".join(missing)})
    elif not engagement.aws_accounts.filter(account_id=found.account_id).exists():
        words.append(_("The account is not part of this event."))
    if is_adjustable is False:
        words.append(_("AWS does not adjust this quota; the design has to change."))
    if found.desired and found.applied is not None and found.desired <= found.applied:
        words.append(_("The quota covers the peak and its margin already."))
    if found.open:
        words.append(str(AlreadyAsked(found.open)))
    return words


def ask(
    *, engagement: Engagement, section: Section, row: Row, desired: str, by, now: datetime
) -> QuotaIncrease:
    """Write a request down; a worker sends it within seconds. ``desired`` is the number that the person saw.

    Raises CannotAsk when something stands in the way or the numbers changed since they were shown,
    AlreadyAsked when somebody was quicker, PermissionDenied.
    """
    access.check(by, engagement, Permission.REVIEW_WORKBOOK)
    with transaction.atomic():
        Row.objects.select_for_update(no_key=True).get(pk=row.pk)
        found = preview(engagement, section, row)
        if found.open:
            raise AlreadyAsked(found.open)
        if found.problems:
            raise CannotAsk(" ".join(found.problems))
        if f"{found.desired:f}" != desired:
            raise CannotAsk(
                _("The value to request is %(value)s now. Look at it again.")
                % {"value": f"{found.desired:f}"}
            )
        try:
            with transaction.atomic():
                made = _written(engagement, section, found, by, now)
        except IntegrityError:
            raise AlreadyAsked(None) from None
        params = {"name": made.name, "value": f"{made.desired:f}", "region": found.region}
        timeline.record(engagement, "workbook.quota_requested", by=by, now=now, params=params)
    return made


def _written(engagement, section: Section, found: Preview, by, now: datetime) -> QuotaIncrease:
    return QuotaIncrease.objects.create(
        engagement=engagement,
        row=found.row,
        section=section.key,
        account_id=found.account_id,
        region=found.where,
        service=found.service,
        code=found.code,
        name=found.name or found.code,
        applied=found.applied,
        desired=found.desired,
        by_id=by.pk,
        by_name=by.name,
        recorded_at=now,
        next_at=now,
    )
