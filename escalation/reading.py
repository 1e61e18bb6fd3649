"""What do pages and the report need to know about escalations? Read with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, zip_longest

from django.db.models import QuerySet

from engagements.models import Engagement
from escalation import clock as pure
from escalation import hours, planning
from escalation.models import Clock, ClockEvent, Escalation, Hop

# What a clock looks like: on time, due soon (80 % used), late, kept, cancelled, held.
OK, WATCH, BAD, DONE, VOID, HELD = "ok", "watch", "bad", "done", "void", "hold"


@dataclass(frozen=True)
class ClockFace:
    """One clock as it stands at one instant. Instants are aware UTC; durations are working time."""

    kind: str
    status: str  # running, paused, stopped, cancelled
    look: str  # ok, watch, bad, done, void, hold
    verdict: str | None  # met, missed or None
    started_at: datetime
    due_at: datetime | None
    watch_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    is_corrected: bool
    target_min: int
    used: timedelta
    left: timedelta
    percent: int
    parts: list[dict]

    @property
    def is_running(self) -> bool:
        """Does it still tick?"""
        return self.status == pure.RUNNING


@dataclass(frozen=True)
class LevelTime:
    """One hop of the path with the time spent there, up to `left_at` or now."""

    hop: Hop
    left_at: datetime | None
    spent: timedelta


@dataclass(frozen=True)
class Story:
    """An escalation with its clock folded and its path measured. Minutes are whole, None when unknown."""

    escalation: Escalation
    clock: ClockFace | None
    path: list[LevelTime]
    to_declare_min: int | None
    to_case_min: int | None
    to_answer_min: int | None
    to_restore_min: int | None


def of_engagement(engagement: Engagement, now: datetime) -> list[Story]:
    """Every escalation of the engagement, oldest first. Four queries."""
    return stories(Escalation.objects.filter(engagement=engagement).order_by("number"), now)


def open_of_engagement(engagement_id: int, now: datetime) -> list[Story]:
    """The escalations somebody still works on, the next deadline first. Four queries."""
    rows = Escalation.objects.filter(engagement=engagement_id, resolved_at__isnull=True).order_by("number")
    return sorted(stories(rows, now), key=_urgency)


def one(escalation: Escalation, now: datetime) -> Story:
    """One escalation. Four queries."""
    return stories(Escalation.objects.filter(pk=escalation.pk), now)[0]


def stories(rows: QuerySet[Escalation], now: datetime) -> list[Story]:
    """These escalations in their order, with clocks folded at `now`."""
    found = rows.select_related("engagement").prefetch_related("clocks__events", "hops")
    return [_story(escalation, now) for escalation in found]


def face(clock: Clock, now: datetime, events: Iterable[ClockEvent] | None = None) -> ClockFace | None:
    """The clock at `now`; None before its start."""
    state = pure.fold(planning.events_of(clock, events), hours.from_json(clock.calendar))
    if state.started_at is None:
        return None
    used = pure.elapsed(state, now)
    verdict = pure.verdict(state)
    return ClockFace(
        kind=clock.kind,
        status=state.status,
        look=_look(state, verdict, now),
        verdict=verdict,
        started_at=state.started_at,
        due_at=pure.due_at(state),
        watch_at=pure.due_at(state, pure.WARN_80),
        stopped_at=state.stopped_at,
        breached_at=state.breached_at,
        is_corrected=state.is_corrected,
        target_min=round(state.target.total_seconds() / 60),
        used=used,
        left=state.target - used,
        percent=min(round(used / state.target * 100), 999),
        parts=pure.explain(state) + _corrections(clock),
    )


def _look(state: pure.State, verdict: str | None, now: datetime) -> str:
    if verdict == pure.MISSED:
        return BAD
    if state.is_over:
        return DONE if verdict == pure.MET else VOID
    if state.status == pure.HELD:
        return HELD
    # The deadline counts, not the record of it: the engine may be a moment behind.
    if pure.due_at(state) <= now:
        return BAD
    return WATCH if pure.due_at(state, pure.WARN_80) <= now else OK


def _corrections(clock: Clock) -> list[dict]:
    """Earlier starts of the case that somebody corrected: part "corrected" {from, reason}."""
    starts = [event for event in clock.events.all() if event.kind == pure.STARTED]
    return [
        {"part": "corrected", "from": old.at, "to": new.at, "reason": new.reason}
        for old, new in pairwise(starts)
    ]


def _story(escalation: Escalation, now: datetime) -> Story:
    clocks = {clock.kind: clock for clock in escalation.clocks.all()}
    first = clocks.get(Clock.Kind.FIRST_RESPONSE)
    return Story(
        escalation=escalation,
        clock=face(first, now) if first else None,
        path=_path(escalation, now),
        to_declare_min=_minutes(escalation.detected_at, escalation.declared_at),
        to_case_min=_minutes(escalation.declared_at, escalation.case_opened_at),
        to_answer_min=_minutes(escalation.case_opened_at, escalation.answered_at),
        to_restore_min=_minutes(escalation.detected_at, escalation.restored_at),
    )


def _path(escalation: Escalation, now: datetime) -> list[LevelTime]:
    hops = list(escalation.hops.all())
    path = []
    for hop, following in zip_longest(hops, hops[1:]):
        left_at = following.entered_at if following else escalation.resolved_at
        path.append(LevelTime(hop, left_at, (left_at or now) - hop.entered_at))
    return path


def _urgency(story: Story) -> tuple:
    """Running clocks first, the next deadline first; then by number."""
    due = story.clock.due_at if story.clock and story.clock.is_running else None
    return (due is None, due.timestamp() if due else 0, story.escalation.number)


def _minutes(since: datetime | None, until: datetime | None) -> int | None:
    return round((until - since).total_seconds() / 60) if since and until else None
