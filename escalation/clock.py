"""What does a response clock say, and why? Folded from its events alone.

Pure: standard library only, no current time. A clock has no counter: elapsed time is computed from the segments
between its events, so replaying the events gives the same answer on any day.

Rules (planning workbook 5.5, AWS Support user guide):
- AWS's first-response clock starts with the case, not with the detection, and AWS documents no pause for it.
- Warnings at 50 % and 80 % of the target, breach at 100 %. A breach is a fact with a time and is never removed.
- Severity up or down: due = original start + new target. Up may breach at once; the old target stays in history.
- An answer at the very instant of the deadline is late: the engine fires what is due at or before now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from escalation.hours import ZERO, Calendar

# Event kinds. `warned` and `breached` are dated at their deadline, not when somebody noticed.
STARTED, PAUSED, RESUMED, TARGET_CHANGED = "started", "paused", "resumed", "target_changed"
STOPPED, STOP_MOVED, CANCELLED = "stopped", "stop_moved", "cancelled"
WARNED, BREACHED = "warned", "breached"

# Stages of one target: code → percent of the target.
WARN_50, WARN_80, BREACH = "warn50", "warn80", "breach"
STAGES: Mapping[str, int] = {WARN_50: 50, WARN_80: 80, BREACH: 100}

IDLE, RUNNING, HELD, ENDED, VOID = "idle", "running", "paused", "stopped", "cancelled"
MET, MISSED = "met", "missed"


@dataclass(frozen=True)
class Event:
    """One line of a clock's log. `at` is when it took effect, which may be before it was written down."""

    kind: str
    at: datetime
    target_s: int | None = None  # started, target_changed
    moved_to: datetime | None = None  # stop_moved
    stage: str = ""  # warned, breached
    label: str = ""  # severity behind a target, or the way of the answer
    reason: str = ""


@dataclass(frozen=True)
class Segment:
    """A stretch during which the clock ran or was held; `to` None is still going on."""

    since: datetime
    to: datetime | None
    is_running: bool
    reason: str = ""


@dataclass(frozen=True)
class Target:
    """A promise that held from `since` on; only the last one of a clock is in force."""

    since: datetime
    target: timedelta
    label: str
    reason: str = ""


@dataclass(frozen=True)
class State:
    """All that the events say. Instants are aware UTC."""

    calendar: Calendar = field(default_factory=Calendar)
    status: str = IDLE
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_label: str = ""
    breached_at: datetime | None = None
    is_corrected: bool = False
    fired: Mapping[str, datetime] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def target(self) -> timedelta | None:
        """The target in force, or None before the start."""
        return self.targets[-1].target if self.targets else None

    @property
    def is_over(self) -> bool:
        """Has the clock stopped for good?"""
        return self.status in (ENDED, VOID)


def fold(events: Iterable[Event], calendar: Calendar) -> State:
    """The clock after these events. Their order in the list decides only between equal instants."""
    state = State(calendar=calendar)
    for event in _in_effect(list(events)):
        state = _HANDLERS[event.kind](state, event)
    return state


def elapsed(state: State, now: datetime) -> timedelta:
    """Working time used up at `now`; never runs backwards and never past the stop."""
    if state.started_at is None:
        return ZERO
    until = min(now, state.stopped_at) if state.stopped_at else now
    total = ZERO
    for segment in state.segments:
        if segment.is_running:
            end = until if segment.to is None else min(segment.to, until)
            total += state.calendar.elapsed(segment.since, end)
    return total


def remaining(state: State, now: datetime) -> timedelta | None:
    """Working time left of the target at `now`, negative when overdue; None before the start."""
    return None if state.target is None else state.target - elapsed(state, now)


def due_at(state: State, stage: str = BREACH) -> datetime | None:
    """When this stage is due, or None: not started, or held before that share of the target was used."""
    if state.target is None:
        return None
    left = state.target * STAGES[stage] / 100
    for segment in state.segments:
        if not segment.is_running:
            continue
        if segment.to is None:
            return state.calendar.add(segment.since, left)
        used = state.calendar.elapsed(segment.since, segment.to)
        if used >= left:
            return state.calendar.add(segment.since, left)
        left -= used
    return _due_had_it_gone_on(state, left) if state.is_over else None


def dues(state: State) -> dict[str, datetime]:
    """Every stage that has a date, in order of the stages."""
    dated = {stage: due_at(state, stage) for stage in STAGES}
    return {stage: due for stage, due in dated.items() if due is not None}


def due_stages(state: State, now: datetime) -> list[tuple[str, datetime]]:
    """Stages to fire at `now`: dated at or before it, before the stop, and not fired yet; oldest first."""
    if state.status == VOID:
        return []
    last = min(now, state.stopped_at) if state.stopped_at else now
    return [(stage, due) for stage, due in dues(state).items() if due <= last and stage not in state.fired]


def verdict(state: State) -> str | None:
    """Was the promise kept: "met", "missed", or None while it is open (or was cancelled unbroken).

    A recorded breach stands until somebody corrects the time of the answer, with a reason, to before the deadline.
    """
    if state.breached_at and not state.is_corrected:
        return MISSED
    if state.status != ENDED:
        return None
    due = due_at(state)
    return MET if due is None or state.stopped_at < due else MISSED


def explain(state: State) -> list[dict]:
    """Why is the deadline where it is? Parts in reading order; a page turns each into a sentence.

    Parts: start {at}, target {minutes, label}, hours {kind, zone, opens, closes}, held {since, to, reason},
    was {minutes, label, until, reason}, due {at}.
    """
    if state.target is None:
        return []
    current = state.targets[-1]
    hours = {key: value for key, value in state.calendar.as_json().items() if key != "holidays"}
    held = [segment for segment in state.segments if not segment.is_running]
    return [
        {"part": "start", "at": state.started_at},
        {"part": "target", "minutes": _minutes(current.target), "label": current.label},
        {"part": "hours", **hours},
        *({"part": "held", "since": row.since, "to": row.to, "reason": row.reason} for row in held),
        *(_was(old, new) for old, new in pairwise(state.targets)),
        {"part": "due", "at": due_at(state)},
    ]


def with_target(state: State, target: timedelta, *, at: datetime, label: str, reason: str = "") -> State:
    """The same clock under another target: what a preview shows before anybody commits to it."""
    return replace(state, targets=(*state.targets, Target(at, target, label, reason)))


def _was(old: Target, new: Target) -> dict:
    return {
        "part": "was",
        "minutes": _minutes(old.target),
        "label": old.label,
        "until": new.since,
        "reason": new.reason,
    }


def _in_effect(events: list[Event]) -> list[Event]:
    """Events by the instant they took effect; a corrected stop takes effect at its corrected time."""
    corrections = [event for event in events if event.kind == STOP_MOVED]
    others = [event for event in events if event.kind != STOP_MOVED]
    if corrections:
        others = [_moved(event, corrections[-1]) for event in others]
    return sorted(others, key=lambda event: event.at) + corrections[-1:]


def _moved(event: Event, correction: Event) -> Event:
    return replace(event, at=correction.moved_to) if event.kind == STOPPED and correction.moved_to else event


def _start(state: State, event: Event) -> State:
    return replace(
        state,
        status=RUNNING,
        started_at=event.at,
        targets=(
            Target(event.at, timedelta(seconds=event.target_s or 0), event.label, event.reason),
            *state.targets,
        ),
        segments=(Segment(event.at, None, is_running=True),),
    )


def _switch(state: State, event: Event) -> State:
    is_running = event.kind == RESUMED
    if state.status != (HELD if is_running else RUNNING):
        return state
    closed = (*state.segments[:-1], replace(state.segments[-1], to=event.at))
    opened = Segment(event.at, None, is_running, event.reason)
    return replace(state, status=RUNNING if is_running else HELD, segments=(*closed, opened))


def _retarget(state: State, event: Event) -> State:
    return with_target(
        state, timedelta(seconds=event.target_s or 0), at=event.at, label=event.label, reason=event.reason
    )


def _stop(state: State, event: Event) -> State:
    if state.is_over or not state.segments:
        return state
    closed = (*state.segments[:-1], replace(state.segments[-1], to=event.at))
    status = ENDED if event.kind == STOPPED else VOID
    return replace(state, status=status, stopped_at=event.at, stop_label=event.label, segments=closed)


def _correct(state: State, event: Event) -> State:
    due = due_at(state)
    return replace(
        state, is_corrected=due is not None and state.stopped_at is not None and state.stopped_at < due
    )


def _fire(state: State, event: Event) -> State:
    fired = {**state.fired, event.stage: event.at}
    breached_at = event.at if event.kind == BREACHED else state.breached_at
    return replace(state, fired=fired, breached_at=breached_at)


def _due_had_it_gone_on(state: State, left: timedelta) -> datetime | None:
    """A stopped clock still shows what its deadline was; one that ended while held has none."""
    last = state.segments[-1]
    return state.calendar.add(last.to, left) if last.is_running and last.to else None


def _minutes(target: timedelta) -> int:
    return round(target.total_seconds() / 60)


_HANDLERS = {
    STARTED: _start,
    PAUSED: _switch,
    RESUMED: _switch,
    TARGET_CHANGED: _retarget,
    STOPPED: _stop,
    CANCELLED: _stop,
    STOP_MOVED: _correct,
    WARNED: _fire,
    BREACHED: _fire,
}
