"""How the runbook of an engagement stands: its steps, its forecast, and which step is the current one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from warroom import forecast
from warroom.models import Runbook, Step


@dataclass(frozen=True)
class Outlook:
    """A runbook, its steps in order, and the forecast at one instant."""

    engagement: Engagement
    runbook: Runbook
    steps: list[Step]
    forecast: forecast.Forecast

    def of(self, step: Step) -> forecast.StepForecast:
        """The forecast of one step."""
        return self.forecast.steps[step.code]

    @property
    def running(self) -> list[Step]:
        """Steps under way or stopped on the way, the longest-running first."""
        begun = [
            s for s in self.steps if s.status == "running" or (s.status == "blocked" and s.actual_start_at)
        ]
        return sorted(begun, key=lambda step: step.actual_start_at)

    @property
    def upcoming(self) -> list[Step]:
        """Steps not begun yet, by forecast start; those that may start at once come first."""
        waiting = [
            s
            for s in self.steps
            if s.status == "planned" or (s.status == "blocked" and not s.actual_start_at)
        ]
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
    )


def outlook(engagement: Engagement, now: datetime) -> Outlook | None:
    """The engagement's first runbook at `now`, or None without one. One query."""
    rows = Step.objects.filter(runbook__engagement=engagement).select_related("runbook")
    steps = list(rows.order_by("runbook_id", "position"))
    if not steps:
        return None
    runbook = steps[0].runbook
    steps = [step for step in steps if step.runbook_id == runbook.pk]
    foreseen = forecast.forecast(
        [fact(step) for step in steps],
        t0=engagement.starts_at,
        now=now,
        downtime_budget_min=runbook.downtime_budget_min,
    )
    return Outlook(engagement, runbook, steps, foreseen)
