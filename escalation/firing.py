"""What happens when deadlines pass? One conditional UPDATE, and in the same transaction all that follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from engagements import timeline
from engagements.models import Engagement, TimelineEntry
from escalation import catalog
from escalation.clock import BREACH, BREACHED, CANCELLED, REOPENED, REPEATED, STAGES, STOPPED, WARNED
from escalation.ladder import holding, paging, rules
from escalation.models import Clock, ClockEvent, Deadline, reference_of
from iem_portal import live, rows
from iem_portal.notifications import outbox

TILES = ("escalations", "clock")
KINDS = {stage: BREACHED if stage == BREACH else WARNED for stage in STAGES}
# The end of a hold is a row too, but lifting it is a verb: the engine takes such rows one by one.
RESUME = "resume"
# A row that failed is looked at again a minute later: only then may its clock have ended before it.
LATE = timedelta(seconds=50)
_OF_END = ("clock_id", "cycle", "kind")
RESUMES = Q(stage__startswith=RESUME)
# Warnings of these clocks are on the timeline; the others warn too often for a history that people read.
WARNED_ALOUD = frozenset({Clock.Kind.FIRST_RESPONSE, Clock.Kind.RESTORE})


NEVER = datetime.max.replace(tzinfo=UTC)


class RowsChanged(Exception):
    """Somebody else fired or cancelled one of these rows in between: nothing of the batch is kept."""


@dataclass(slots=True)
class Due:
    """A deadline with what its messages and its line on the timeline say; slim, for a batch has hundreds."""

    pk: int
    clock_id: int
    kind: str
    cycle: int
    stage: str
    due_at: datetime
    escalation_id: int
    engagement: Engagement
    number: int
    title: str
    symptom: str
    severity: str
    lane: str
    level: int
    owner_name: str
    case_id: str
    case_opened_at: datetime | None
    #: What was copied at the opening: the rules of telling, and AWS's promise by severity.
    ladder: dict
    targets: dict
    #: When the promise is broken, of which a warning speaks too; set by `read`.
    breach_due_at: datetime = NEVER

    @property
    def reference(self) -> str:
        """The escalation's short name."""
        return reference_of(self.number)


_OWN = {"pk", "clock_id", "cycle", "stage", "due_at"}
_PATHS = {
    "kind": "clock__kind",
    "escalation_id": "clock__escalation_id",
    "engagement": "clock__escalation__engagement_id",
    # As texts: hundreds of escalations hold the same, which is parsed once.
    "ladder": KeyTextTransform("ladder", "clock__escalation__policy"),
    "targets": KeyTextTransform("targets", "clock__escalation__policy"),
}
_COLUMNS = [
    one.name if one.name in _OWN else _PATHS.get(one.name, f"clock__escalation__{one.name}")
    for one in fields(Due)
    if one.name != "breach_due_at"
]


def read(deadlines: QuerySet[Deadline]) -> list[Due]:
    """These deadlines with all that firing needs, oldest first. Three queries at most; one when there are none."""
    found = deadlines.order_by("due_at", "pk").values_list(*_COLUMNS)
    dues = [Due(*columns) for columns in found]
    engagements = Engagement.objects.in_bulk({due.engagement for due in dues}) if dues else {}
    texts = {due.ladder for due in dues} | {due.targets for due in dues}
    parsed = {text: json.loads(text or "{}") for text in texts}
    breaches = _breaches([due for due in dues if due.stage != BREACH])
    for due in dues:
        due.engagement = engagements[due.engagement]
        due.ladder, due.targets = parsed[due.ladder], parsed[due.targets]
        due.breach_due_at = breaches.get((due.clock_id, due.cycle), due.due_at)
    return dues


def _breaches(dues: list[Due]) -> dict[tuple[int, int], datetime]:
    """When the promises are broken of which these speak, by clock and cycle."""
    if not dues:
        return {}
    found = Deadline.objects.filter(clock__in={due.clock_id for due in dues}, stage=BREACH).order_by()
    return {(clock_id, cycle): at for clock_id, cycle, at in found.values_list("clock_id", "cycle", "due_at")}


def fire(dues: list[Due], *, now: datetime, by, is_told: bool = False) -> None:
    """Record these deadlines as passed; call it inside a transaction, with what `read` read.

    The clock events are dated at their deadline, however late `now` is. Raises RowsChanged when a row was no
    longer waiting, which must roll the transaction back. The number of statements does not grow with the rows.
    `is_told`: what happened is known already; it is recorded, and nobody is told.
    """
    if not dues:
        return
    waiting = Deadline.objects.waiting().filter(pk__in=[due.pk for due in dues])
    if waiting.update(fired_at=now, fired_by=by.name) != len(dues):
        raise RowsChanged(f"{len(dues)} deadlines")
    _log(dues, now, by)
    if not is_told:
        holds = holding.read(due.escalation_id for due in dues)
        _plan_repeats(dues, holds, now)
        outbox.enqueue(paging.of_dues(dues, holds, now=now), now=now)
    told = [] if is_told else [due for due in dues if _is_on_timeline(due)]
    rows.insert_values(TimelineEntry, _ENTRY, [_entry(due, now, by) for due in told])
    tiles = {due.engagement.topic: TILES for due in dues}
    live.announce_many(tiles | {due.engagement.topic: (*TILES, timeline.TILE) for due in told})


def _log(dues: list[Due], now: datetime, by) -> None:
    names = ("clock_id", "cycle", "kind", "stage", "at", "recorded_at", "label", "reason", "by_id", "by_name")
    values = [
        (
            due.clock_id,
            due.cycle,
            KINDS.get(due.stage, REPEATED),
            due.stage,
            due.due_at,
            now,
            "",
            "",
            by.pk,
            by.name,
        )
        for due in dues
    ]
    rows.insert_values(ClockEvent, names, values)


def _plan_repeats(dues: list[Due], holds: holding.Holds, now: datetime) -> None:
    """Plan what follows a breach, or its last repeat, by the rules that were copied at the opening."""
    planned = []
    for due in _running([due for due in dues if KINDS.get(due.stage) != WARNED], now):
        following = rules.next_again(
            due.ladder,
            kind=due.kind,
            severity=due.severity,
            lane=due.lane,
            stage=due.stage,
            due_at=due.due_at,
        )
        if following is not None:
            stage, at = following
            # Somebody has it: the next repeat comes when their acknowledgement ends.
            at = holding.covering(holds, due.escalation_id, at) or at
            planned.append((due.clock_id, due.cycle, stage, at, at, "", ""))
    names = ("clock_id", "cycle", "stage", "due_at", "wake_at", "fired_by", "cancel_reason")
    rows.insert_values(Deadline, names, planned)


def _running(broken: list[Due], now: datetime) -> list[Due]:
    """Without those whose clock has ended since: a row that could not be recorded in time may be so late."""
    late = {due.clock_id for due in broken if now - due.due_at > LATE}
    if not late:
        return broken
    ends = ClockEvent.objects.filter(clock_id__in=late, kind__in=[STOPPED, CANCELLED, REOPENED])
    last = {(clock_id, cycle): kind for clock_id, cycle, kind in ends.order_by("pk").values_list(*_OF_END)}
    return [due for due in broken if last.get((due.clock_id, due.cycle), REOPENED) == REOPENED]


_ENTRY = (
    "engagement_id", "phrase", "at", "recorded_at", "kind", "audience", "params", "text", "actor_id", "actor_name",
    "subject_type", "subject_id",
)  # fmt: skip


def _is_on_timeline(due: Due) -> bool:
    return due.stage == BREACH or (due.stage in STAGES and due.kind in WARNED_ALOUD)


def _entry(due: Due, now: datetime, by) -> tuple:
    """A row of the timeline; past `timeline.draft`, for making a model of each took longer than writing it."""
    params = {
        "reference": due.reference,
        "title": due.title,
        "severity": catalog.severities()[due.severity]["label"],
        "level": catalog.level_label(due.lane, due.level),
        "percent": STAGES[due.stage],
        "due": {"at": due.breach_due_at.isoformat()},
    }
    prefix = "" if due.kind == Clock.Kind.FIRST_RESPONSE else f"{due.kind}_"
    # How long something lies inside AWS is not for customers.
    is_inside = due.kind == Clock.Kind.LEVEL and catalog.is_internal(due.level)
    return (
        due.engagement.pk,
        f"escalation.{prefix}{'breached' if due.stage == BREACH else 'warned'}",
        due.due_at,
        now,
        TimelineEntry.Kind.SYSTEM.value,
        (TimelineEntry.Audience.AWS if is_inside else TimelineEntry.Audience.ALL).value,
        params,
        "",
        by.pk,
        by.name,
        "escalation",
        due.escalation_id,
    )
