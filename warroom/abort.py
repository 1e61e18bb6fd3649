"""How long would it take to turn back now, and until when may one? Pure: standard library only, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from warroom.forecast import forward_pass
from warroom.plan import Abort, StepFact, whole_minutes


def path_length_min(steps: Iterable[StepFact]) -> int:
    """Minutes from the first start to the last end when nothing but the predecessors is waited for."""
    at = datetime(2000, 1, 1, tzinfo=UTC)  # any instant: only differences count
    bare = [
        replace(s, offset_min=0, status="planned", actual_start_at=None, actual_end_at=None,
                is_fixed_start=False, fixed_start_at=None, must_end_at=None)
        for s in steps
    ]  # fmt: skip
    result = forward_pass(bare, t0=at, now=at)
    return max((whole_minutes(seen.end_at - at) for seen in result.values()), default=0)


def rollback_min(rollback: Iterable[StepFact], undone_by: Mapping[str, bool]) -> int:
    """How long the rollback would take at this step: what undoes only steps not yet begun takes no time.

    `undone_by` says for each code of the rollback that a step names as its undo, whether such a step began.
    """
    needed = [s if undone_by.get(s.code, True) else replace(s, planned_min=0) for s in rollback]
    return path_length_min(needed)


def abort_of(*, window_end: datetime, rollback_total_min: int, margin: timedelta, now: datetime) -> Abort:
    """The latest safe abort: end of the window, less the rollback, less the safety margin."""
    latest_at = window_end - timedelta(minutes=rollback_total_min) - margin
    left = (latest_at - now).total_seconds() / 60
    return Abort(rollback_total_min, latest_at, int(left // 1))
