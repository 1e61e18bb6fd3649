"""What a clock's log holds, in which order its lines took effect, and what they are folded into.

Pure: standard library only, no current time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Event kinds. `warned` and `breached` are dated at their deadline, not when somebody noticed.
STARTED, PAUSED, RESUMED, TARGET_CHANGED = "started", "paused", "resumed", "target_changed"
STOPPED, STOP_MOVED, CANCELLED, REOPENED = "stopped", "stop_moved", "cancelled", "reopened"
WAITED, WAIT_OVER = "waited", "wait_over"
WARNED, BREACHED, REPEATED = "warned", "breached", "repeated"


@dataclass(frozen=True)
class Event:
    """One line of a clock's log. `at` is when it took effect, which may be before it was written down."""

    kind: str
    at: datetime
    target_s: int | None = None  # started, target_changed
    moved_to: datetime | None = None  # stop_moved
    stage: str = ""  # warned, breached, repeated
    label: str = ""  # severity behind a target, the way of the answer, or the code of a wait
    reason: str = ""
    is_correction: bool = False  # of a stop: its time was corrected, which may undo a breach


@dataclass(frozen=True)
class Segment:
    """A stretch during which the clock ran or was held; `to` None is still going on."""

    since: datetime
    to: datetime | None
    is_running: bool
    reason: str = ""
    label: str = ""


@dataclass(frozen=True)
class Target:
    """A promise that held from `since` on; only the last one of a clock is in force."""

    since: datetime
    target: timedelta | None
    label: str
    reason: str = ""


ENDS = frozenset({STOPPED, CANCELLED})


def in_effect(events: list[Event]) -> list[Event]:
    """Events by the instant they took effect; a corrected stop takes effect at its corrected time.

    A cancelling that was taken back (a wrong merge) never took effect, so that a stop of before it still counts.
    """
    others: list[Event] = []
    corrections: dict[int, Event] = {}
    for event in events:
        if event.kind == STOP_MOVED:
            last = max((index for index, one in enumerate(others) if one.kind == STOPPED), default=None)
            corrections |= {} if last is None else {last: event}
        elif event.kind == REOPENED and (ends := [i for i, one in enumerate(others) if one.kind in ENDS]):
            if others[ends[-1]].kind == CANCELLED:
                del others[ends[-1]]
            else:
                others.append(event)
        else:
            others.append(event)
    for index, correction in corrections.items():
        moved_to = correction.moved_to or others[index].at
        others[index] = replace(others[index], at=moved_to, is_correction=True)
    return sorted(others, key=lambda event: event.at)
