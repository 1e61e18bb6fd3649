"""When will the runbook end, how far ahead or behind is it, and how much downtime is used?

Pure: standard library only, no clock. All instants are aware UTC, all lengths are minutes. The rules are
those of the planning workbook's runbook model: a forward pass over the graph gives the forecast, a
backward pass from the end of the window gives the slack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from warroom.plan import (
    CLOSED,
    DROPPED,
    Abort,
    Downtime,
    Forecast,
    PredecessorCycle,
    StepFact,
    StepForecast,
    topological,
    waiting,
    whole_minutes,
)
from warroom.slack import backward_pass, critical_path, floor_of

__all__ = [
    "CLOSED",
    "Abort",
    "Downtime",
    "Forecast",
    "PredecessorCycle",
    "StepFact",
    "StepForecast",
    "forecast",
    "forward_pass",
    "topological",
    "waiting",
    "whole_minutes",
]


def _interval(
    step: StepFact, base: datetime, now: datetime, floor_at: datetime | None
) -> tuple[datetime, datetime]:
    """Forecast start and end of one step; what has happened is never forecast again."""
    length = timedelta(minutes=step.planned_min)
    if step.status in DROPPED:
        at = step.actual_end_at or floor_at or base
        return step.actual_start_at or at, max(at, step.actual_start_at or at)
    if step.actual_end_at and step.actual_start_at:
        return step.actual_start_at, step.actual_end_at
    if step.actual_start_at:
        return step.actual_start_at, max(step.actual_start_at + length, now)
    floors = [now]
    if floor_at is None or step.is_fixed_start:
        floors.append(base)
    floors += [at for at in (floor_at, step.fixed_start_at) if at]
    return max(floors), max(floors) + length


def forward_pass(steps: Iterable[StepFact], *, t0: datetime, now: datetime) -> dict[str, StepForecast]:
    """Forecast every step: earliest start is the latest of predecessors (with lag), a fixed start, and now."""
    steps = list(steps)
    facts = {step.code: step for step in steps}
    result: dict[str, StepForecast] = {}
    for step in topological(steps):
        planned = t0 + timedelta(minutes=step.offset_min)
        start, end = _interval(step, planned, now, floor_of(step, result))
        waits_for = waiting(step, facts, now)
        is_early = step.fixed_start_at is not None and now < step.fixed_start_at
        result[step.code] = StepForecast(
            code=step.code,
            planned_start_at=planned,
            planned_end_at=planned + timedelta(minutes=step.planned_min),
            start_at=start,
            end_at=end,
            is_ready=step.status == "planned" and not waits_for and not is_early,
            waits_for=waits_for,
            must_end_at=step.must_end_at,
        )
    return result


def downtime_of(
    steps: Iterable[StepFact],
    forecasts: Mapping[str, StepForecast],
    *,
    now: datetime,
    budget_min: int | None,
    outage_started_at: datetime | None = None,
) -> Downtime | None:
    """The outage clock: from the actual start of the step that starts it to the end of the one that ends it.

    `outage_started_at` is for plans that find an outage already there, such as a rollback.
    """
    steps = list(steps)
    first = next((s for s in steps if s.downtime == "starts"), None)
    last = next((s for s in steps if s.downtime == "ends"), None)
    if last is None or (first is None and outage_started_at is None):
        return None
    started_at = outage_started_at or (first.actual_start_at if first else None)
    ended_at = last.actual_end_at if last.status == "done" else None
    used = whole_minutes((ended_at or now) - started_at) if started_at else 0
    length = forecasts[last.code].end_at - (started_at or forecasts[first.code].start_at)
    return Downtime(started_at, ended_at, max(used, 0), max(whole_minutes(length), 0), budget_min)


def forecast(
    steps: Iterable[StepFact],
    *,
    t0: datetime,
    now: datetime,
    downtime_budget_min: int | None = None,
    window_end: datetime | None = None,
    outage_started_at: datetime | None = None,
    abort: Abort | None = None,
) -> Forecast:
    """Forecast a runbook at `now`; slack and criticality are told when `window_end` is given.

    The end, and how late it is, are those of the chain that hangs on its predecessors: a step with a
    fixed start (keep the source three more days) would hide every delay before it.
    """
    steps = list(steps)
    facts = {step.code: step for step in steps}
    result = forward_pass(steps, t0=t0, now=now)
    floating = [s.code for s in steps if not s.is_fixed_start] or [s.code for s in steps]
    end_at = max((result[code].end_at for code in floating), default=None)
    planned_end_at = max((result[code].planned_end_at for code in floating), default=None)
    late_min = whole_minutes(end_at - planned_end_at) if end_at and planned_end_at else 0
    if floating:
        last = max(floating, key=lambda code: result[code].end_at)
        result = _judged(steps, result, window_end, critical_path(facts, result, last))
    order = tuple(
        sorted(result, key=lambda code: (result[code].start_at, result[code].planned_start_at, code))
    )
    downtime = downtime_of(
        steps, result, now=now, budget_min=downtime_budget_min, outage_started_at=outage_started_at
    )
    critical = tuple(code for code in order if result[code].is_critical)
    return Forecast(result, planned_end_at, end_at, late_min, downtime, order, critical, abort)


def _judged(steps, result, window_end: datetime | None, path: set[str]) -> dict[str, StepForecast]:
    """The forecasts with slack, and marked as critical when they set the end or have no slack left."""
    slack = backward_pass(steps, result, window_end=window_end) if window_end else {}
    # A step fixed to a time after the window has no slack by its nature; it counts once it is late.
    beyond = {
        s.code
        for s in steps
        if s.is_fixed_start and window_end and result[s.code].planned_end_at > window_end
    }
    return {
        code: replace(
            seen,
            slack_min=int(slack[code].total_seconds() // 60) if code in slack else None,
            is_critical=code in path or _is_tight(slack.get(code), is_beyond=code in beyond),
        )
        for code, seen in result.items()
    }


def _is_tight(slack: timedelta | None, *, is_beyond: bool) -> bool:
    """Whether no slack is left."""
    zero = timedelta(0)
    return slack is not None and (slack < zero or (slack == zero and not is_beyond))
