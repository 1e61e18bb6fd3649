"""When will the runbook end, how far ahead or behind is it, and how much downtime is used?

Pure: standard library only, no clock. All instants are aware UTC, all lengths are minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CLOSED = frozenset({"done", "skipped"})


class PredecessorCycle(ValueError):
    """The steps wait for each other in a ring; `codes` names the ones that can never start."""

    def __init__(self, codes: list[str]):
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True)
class StepFact:
    """What the forecast needs to know about one step."""

    code: str
    offset_min: int
    planned_min: int
    predecessors: tuple[str, ...] = ()
    is_fixed_start: bool = False
    status: str = "planned"  # planned running done skipped blocked
    actual_start_at: datetime | None = None
    actual_end_at: datetime | None = None
    downtime: str = "none"  # none starts inside ends


@dataclass(frozen=True)
class StepForecast:
    """Where one step stands: plan, forecast (the actual once it happened) and delay."""

    code: str
    planned_start_at: datetime
    planned_end_at: datetime
    start_at: datetime
    end_at: datetime
    is_ready: bool
    waits_for: tuple[str, ...]

    @property
    def late_min(self) -> int:
        """Whole minutes the forecast (or actual) end is after the planned end; negative is early."""
        return whole_minutes(self.end_at - self.planned_end_at)

    @property
    def early_min(self) -> int:
        """Whole minutes the forecast (or actual) end is before the planned end; negative is late."""
        return -self.late_min

    @property
    def start_late_min(self) -> int:
        """Whole minutes the forecast (or actual) start is after the planned start."""
        return whole_minutes(self.start_at - self.planned_start_at)


@dataclass(frozen=True)
class Downtime:
    """How much of the agreed outage is used: minutes so far, and when it is forecast to end."""

    started_at: datetime | None
    ended_at: datetime | None
    used_min: int
    forecast_min: int
    budget_min: int | None

    @property
    def is_over(self) -> bool:
        """True when the forecast outage is longer than the budget."""
        return self.budget_min is not None and self.forecast_min > self.budget_min


@dataclass(frozen=True)
class Forecast:
    """The whole runbook at one instant."""

    steps: Mapping[str, StepForecast]
    planned_end_at: datetime | None
    end_at: datetime | None
    late_min: int
    downtime: Downtime | None
    order: tuple[str, ...] = field(default=())


def whole_minutes(length: timedelta) -> int:
    """Minutes of a length, rounded toward zero: 59 seconds late is not yet a minute late."""
    return int(length.total_seconds() / 60)


def topological(steps: Iterable[StepFact]) -> list[StepFact]:
    """Return the steps so that predecessors come first; raises PredecessorCycle."""
    waiting = {step.code: step for step in steps}
    known = set(waiting)
    ordered: list[StepFact] = []
    placed: set[str] = set()
    while waiting:
        free = [s for s in waiting.values() if all(p in placed or p not in known for p in s.predecessors)]
        if not free:
            raise PredecessorCycle(sorted(waiting))
        for step in free:
            ordered.append(step)
            placed.add(step.code)
            del waiting[step.code]
    return ordered


def _interval(
    step: StepFact, base: datetime, now: datetime, floor_at: datetime | None
) -> tuple[datetime, datetime]:
    """Forecast start and end of one step; what has happened is never forecast again."""
    length = timedelta(minutes=step.planned_min)
    if step.status == "skipped":
        at = step.actual_end_at or floor_at or base
        return step.actual_start_at or at, max(at, step.actual_start_at or at)
    if step.actual_end_at and step.actual_start_at:
        return step.actual_start_at, step.actual_end_at
    if step.actual_start_at:
        return step.actual_start_at, max(step.actual_start_at + length, now)
    start = base if floor_at is None or step.is_fixed_start else floor_at
    if floor_at is not None:
        start = max(start, floor_at)
    start = max(start, now)
    return start, start + length


def forward_pass(steps: Iterable[StepFact], *, t0: datetime, now: datetime) -> dict[str, StepForecast]:
    """Forecast every step: earliest start is the latest of predecessors' ends, a fixed start, and now."""
    steps = list(steps)
    facts = {step.code: step for step in steps}
    result: dict[str, StepForecast] = {}
    for step in topological(steps):
        before = [code for code in step.predecessors if code in facts]
        planned = t0 + timedelta(minutes=step.offset_min)
        floor_at = max((result[code].end_at for code in before), default=None)
        start, end = _interval(step, planned, now, floor_at)
        waits_for = tuple(code for code in before if facts[code].status not in CLOSED)
        result[step.code] = StepForecast(
            code=step.code,
            planned_start_at=planned,
            planned_end_at=planned + timedelta(minutes=step.planned_min),
            start_at=start,
            end_at=end,
            is_ready=step.status == "planned" and not waits_for,
            waits_for=waits_for,
        )
    return result


def downtime_of(
    steps: Iterable[StepFact], forecasts: Mapping[str, StepForecast], *, now: datetime, budget_min: int | None
) -> Downtime | None:
    """The outage clock: from the actual start of the step that starts it to the end of the one that ends it."""
    steps = list(steps)
    first = next((s for s in steps if s.downtime == "starts"), None)
    last = next((s for s in steps if s.downtime == "ends"), None)
    if first is None or last is None:
        return None
    started_at = first.actual_start_at
    ended_at = last.actual_end_at if last.status == "done" else None
    used = whole_minutes((ended_at or now) - started_at) if started_at else 0
    length = forecasts[last.code].end_at - forecasts[first.code].start_at
    return Downtime(started_at, ended_at, max(used, 0), max(whole_minutes(length), 0), budget_min)


def forecast(
    steps: Iterable[StepFact], *, t0: datetime, now: datetime, downtime_budget_min: int | None = None
) -> Forecast:
    """Forecast a runbook at `now`.

    The end, and how late it is, are those of the chain that hangs on its predecessors: a step with a
    fixed start (keep the source three more days) would hide every delay before it.
    """
    steps = list(steps)
    result = forward_pass(steps, t0=t0, now=now)
    floating = [s.code for s in steps if not s.is_fixed_start] or [s.code for s in steps]
    end_at = max((result[code].end_at for code in floating), default=None)
    planned_end_at = max((result[code].planned_end_at for code in floating), default=None)
    late_min = whole_minutes(end_at - planned_end_at) if end_at and planned_end_at else 0
    order = tuple(
        sorted(result, key=lambda code: (result[code].start_at, result[code].planned_start_at, code))
    )
    downtime = downtime_of(steps, result, now=now, budget_min=downtime_budget_min)
    return Forecast(result, planned_end_at, end_at, late_min, downtime, order)
