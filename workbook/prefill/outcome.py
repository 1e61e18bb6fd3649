"""How a request for more of a quota ends, and what its row then says: written by the portal, with its history."""

from __future__ import annotations

import logging
from datetime import datetime
from decimal import Decimal

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from workbook import bulk, editions
from workbook.edits import Edit
from workbook.models import CellChange, QuotaIncrease
from workbook.prefill import storing
from workbook.prefill.proposals import Place, Proposal, decimal_text

logger = logging.getLogger(__name__)

State = QuotaIncrease.State
#: Ends after which the quota may be higher. A closed case says nothing either way: only the value does.
MAY_GRANT = frozenset({State.APPROVED, State.CASE_CLOSED})


def end(one: QuotaIncrease, value: float, now: datetime, **words) -> None:
    """Close a request that AWS decided; ``value`` is the quota's value read again."""
    now_there = Decimal(decimal_text(value))
    is_more = one.applied is None or now_there > one.applied
    granted = now_there if words["state"] in MAY_GRANT and is_more else None
    _keep(one, granted=granted, ended_at=now, **words)
    write_row(one, now)
    _suggest_value(one, value, now)
    timeline.record(
        one.engagement,
        "workbook.quota_answered",
        by=SYSTEM_POLLER,
        now=now,
        kind="aws",
        params={
            "name": one.name,
            "state": _state_words(one),
            "value": f"{now_there:f}",
            "region": one.region,
        },
    )


def fail(one: QuotaIncrease, now: datetime, **words) -> None:
    """Close a request that AWS did not take; a person may ask again."""
    _keep(one, state=State.FAILED, ended_at=now, **words)
    timeline.record(
        one.engagement,
        "workbook.quota_not_sent",
        by=SYSTEM_POLLER,
        now=now,
        kind="aws",
        params={"name": one.name, "value": f"{one.desired.normalize():f}", "region": one.region},
    )


def write_row(one: QuotaIncrease, now: datetime) -> None:
    """The request's number, case, state and outcome, into its row; what a person typed there stays in the history."""
    section = editions.section(one.engagement, one.section)
    table = section.table_of.get("q_status") if section else None
    if table is None:
        return
    values = {"q_req_id": one.request_id, "q_case_id": one.case_id, "q_status": one.state}
    if one.granted is not None:
        values |= {"q_granted": f"{one.granted:f}", "q_granted_at": one.decided_at.isoformat()}
    edits = [Edit(field, value, row=one.row_id) for field, value in values.items() if value]
    outcomes = bulk.save(
        engagement=one.engagement,
        section=section,
        table=table,
        edits=edits,
        by=SYSTEM_POLLER,
        now=now,
        how=CellChange.How.AWS,
    )
    for each in outcomes:
        if not each.is_taken:
            logger.warning("%s of %s could not be written: %s", each.edit.field, one, each.kind)


def _suggest_value(one: QuotaIncrease, value: float, now: datetime) -> None:
    """The value in force is a figure of AWS's like any other: suggested, not written."""
    section = editions.section(one.engagement, one.section)
    if section is None or section.field("q_applied") is None:
        return
    storing.store(
        engagement=one.engagement,
        section=section,
        place=Place(one.account_id, one.region, one.service),
        reader="quotas",
        proposals=[Proposal(one.row_id, facts={"q_applied": decimal_text(value)})],
        now=now,
    )


def _state_words(one: QuotaIncrease) -> dict | str:
    """The state in both languages, as the sheet calls it."""
    section = editions.section(one.engagement, one.section)
    field = section.field("q_status") if section else None
    choice = field.choice(one.state) if field else None
    return choice.label if choice else one.state


def _keep(one: QuotaIncrease, **words) -> None:
    for name, value in words.items():
        setattr(one, name, value)
    one.save(update_fields=list(words))
