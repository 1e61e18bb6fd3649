"""Was each promise kept, and how long did it take? Folded from the events of one clock, cycle by cycle.

Pure: standard library only, no current time. Nothing here is counted up while things happen, so a figure can
be read again on any day and says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from escalation import clock as pure
from escalation.events import STARTED, Event
from escalation.hours import Calendar

MET, MISSED, OPEN = pure.MET, pure.MISSED, "open"
# Ended without a verdict: nothing was promised, or the clock was cancelled before its deadline.
UNJUDGED = "unjudged"
# The time of the case was wrong: the cycle that follows is the promise, and this one a slip.
REPLACED = "replaced"
FIRST_RESPONSE, LEVEL_STAGE = "first_response", "level"
# Ways in which the clock of updates stops although the customer heard nothing.
_UNHEARD = frozenset(("update", label) for label in ("resolved", "reopened", "severity"))


@dataclass(frozen=True, slots=True)
class Promise:
    """One cycle of one clock. Instants are aware UTC, spans whole seconds of the clock's own hours."""

    clock: int
    cycle: int
    kind: str
    severity: str  # under which it stood last; empty where the promise has none
    level: int | None  # of the time in level only
    outcome: str
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    target_s: int | None
    used_s: int
    net_s: int  # without waiting for the customer
    is_answered: bool  # it ended because what was promised came, in time or late

    @property
    def key(self) -> str:
        """What a form calls it."""
        return f"{self.clock}-{self.cycle}"

    @property
    def is_missed(self) -> bool:
        """Is it a breach that stands? Then its cause is asked for."""
        return self.outcome == MISSED

    @property
    def late_s(self) -> int | None:
        """By how much the target was overrun, in seconds; None while it is kept."""
        return max(self.used_s - self.target_s, 0) if self.is_missed and self.target_s is not None else None


def promises(
    clock: int,
    kind: str,
    calendar: Calendar,
    cycles: Mapping[int, Sequence[Event]],
    now: datetime,
) -> list[Promise]:
    """Every promise of one clock in the order of its cycles, judged at `now`."""
    states = [(cycle, pure.fold(events, calendar), events) for cycle, events in sorted(cycles.items())]
    begun = [one for one in states if one[1].started_at is not None]
    following = [*(two for _one, two in pairwise(begun)), None]
    return [
        _promise(clock, kind, cycle, state, events, now, is_replaced=_is_replaced(kind, state, after))
        for (cycle, state, events), after in zip(begun, following, strict=True)
    ]


def _is_replaced(kind: str, state: pure.State, after) -> bool:
    """A first answer is owed once per case: a cycle that the next one overlaps was a slip in the time of the case."""
    if kind != FIRST_RESPONSE or after is None:
        return False
    return state.stopped_at is None or after[1].started_at < state.stopped_at


def _promise(clock, kind, cycle, state: pure.State, events, now: datetime, *, is_replaced: bool) -> Promise:
    used = pure.elapsed(state, now)
    return Promise(
        clock=clock,
        cycle=cycle,
        kind=kind,
        severity=state.targets[-1].label if state.targets else "",
        level=_level(events),
        outcome=REPLACED if is_replaced else _outcome(state),
        started_at=state.started_at,
        due_at=pure.due_at(state),
        stopped_at=state.stopped_at,
        breached_at=None if state.is_corrected else state.breached_at,
        target_s=None if state.target is None else _seconds(state.target),
        used_s=_seconds(used),
        net_s=_seconds(pure.net(state, now)) if state.waits else _seconds(used),
        is_answered=state.status == pure.ENDED
        and not is_replaced
        and (kind, state.stop_label) not in _UNHEARD,
    )


def _outcome(state: pure.State) -> str:
    verdict = pure.verdict(state)
    if verdict is not None:
        return verdict
    return UNJUDGED if state.is_over or state.target is None else OPEN


def _level(events: Iterable[Event]) -> int | None:
    stage = next((event.stage for event in events if event.kind == STARTED), "")
    number = stage.removeprefix(LEVEL_STAGE)
    return int(number) if stage.startswith(LEVEL_STAGE) and number.isdigit() else None


def longest_silence(since: datetime, heard: Iterable[datetime], until: datetime) -> timedelta:
    """The longest stretch between `since` and `until` in which the customer heard nothing."""
    inside = sorted(at for at in heard if since < at < until)
    return max((later - earlier for earlier, later in pairwise([since, *inside, until])), default=timedelta())


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
