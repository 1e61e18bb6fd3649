"""What does a clock say? Folded from its events alone.

Pure: standard library only, no current time. A clock has no counter: elapsed time is computed from the segments
between its events, so replaying the events gives the same answer on any day.

Rules (planning workbook 5.5, AWS Support user guide):
- AWS's first-response clock starts with the case, not with the detection, and AWS documents no pause for it.
- Warnings at 50 % and 80 % of the target, breach at 100 %. A breach is a fact with a time and is never removed.
- Severity up or down: due = original start + new target. Up may breach at once; the old target stays in history.
- An answer at the very instant of the deadline is late: the engine fires what is due at or before now.
- A clock may run without a target, such as the time in the last level: it is shown, and nothing is due.
- The time to restore never pauses; waiting for the customer is marked on it, so that it reads gross and net.
- Reopening continues a clock that had stopped; what lay between does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from escalation.events import (
    BREACHED,
    CANCELLED,
    PAUSED,
    REOPENED,
    REPEATED,
    RESUMED,
    STARTED,
    STOPPED,
    TARGET_CHANGED,
    WAIT_OVER,
    WAITED,
    WARNED,
    Event,
    Segment,
    Target,
    in_effect,
)
from escalation.events import (
    STOP_MOVED as STOP_MOVED,
)
from escalation.hours import ZERO, Calendar

# Stages of one target: code → percent of the target.
WARN_50, WARN_80, BREACH = "warn50", "warn80", "breach"
STAGES: Mapping[str, int] = {WARN_50: 50, WARN_80: 80, BREACH: 100}

# Reason of the stretch between the stop and the reopening.
RESTING = "resting"

IDLE, RUNNING, HELD, ENDED, VOID = "idle", "running", "paused", "stopped", "cancelled"
MET, MISSED = "met", "missed"


@dataclass(frozen=True)
class State:
    """All that the events say. Instants are aware UTC."""

    calendar: Calendar = field(default_factory=Calendar)
    status: str = IDLE
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    stop_label: str = ""
    breached_at: datetime | None = None
    is_moved: bool = False  # the time of the stop was corrected
    fired: Mapping[str, datetime] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    segments: tuple[Segment, ...] = ()
    # Stretches of waiting for the customer on a clock that runs on.
    waits: tuple[Segment, ...] = ()

    @property
    def target(self) -> timedelta | None:
        """The target in force, or None before the start and where nothing is promised."""
        return self.targets[-1].target if self.targets else None

    @property
    def is_corrected(self) -> bool:
        """Did a corrected time of the stop undo the breach that is on record?"""
        stopped_at = self.stopped_at if self.is_moved else None
        return stopped_at is not None and undoes_breach(self, stopped_at)

    @property
    def is_over(self) -> bool:
        """Has the clock stopped for good?"""
        return self.status in (ENDED, VOID)


def fold(events: Iterable[Event], calendar: Calendar) -> State:
    """The clock after these events. Their order in the list decides only between equal instants."""
    state = State(calendar=calendar)
    for event in in_effect(list(events)):
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


def net(state: State, now: datetime) -> timedelta:
    """`elapsed` without the stretches marked as waiting for the customer."""
    until = min(now, state.stopped_at) if state.stopped_at else now
    waited = ZERO
    for wait in state.waits:
        for segment in state.segments:
            if segment.is_running:
                ends = [one for one in (wait.to, segment.to, until) if one]
                waited += state.calendar.elapsed(max(wait.since, segment.since), min(ends))
    return elapsed(state, now) - waited


def remaining(state: State, now: datetime) -> timedelta | None:
    """Working time left of the target at `now`, negative when overdue; None without a target."""
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


def begun_at(state: State) -> datetime | None:
    """When its present stretch of work began: the start, or the last reopening. It cannot end before that."""
    rests = [one.to for one in state.segments if one.reason == RESTING and one.to]
    return rests[-1] if rests else state.started_at


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
    if state.status != ENDED or state.target is None:
        return None
    due = due_at(state)
    return MET if due is None or state.stopped_at < due else MISSED


def undoes_breach(state: State, at: datetime) -> bool:
    """Would a stop at `at` have come before the breach that is on record?"""
    return state.breached_at is not None and at < state.breached_at


def with_target(
    state: State, target: timedelta | None, *, at: datetime, label: str, reason: str = ""
) -> State:
    """The same clock under another target: what a preview shows before anybody commits to it."""
    return replace(state, targets=(*state.targets, Target(at, target, label, reason)))


def _seconds(event: Event) -> timedelta | None:
    return None if event.target_s is None else timedelta(seconds=event.target_s)


def _start(state: State, event: Event) -> State:
    return replace(
        state,
        status=RUNNING,
        started_at=event.at,
        targets=(
            Target(event.at, _seconds(event), event.label, event.reason),
            *state.targets,
        ),
        segments=(Segment(event.at, None, is_running=True),),
    )


def _switch(state: State, event: Event) -> State:
    is_running = event.kind == RESUMED
    if state.status != (HELD if is_running else RUNNING):
        return state
    closed = (*state.segments[:-1], replace(state.segments[-1], to=event.at))
    opened = Segment(event.at, None, is_running, event.reason, event.label)
    return replace(state, status=RUNNING if is_running else HELD, segments=(*closed, opened))


def _retarget(state: State, event: Event) -> State:
    return with_target(state, _seconds(event), at=event.at, label=event.label, reason=event.reason)


def _stop(state: State, event: Event) -> State:
    if state.is_over or not state.segments:
        return state
    closed = (*state.segments[:-1], replace(state.segments[-1], to=event.at))
    status = ENDED if event.kind == STOPPED else VOID
    return replace(
        state,
        status=status,
        stopped_at=event.at,
        stop_label=event.label,
        segments=closed,
        is_moved=state.is_moved or event.is_correction,
    )


def _reopen(state: State, event: Event) -> State:
    if not state.is_over or not state.segments:
        return state
    rested = Segment(state.stopped_at, event.at, is_running=False, reason=RESTING)
    segments = (*state.segments, rested, Segment(event.at, None, is_running=True))
    return replace(
        state,
        status=RUNNING,
        stopped_at=None,
        stop_label="",
        segments=segments,
        # What a correction undid does not come back; the log keeps it.
        breached_at=None if state.is_corrected else state.breached_at,
        is_moved=False,
    )


def _wait(state: State, event: Event) -> State:
    is_open = bool(state.waits) and state.waits[-1].to is None
    if event.kind == WAITED and not is_open:
        wait = Segment(event.at, None, is_running=False, reason=event.reason, label=event.label)
        return replace(state, waits=(*state.waits, wait))
    if event.kind == WAIT_OVER and is_open:
        return replace(state, waits=(*state.waits[:-1], replace(state.waits[-1], to=event.at)))
    return state


def _fire(state: State, event: Event) -> State:
    fired = {**state.fired, event.stage: event.at}
    breached_at = event.at if event.kind == BREACHED else state.breached_at
    return replace(state, fired=fired, breached_at=breached_at)


def _due_had_it_gone_on(state: State, left: timedelta) -> datetime | None:
    """A stopped clock still shows what its deadline was; one that ended while held has none."""
    last = state.segments[-1]
    return state.calendar.add(last.to, left) if last.is_running and last.to else None


_HANDLERS = {
    STARTED: _start,
    PAUSED: _switch,
    RESUMED: _switch,
    TARGET_CHANGED: _retarget,
    STOPPED: _stop,
    CANCELLED: _stop,
    REOPENED: _reopen,
    WAITED: _wait,
    WAIT_OVER: _wait,
    WARNED: _fire,
    BREACHED: _fire,
    REPEATED: _fire,
}
