"""What happens when deadlines pass? One conditional UPDATE, and in the same transaction all that follows from it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from engagements import timeline
from engagements.models import TimelineEntry
from escalation import catalog, telling
from escalation.clock import BREACH, BREACHED, STAGES, WARNED
from escalation.models import ClockEvent, Deadline
from iem_portal import live
from iem_portal.notifications import outbox

TILES = ("escalations", "clock")


class RowsChanged(Exception):
    """Somebody else fired or cancelled one of these rows in between: nothing of the batch is kept."""


def with_context(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Deadlines with all that firing needs to know, in one query."""
    siblings = Deadline.objects.filter(clock=OuterRef("clock"), cycle=OuterRef("cycle"), stage=BREACH)
    return rows.select_related("clock__escalation__engagement").annotate(
        breach_due_at=Subquery(siblings.values("due_at")[:1])
    )


def fire(rows: list[Deadline], *, now: datetime, by) -> None:
    """Record these deadlines as passed; call it inside a transaction, with rows from `with_context`.

    The clock events are dated at their deadline, however late `now` is. Raises RowsChanged when a row was no
    longer waiting, which must roll the transaction back. The number of statements does not grow with the rows.
    """
    if not rows:
        return
    ids = [row.pk for row in rows]
    if Deadline.objects.waiting().filter(pk__in=ids).update(fired_at=now, fired_by=by.name) != len(ids):
        raise RowsChanged(f"{len(ids)} deadlines")
    rows = sorted(rows, key=lambda row: (row.due_at, row.pk))
    ClockEvent.objects.bulk_create([_event(row, now, by) for row in rows])
    members = telling.people(row.clock.escalation.engagement_id for row in rows)
    outbox.enqueue(
        [
            message
            for row in rows
            for message in telling.of_deadline(row, members[row.clock.escalation.engagement_id])
        ],
        now=now,
    )
    timeline.record_many([_entry(row, now, by) for row in rows])
    live.announce_many({row.clock.escalation.engagement.topic: list(TILES) for row in rows})


def _event(row: Deadline, now: datetime, by) -> ClockEvent:
    return ClockEvent(
        clock_id=row.clock_id,
        cycle=row.cycle,
        kind=BREACHED if row.stage == BREACH else WARNED,
        stage=row.stage,
        at=row.due_at,
        recorded_at=now,
        by_id=by.pk,
        by_name=by.name,
    )


def _entry(row: Deadline, now: datetime, by) -> TimelineEntry:
    escalation = row.clock.escalation
    params = {
        "reference": escalation.reference,
        "title": escalation.title,
        "severity": catalog.severities()[escalation.severity]["label"],
        "percent": STAGES[row.stage],
        "due": {"at": telling.deadline_of(row).isoformat()},
    }
    return timeline.draft(
        escalation.engagement,
        "escalation.breached" if row.stage == BREACH else "escalation.warned",
        by=by,
        now=now,
        at=row.due_at,
        kind=TimelineEntry.Kind.SYSTEM,
        params=params,
        subject_type="escalation",
        subject_id=escalation.pk,
    )
