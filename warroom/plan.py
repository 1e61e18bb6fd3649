"""Steps of a runbook as plain facts, what is known of them at one instant, and what each still waits for.

Pure: standard library only, no clock. All instants are aware UTC, all lengths are minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from warroom.links import BadLink, Link, parse

CLOSED = frozenset({"done", "skipped", "cancelled"})
DROPPED = frozenset({"skipped", "cancelled"})


class PredecessorCycle(ValueError):
    """The steps wait for each other in a ring; `codes` names the ones that can never start."""

    def __init__(self, codes: list[str]):
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True)
class StepFact:
    """What the forecast needs to know about one step; predecessors as written, see warroom.links."""

    code: str
    offset_min: int
    planned_min: int
    predecessors: tuple[str, ...] = ()
    is_fixed_start: bool = False
    status: str = "planned"  # planned running done skipped blocked failed cancelled
    actual_start_at: datetime | None = None
    actual_end_at: datetime | None = None
    downtime: str = "none"  # none starts inside ends
    start_rule: str = "all"  # all any
    fixed_start_at: datetime | None = None
    must_end_at: datetime | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """The predecessors that can be read."""
        found = []
        for text in self.predecessors:
            try:
                found.append(parse(text))
            except BadLink:
                continue
        return tuple(found)

    @property
    def is_begun(self) -> bool:
        """Whether it is closed or has started."""
        return self.status in CLOSED or self.actual_start_at is not None


@dataclass(frozen=True)
class StepForecast:
    """Where one step stands: plan, forecast (the actual once it happened), delay and slack."""

    code: str
    planned_start_at: datetime
    planned_end_at: datetime
    start_at: datetime
    end_at: datetime
    is_ready: bool
    waits_for: tuple[str, ...]
    slack_min: int | None = None  # None once closed
    is_critical: bool = False
    must_end_at: datetime | None = None

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

    @property
    def is_missed(self) -> bool:
        """Whether it ends after the instant by which it must."""
        return self.must_end_at is not None and self.end_at > self.must_end_at


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
class Abort:
    """Until when the rollback may still be called: its length now, the last safe instant, minutes left."""

    rollback_min: int
    latest_at: datetime
    left_min: int

    @property
    def is_past(self) -> bool:
        """Whether a rollback would no longer fit into the window."""
        return self.left_min < 0


@dataclass(frozen=True)
class Forecast:
    """The whole runbook at one instant."""

    steps: Mapping[str, StepForecast]
    planned_end_at: datetime | None
    end_at: datetime | None
    late_min: int
    downtime: Downtime | None
    order: tuple[str, ...] = field(default=())
    critical: tuple[str, ...] = field(default=())
    abort: Abort | None = None


def whole_minutes(length: timedelta) -> int:
    """Minutes of a length, rounded toward zero: 59 seconds late is not yet a minute late."""
    return int(length.total_seconds() / 60)


def topological(steps: Iterable[StepFact]) -> list[StepFact]:
    """Return the steps so that predecessors come first; raises PredecessorCycle."""
    facts = {step.code: step for step in steps}
    waits = {code: {link.code for link in step.links} & facts.keys() for code, step in facts.items()}
    holds: dict[str, list[str]] = {code: [] for code in facts}
    for code, others in waits.items():
        for other in others:
            holds[other].append(code)
    free = [code for code, others in waits.items() if not others]
    ordered = []
    for code in free:  # grows while it is walked
        ordered.append(facts[code])
        for other in holds[code]:
            waits[other].discard(code)
            if not waits[other]:
                free.append(other)
    if len(ordered) < len(facts):
        raise PredecessorCycle(sorted(facts.keys() - set(free)))
    return ordered


def waiting(step: StepFact, facts: Mapping[str, StepFact], now: datetime) -> tuple[str, ...]:
    """The codes a step still waits for: all that do not let it go, or none when any one is enough."""
    links = [link for link in step.links if link.code in facts]
    held = [link.code for link in links if not _lets_go(link, facts[link.code], now)]
    if step.start_rule == "any" and len(held) < len(links):
        return ()
    return tuple(dict.fromkeys(held))


def _lets_go(link: Link, before: StepFact, now: datetime) -> bool:
    """Whether a predecessor is far enough; one that was left out holds nobody."""
    if before.status in DROPPED:
        return True
    if before.status in CLOSED and link.lag_min <= 0:
        return True
    at = before.actual_start_at if link.kind == "SS" else before.actual_end_at
    if at is None:
        return before.status in CLOSED or _leads(link, before, now)
    return now >= at + timedelta(minutes=link.lag_min)


def _leads(link: Link, before: StepFact, now: datetime) -> bool:
    """FS−5: may start five minutes before the planned end of a predecessor that is under way."""
    if link.kind != "FS" or link.lag_min >= 0 or before.actual_start_at is None:
        return False
    return now >= before.actual_start_at + timedelta(minutes=before.planned_min + link.lag_min)
