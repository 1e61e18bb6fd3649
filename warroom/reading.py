"""What the review and other readers need to know about the event: plain facts, few queries."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Max, Min

from engagements.models import Engagement
from warroom.forecast import Downtime
from warroom.models import AlarmState, HealthEvent, MetricSeries, StatusUpdate, WarRoom
from warroom.outlook import outlook
from warroom.panels.telemetry import limit_of
from warroom.series import level
from warroom.sources.metrics import fingerprint
from workbook.watches import Watch, watches


@dataclass(frozen=True)
class StepFacts:
    """One step planned and actual; instants are UTC, `late_min` is the delay of its end (negative: early)."""

    code: str
    title: dict
    stream: dict | str
    status: str
    is_gate: bool
    decision: str
    by_name: str
    reason: str
    planned_start_at: datetime
    planned_end_at: datetime
    actual_start_at: datetime | None
    actual_end_at: datetime | None
    late_min: int | None


@dataclass(frozen=True)
class RunbookFacts:
    """The runbook as it stood at the asked instant."""

    title: dict
    steps: list[StepFacts]
    planned_end_at: datetime | None
    end_at: datetime | None
    late_min: int
    downtime: Downtime | None
    done: int
    total: int


@dataclass(frozen=True)
class MetricFacts:
    """One watch over the window: its extremes, and how many buckets were beyond the limit."""

    watch: Watch
    low: float | None
    high: float | None
    average: float | None
    points: int
    over: int


def runbook_facts(engagement: Engagement, now: datetime) -> RunbookFacts | None:
    """Every step planned against actual, or None without a runbook. One query."""
    view = outlook(engagement, now)
    if view is None:
        return None
    steps = []
    for step in view.steps:
        seen = view.of(step)
        steps.append(
            StepFacts(
                code=step.code,
                title=step.title,
                stream=view.stream_label(step.stream),
                status=step.status,
                is_gate=step.is_gate,
                decision=step.decision,
                by_name=step.by_name,
                reason=step.reason,
                planned_start_at=seen.planned_start_at,
                planned_end_at=seen.planned_end_at,
                actual_start_at=step.actual_start_at,
                actual_end_at=step.actual_end_at,
                late_min=seen.late_min if step.actual_end_at else None,
            )
        )
    return RunbookFacts(
        title=view.runbook.title,
        steps=steps,
        planned_end_at=view.forecast.planned_end_at,
        end_at=view.forecast.end_at,
        late_min=view.forecast.late_min,
        downtime=view.forecast.downtime,
        done=view.count("done", "skipped"),
        total=len(view.steps),
    )


def metric_facts(engagement: Engagement, start: datetime, end: datetime) -> list[MetricFacts]:
    """Each watch between two instants (UTC). Two queries for the watches, one for all series, one for each limit."""
    rows = MetricSeries.objects.filter(
        engagement=engagement, points__at__gte=start, points__at__lt=end
    ).annotate(
        low=Min("points__value"), high=Max("points__value"), mean=Avg("points__value"), n=Count("points")
    )
    known = {(row.watch_row, row.fingerprint): row for row in rows}
    facts = []
    for watch in watches(engagement):
        row = known.get((watch.row_id, fingerprint(watch)))
        if row is None:
            facts.append(MetricFacts(watch, None, None, None, 0, 0))
            continue
        facts.append(MetricFacts(watch, row.low, row.high, row.mean, row.n, _over(row, watch, start, end)))
    return facts


def _over(row: MetricSeries, watch: Watch, start: datetime, end: datetime) -> int:
    """How many buckets lie beyond the critical limit; asked only when the extremes say there are any."""
    limit = limit_of(watch)
    worst = row.low if limit.direction == "below" else row.high
    if limit.crit is None or level(worst, limit) != "over":
        return 0
    side = "value__lt" if limit.direction == "below" else "value__gt"
    return row.points.filter(at__gte=start, at__lt=end, **{side: limit.crit}).count()


def health_in(engagement: Engagement, start: datetime, end: datetime) -> list[HealthEvent]:
    """Health events that touch the window, oldest first. One query."""
    rows = HealthEvent.objects.filter(engagement=engagement, started_at__lt=end)
    return sorted(
        (row for row in rows if row.ended_at is None or row.ended_at >= start),
        key=lambda row: (row.started_at, row.arn),
    )


def alarms_in(engagement: Engagement) -> list[AlarmState]:
    """Every alarm as last read. One query."""
    return list(AlarmState.objects.filter(engagement=engagement))


def updates_of(engagement: Engagement, *, audience: str) -> list[StatusUpdate]:
    """The status updates this audience ("staff" or "customer") may read, oldest first. One query."""
    rows = StatusUpdate.objects.filter(engagement=engagement).order_by("number")
    return list(rows if audience == "staff" else rows.filter(audience=StatusUpdate.Audience.ALL))


def room_times(engagement: Engagement) -> tuple[datetime, datetime | None] | None:
    """When the war room was opened and closed (UTC), or None if it never was. One query."""
    return WarRoom.objects.filter(engagement=engagement).values_list("opened_at", "closed_at").first()


def longest_silence(updates: list[StatusUpdate]) -> timedelta | None:
    """The longest time between two status updates, or None with fewer than two."""
    times = [update.sent_at for update in updates]
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=None)
