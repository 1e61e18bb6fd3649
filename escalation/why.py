"""Why is a deadline where it is, and when did its clock run? Parts and spans that pages put into words.

Pure: standard library only, no current time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from escalation.clock import BREACH, RESTING, Segment, State, Target, due_at
from escalation.hours import ALWAYS

# What a stretch of the strip is.
RAN, PAUSED, CLOSED, RESTED, LATE, AHEAD = "running", "paused", "closed", "rested", "late", "ahead"
# A strip is a picture: more closed nights than this would be hairlines, and are left out of it.
MOST_SPANS = 60


@dataclass(frozen=True)
class Span:
    """One stretch of a strip; `percent` is its share of the whole length. The percents of a strip add up to 100."""

    kind: str
    since: datetime
    to: datetime
    percent: float
    label: str = ""
    reason: str = ""


def explain(state: State) -> list[dict]:
    """The parts of the reason, in reading order; a page turns each into a sentence.

    Parts: start {at}, target {minutes, label}, hours {kind, zone, opens, closes}, held {since, to, label, reason},
    was {minutes, label, until, reason}, due {at}. Without a target: start and free {label}.
    """
    if state.started_at is None:
        return []
    start = {"part": "start", "at": state.started_at}
    current = state.targets[-1]
    was = [_was(old, new) for old, new in pairwise(state.targets)]
    if current.target is None:
        return [start, {"part": "free", "label": current.label}, *was]
    hours = {key: value for key, value in state.calendar.as_json().items() if key != "holidays"}
    held = [segment for segment in state.segments if not segment.is_running]
    return [
        start,
        {"part": "target", "minutes": _minutes(current.target), "label": current.label},
        {"part": "hours", **hours},
        *(_held(row) for row in held),
        *was,
        {"part": "due", "at": due_at(state)},
    ]


def spans(state: State, now: datetime) -> list[Span]:
    """Running, paused and closed stretches from the start to the stop, or to the deadline or `now`, the later one.

    Empty before the start. What lies after the deadline is "late", what lies ahead of `now` is "ahead".
    """
    if state.started_at is None:
        return []
    due = due_at(state, BREACH)
    reached = min(now, state.stopped_at) if state.stopped_at else now
    end = reached if state.is_over or due is None else max(reached, due)
    length = (end - state.started_at).total_seconds()
    if length <= 0:
        return []
    cuts = list(_cut(state, reached, end, due))
    return [
        Span(kind, since, to, 100 * (to - since).total_seconds() / length, segment.label, segment.reason)
        for kind, since, to, segment in cuts
    ]


def _cut(state: State, reached: datetime, end: datetime, due: datetime | None) -> Iterator[tuple]:
    """Stretches without gaps from the start to the end, cut where their kind changes."""
    count = 0
    for segment in state.segments:
        last = min(segment.to or end, end)
        for kind, since, to in _stretches(state, segment, last):
            count += 1
            if since >= to:
                continue
            marks = [mark for mark in (due, reached) if mark and since < mark < to]
            for begin, finish in pairwise([since, *sorted(set(marks)), to]):
                yield _kind(kind, begin, reached, due), begin, finish, segment
            if count > MOST_SPANS and to < last:
                yield _kind(RAN, to, reached, due), to, last, segment
                break


def _stretches(state: State, segment: Segment, last: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    if not segment.is_running:
        yield (RESTED if segment.reason == RESTING else PAUSED), segment.since, last
        return
    if state.calendar.kind == ALWAYS:
        yield RAN, segment.since, last
        return
    at = segment.since
    for opened, closed in state.calendar.openings(segment.since):
        if opened >= last:
            break
        yield CLOSED, at, min(opened, last)
        yield RAN, max(opened, at), min(closed, last)
        at = min(closed, last)
    yield CLOSED, at, last


def _kind(kind: str, since: datetime, reached: datetime, due: datetime | None) -> str:
    if since >= reached and kind == RAN:
        return AHEAD
    return LATE if kind == RAN and due is not None and since >= due else kind


def _held(segment: Segment) -> dict:
    return {
        "part": "held",
        "since": segment.since,
        "to": segment.to,
        "label": segment.label,
        "reason": segment.reason,
    }


def _was(old: Target, new: Target) -> dict:
    return {
        "part": "was",
        "minutes": None if old.target is None else _minutes(old.target),
        "label": old.label,
        "until": new.since,
        "reason": new.reason,
    }


def _minutes(target: timedelta) -> int:
    return round(target.total_seconds() / 60)
