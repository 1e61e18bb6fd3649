"""What happens when deadlines pass? One conditional UPDATE, and in the same transaction all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from engagements import timeline
from engagements.models import Engagement, TimelineEntry
from escalation import catalog, telling
from escalation.clock import BREACH, BREACHED, STAGES, WARNED
from escalation.models import ClockEvent, Deadline, reference_of
from iem_portal import live, rows
from iem_portal.notifications import outbox

TILES = ("escalations", "clock")
KINDS = {stage: BREACHED if stage == BREACH else WARNED for stage in STAGES}


class RowsChanged(Exception):
    """Somebody else fired or cancelled one of these rows in between: nothing of the batch is kept."""


@dataclass(slots=True)
class Due:
    """A deadline with what its mail and its line on the timeline say; slim, for a batch has hundreds."""

    pk: int
    clock_id: int
    cycle: int
    stage: str
    due_at: datetime
    breach_due_at: datetime
    escalation_id: int
    engagement: Engagement
    number: int
    title: str
    symptom: str
    severity: str
    lane: str
    case_id: str
    case_opened_at: datetime | None

    @property
    def reference(self) -> str:
        """The escalation's short name."""
        return reference_of(self.number)


_OWN = {"pk", "clock_id", "cycle", "stage", "due_at", "breach_due_at"}
_PATHS = {"escalation_id": "clock__escalation_id", "engagement": "clock__escalation__engagement_id"}
_COLUMNS = [
    field.name if field.name in _OWN else _PATHS.get(field.name, f"clock__escalation__{field.name}")
    for field in fields(Due)
]


def read(deadlines: QuerySet[Deadline]) -> list[Due]:
    """These deadlines with all that firing needs, oldest first. Two queries."""
    siblings = Deadline.objects.filter(clock=OuterRef("clock"), cycle=OuterRef("cycle"), stage=BREACH)
    due_of_breach = Subquery(siblings.order_by().values("due_at")[:1])
    found = deadlines.order_by("due_at", "pk").annotate(breach_due_at=due_of_breach).values_list(*_COLUMNS)
    dues = [Due(*columns) for columns in found]
    engagements = Engagement.objects.in_bulk({due.engagement for due in dues})
    for due in dues:
        due.engagement = engagements[due.engagement]
    return dues


def fire(dues: list[Due], *, now: datetime, by) -> None:
    """Record these deadlines as passed; call it inside a transaction, with what `read` read.

    The clock events are dated at their deadline, however late `now` is. Raises RowsChanged when a row was no
    longer waiting, which must roll the transaction back. The number of statements does not grow with the rows.
    """
    if not dues:
        return
    waiting = Deadline.objects.waiting().filter(pk__in=[due.pk for due in dues])
    if waiting.update(fired_at=now, fired_by=by.name) != len(dues):
        raise RowsChanged(f"{len(dues)} deadlines")
    _log(dues, now, by)
    members = telling.people({due.engagement.pk for due in dues})
    messages = [message for due in dues for message in telling.of_deadline(due, members[due.engagement.pk])]
    outbox.enqueue(messages, now=now)
    timeline.record_many([_entry(due, now, by) for due in dues])
    live.announce_many({due.engagement.topic: TILES for due in dues})


def _log(dues: list[Due], now: datetime, by) -> None:
    names = ("clock_id", "cycle", "kind", "stage", "at", "recorded_at", "label", "reason", "by_id", "by_name")
    rows.insert_values(
        ClockEvent,
        names,
        [
            (due.clock_id, due.cycle, KINDS[due.stage], due.stage, due.due_at, now, "", "", by.pk, by.name)
            for due in dues
        ],
    )


def _entry(due: Due, now: datetime, by) -> TimelineEntry:
    params = {
        "reference": due.reference,
        "title": due.title,
        "severity": catalog.severities()[due.severity]["label"],
        "percent": STAGES[due.stage],
        "due": {"at": due.breach_due_at.isoformat()},
    }
    return timeline.draft(
        due.engagement,
        "escalation.breached" if due.stage == BREACH else "escalation.warned",
        by=by,
        now=now,
        at=due.due_at,
        kind=TimelineEntry.Kind.SYSTEM,
        params=params,
        subject_type="escalation",
        subject_id=due.escalation_id,
    )
