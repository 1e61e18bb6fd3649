"""How the runbook of an engagement stands: its steps, its forecast, and which step is the current one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Subquery

from engagements.models import Engagement
from warroom import abort, forecast
from warroom.links import Link
from warroom.models import GateRound, Runbook, Step
from warroom.models.runbook import BESIDE
from warroom.plan import Abort

PENDING = ("planned", "blocked")


@dataclass(frozen=True)
class Outlook:
    """A runbook, its steps in order, and the forecast at one instant."""

    engagement: Engagement
    runbook: Runbook
    steps: list[Step]
    forecast: forecast.Forecast
    others: tuple[Runbook, ...] = field(default=())
    # The steps of those others, by the key of their runbook, in order.
    beside: dict[int, list[Step]] = field(default_factory=dict)

    def of(self, step: Step) -> forecast.StepForecast:
        """The forecast of one step."""
        return self.forecast.steps[step.code]

    def links(self, step: Step) -> tuple[Link, ...]:
        """The predecessors of a step that can be read."""
        return fact(step).links

    @property
    def running(self) -> list[Step]:
        """Steps under way or stopped on the way, the longest-running first."""
        begun = [
            s
            for s in self.steps
            if s.status in ("running", "failed") or (s.status == "blocked" and s.actual_start_at)
        ]
        return sorted(begun, key=lambda step: step.actual_start_at)

    @property
    def upcoming(self) -> list[Step]:
        """Steps not begun yet, by forecast start; those that may start at once come first."""
        waiting = [s for s in self.steps if s.status in PENDING and not s.actual_start_at]
        return sorted(
            waiting, key=lambda step: (self.of(step).start_at, not self.of(step).is_ready, step.position)
        )

    @property
    def current(self) -> Step | None:
        """The step to look at: the one running longest, else the next one."""
        return next(iter(self.running), None) or next(iter(self.upcoming), None)

    def count(self, *statuses: str) -> int:
        """How many steps are in one of these states."""
        return sum(step.status in statuses for step in self.steps)

    def stream_label(self, key: str) -> dict | str:
        """The bilingual name of a stream."""
        return next((s["label"] for s in self.runbook.streams if s["key"] == key), key)

    @property
    def is_past_return(self) -> bool:
        """Whether the point of no return lies behind: its gate was decided to go on."""
        point = self.runbook.point_of_no_return
        return any(s.code == point and s.decision == Step.Decision.GO for s in self.steps)


def fact(step: Step) -> forecast.StepFact:
    """The part of a step that the forecast needs."""
    return forecast.StepFact(
        code=step.code,
        offset_min=step.offset_min,
        planned_min=step.planned_min,
        predecessors=tuple(step.predecessors),
        is_fixed_start=step.is_fixed_start,
        status=step.status,
        actual_start_at=step.actual_start_at,
        actual_end_at=step.actual_end_at,
        downtime=step.downtime,
        start_rule=step.start_rule,
        fixed_start_at=step.fixed_start_at,
        must_end_at=step.must_end_at,
    )


def on_board(runbooks: Iterable[Runbook]) -> Runbook | None:
    """The runbook people look at now: the one that runs (started last), else a paused one, else the plan
    of the event. A called rollback runs, so it takes the board over by itself; a rehearsal never takes it from
    what really runs."""
    return min(runbooks, key=_precedence, default=None)


def _precedence(runbook: Runbook) -> tuple:
    is_rehearsal = runbook.rehearsal_of_id is not None
    rank = {"running": 0, "paused": 1}.get(runbook.status, 4)
    if is_rehearsal and rank < 4:
        rank += 2
    started = runbook.started_at.timestamp() if rank < 4 and runbook.started_at else 0
    is_beside = runbook.kind in BESIDE or is_rehearsal
    return rank, -started, is_beside, runbook.number


def outlook(engagement: Engagement, now: datetime, number: int | None = None) -> Outlook | None:
    """The runbook on the board at `now`, or the one of this number; None without steps. One query."""
    rows = _asked(Step.objects.filter(runbook__engagement=engagement)).select_related("runbook")
    return _of_steps(engagement, list(rows.order_by("runbook__number", "position")), now, number)


def _asked(steps):
    """The same steps; a gate that waits for a decision also says until when, and what is proposed then."""
    rounds = GateRound.objects.filter(runbook=OuterRef("runbook"), code=OuterRef("code"), decided_at=None)
    return steps.annotate(
        asked_until_at=Subquery(rounds.values("deadline_at")[:1]),
        asked_default=Subquery(rounds.values("default_outcome")[:1]),
    )


def _of_steps(engagement: Engagement, steps: list[Step], now: datetime, number: int | None) -> Outlook | None:
    runbooks: dict[int, Runbook] = {}
    for step in steps:
        # One object for all steps of a runbook, and the engagement in hand: no query when T0 is asked for.
        step.runbook = runbooks.setdefault(step.runbook_id, step.runbook)
        step.runbook.engagement = engagement
    found = [one for one in runbooks.values() if number in (None, one.number)]
    runbook = on_board(found)
    if runbook is None:
        return None
    mine = [step for step in steps if step.runbook_id == runbook.pk]
    rollback = [step for step in steps if step.runbook_id == runbook.rollback_id]
    foreseen = forecast.forecast(
        [fact(step) for step in mine],
        t0=runbook.t0,
        now=now,
        downtime_budget_min=runbook.downtime_budget_min,
        window_end=runbook.window_end,
        outage_started_at=runbook.outage_started_at,
        abort=abort_now(runbook, mine, rollback, now),
    )
    others = tuple(one for one in runbooks.values() if one is not runbook)
    beside = {one.pk: [step for step in steps if step.runbook_id == one.pk] for one in others}
    return Outlook(engagement, runbook, mine, foreseen, others, beside)


def abort_now(runbook: Runbook, steps: list[Step], rollback: list[Step], now: datetime) -> Abort | None:
    """Until when the rollback may be called at this step; None without a rollback plan."""
    if not rollback:
        return None
    return abort.abort_of(
        window_end=runbook.window_end,
        rollback_total_min=rollback_total_min(steps, rollback),
        margin=runbook.margin,
        now=now,
    )


def rollback_total_min(steps: list[Step], rollback: list[Step]) -> int:
    """The length of the rollback now, in minutes: what undoes only steps not yet begun takes no time."""
    codes = {step.code for step in rollback}
    undone_by: dict[str, bool] = {}
    for step in steps:
        if step.undo in codes:
            begun = fact(step).is_begun and step.status not in ("skipped", "cancelled")
            undone_by[step.undo] = undone_by.get(step.undo, False) or begun
    return abort.rollback_min([fact(step) for step in rollback], undone_by)
