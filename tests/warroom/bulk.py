"""Makes many rows of a war room with a few statements, for tests and benchmarks of numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import TimelineEntry
from warroom.models import MetricPoint, MetricSeries, Runbook, Step
from warroom.sources.metrics import fingerprint
from workbook.models import Cell, Row
from workbook.watches import watches

BATCH = 5_000
MINUTE = timedelta(minutes=1)
HEARTBEAT = {
    "mt_account": "111122223333",
    "mt_region": "ap-northeast-2",
    "mt_namespace": "Garamsoop/Fleet",
    "mt_metric": "Heartbeat",
    "mt_stat": "Sum",
    "mt_period": 60,
}


def fleet(engagement, count: int, **plain) -> None:
    """So many metrics on the monitoring sheet, of as many hosts."""
    at = engagement.requested_at
    start = Row.objects.count()
    rows = Row.objects.bulk_create(
        Row(
            engagement=engagement,
            section="wb12",
            table="metrics",
            position=start + n,
            created_at=at,
            created_by_name="Lim Sojin",
        )
        for n in range(count)
    )
    Cell.objects.bulk_create(
        (
            Cell(row=row, field=field, value=value, updated_at=at)
            for n, row in enumerate(rows)
            for field, value in (HEARTBEAT | plain | {"mt_dims": [["Host", f"host-{n:04d}"]]}).items()
        ),
        batch_size=BATCH,
    )


def series_until(engagement, at: datetime, *, minutes: int = 0) -> None:
    """A series for each watch, read until `at`, with a point for each of the last `minutes`."""
    made = MetricSeries.objects.bulk_create(
        (
            MetricSeries(
                engagement=engagement,
                watch_row=watch.row_id,
                fingerprint=fingerprint(watch),
                cursor_at=at,
                last_at=at - MINUTE,
                last_value=12.0,
            )
            for watch in watches(engagement)
        ),
        batch_size=BATCH,
    )
    MetricPoint.objects.bulk_create(
        (
            MetricPoint(series=one, at=at - ago * MINUTE, value=12 + ago % 7)
            for one in made
            for ago in range(1, minutes + 1)
        ),
        batch_size=BATCH,
    )


def lengthen(runbook: Runbook, count: int) -> None:
    """Steps behind those there are, each waiting for the one before it on its stream, until there are `count`."""
    steps = list(runbook.steps.all())
    streams = [stream["key"] for stream in runbook.streams]
    Step.objects.bulk_create(
        Step(
            runbook=runbook,
            position=steps[-1].position + n,
            code=f"X-{n:03d}",
            stream=streams[n % len(streams)],
            title={"en": f"Move host {n} of the fleet"},
            offset_min=steps[-1].offset_min + n,
            planned_min=10,
            predecessors=[f"X-{n - len(streams):03d}"] if n > len(streams) else [steps[-1].code],
        )
        for n in range(1, count - len(steps) + 1)
    )


def entries(engagement, count: int, *, until: datetime) -> None:
    """So many notes on the timeline, one each minute before `until`."""
    TimelineEntry.objects.bulk_create(
        (
            TimelineEntry(
                engagement=engagement,
                phrase="step.noted",
                params={"code": "X-001", "note": f"What was said at minute {n}"},
                at=until - n * MINUTE,
                recorded_at=until - n * MINUTE,
                kind="human",
                actor_name="Lim Sojin",
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )
