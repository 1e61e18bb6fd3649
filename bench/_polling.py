"""Polls the simulated AWS over real HTTP with one database, named by the environment; prints one line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench._aws import Aws, simulated  # noqa: E402
from iem_portal.aws import ledger, sessions  # noqa: E402
from iem_portal.aws.metrics import MetricSpec, read_metrics  # noqa: E402
from iem_portal.aws.models import AwsCall  # noqa: E402
from iem_portal.aws.targets import Target  # noqa: E402
from tests import factories  # noqa: E402
from tests.escalation.bulk import hash_cheaply  # noqa: E402
from tests.warroom import bulk  # noqa: E402
from warroom.models import MetricPoint, PollTarget  # noqa: E402
from warroom.poller import poll_due  # noqa: E402

SIZES = (10, 500, 5_000)
TARGET = Target("111122223333", "ap-northeast-2")
MINUTE = timedelta(minutes=1)
OVERLAP = 10 * MINUTE
TARGETS, THREADS, LATENCY_S = 30, 8, 0.08
HANGS_S = 9  # longer than one attempt may take
TIMES = 3


def main() -> None:
    """All figures of this database."""
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    with tempfile.TemporaryDirectory(prefix="iem-bench-") as name, simulated(Path(name)) as aws:
        os.environ["AWS_ENDPOINT_URL"] = aws.url
        settings.AWS_ENDPOINT_URL, settings.SIMULATED_AWS = aws.url, True
        call_command("migrate", verbosity=0)
        hash_cheaply()
        read_metrics(TARGET, fleet(1), *window())  # the client is made once in a process
        aws.seen()
        # Reading by itself meets no database: measured once, beside the first of them.
        sizes = SIZES if connection.vendor == "sqlite" else ()
        seen = {"sizes": {size: of_size(size, aws) for size in sizes}, "crowd": crowd(aws)}
        seen["polls"] = {size: polled(size, aws) for size in SIZES}
    sys.stdout.write(json.dumps(seen) + "\n")


def fleet(count: int) -> list[MetricSpec]:
    """So many different metrics."""
    return [
        MetricSpec(str(n), "Garamsoop/Fleet", "Heartbeat", {"Host": f"host-{n:04d}"}, "Sum")
        for n in range(count)
    ]


def window(length: timedelta = MINUTE) -> tuple[datetime, datetime]:
    """So long, until five minutes ago: nothing in it still grows."""
    end = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
    return end - length, end


def of_size(size: int, aws: Aws) -> dict:
    """CPU of the client for one window and for ten minutes, and for asking each metric by itself."""
    specs = fleet(size)
    with ledger.recording() as made:
        one_s, _wall = least(lambda: whole(specs, MINUTE))
    (count,) = made.merged()
    seen = aws.seen()
    overlap_s, _wall = least(lambda: whole(specs, OVERLAP))
    aws.seen()
    each_s, _wall = spent(lambda: one_by_one(specs))
    each = aws.seen()["GetMetricStatistics"]["calls"]
    return {
        "calls": count.calls / TIMES,
        "metrics": count.metrics / TIMES,
        "usd": float(count.usd) / TIMES,
        "wire": seen["GetMetricData"]["calls"] / TIMES,
        "wire_metrics": seen["GetMetricData"]["metrics"] / TIMES,
        "others": sum(one["calls"] for name, one in seen.items() if name != "GetMetricData"),
        "one_s": one_s,
        "overlap_s": overlap_s,
        "each_s": each_s,
        "each_calls": each,
    }


def whole(specs: list[MetricSpec], length: timedelta) -> None:
    """One read, checked to have got all of it."""
    read = read_metrics(TARGET, specs, *window(length))
    points = sum(map(len, read.series.values()))
    if not read.is_complete or points != len(specs) * (length // MINUTE):
        raise RuntimeError(f"{points} points of {len(specs)} metrics; {len(read.reasons)} have a reason")


def one_by_one(specs: list[MetricSpec]) -> None:
    """As a first script does it: one GetMetricStatistics for each metric, with the same client."""
    client = sessions.client(TARGET, "cloudwatch")
    start, end = window()
    for spec in specs:
        answer = client.get_metric_statistics(
            Namespace=spec.namespace,
            MetricName=spec.metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in spec.dimensions.items()],
            StartTime=start,
            EndTime=end,
            Period=spec.period_s,
            Statistics=[spec.stat],
        )
        if len(answer["Datapoints"]) != 1:
            raise RuntimeError(f"{len(answer['Datapoints'])} points of {spec.dimensions}")


def crowd(aws: Aws) -> dict:
    """Many targets (as many Regions) whose calls take 80 ms, then the same while one of them hangs.

    When the others were answered is taken from the far end's ledger.
    """
    now = datetime.now(UTC)
    engagement = factories.engagement(now=now, regions=[f"xx-bench-{n}" for n in range(TARGETS)])
    factories.aws_account(engagement)
    for n in range(TARGETS):
        bulk.fleet(engagement, 1, mt_region=f"xx-bench-{n}")
    slow = {"operation": "GetMetricData", "action": {"latency_s": LATENCY_S}}
    hung = slow | {"region": "xx-bench-0", "action": {"latency_s": HANGS_S}, "times": 1}
    poll_due(now, threads=THREADS)  # makes targets and clients
    aws.ask("POST", "/_fault/rules", slow)
    quiet_s = min(poll_metrics(engagement) for _ in range(TIMES))
    aws.ask("DELETE", "/_fault/rules")
    for rule in (hung, slow):
        aws.ask("POST", "/_fault/rules", rule)
    aws.ask("DELETE", "/_sim/calls")
    began = time.time()
    all_s = poll_metrics(engagement)
    calls = aws.ask("GET", "/_sim/calls?operation=GetMetricData")["calls"]
    others = [call["at"] for call in calls if call["region"] != "xx-bench-0"]
    aws.ask("DELETE", "/_fault/rules")
    aws.seen()
    close(engagement)
    return {
        "targets": TARGETS,
        "s": quiet_s,
        "others": len(others),
        "others_s": max(others) - began + LATENCY_S,
        "all_s": all_s,
    }


def poll_metrics(engagement) -> float:
    """Seconds of one round in which the metrics of every target are due, and nothing else."""
    now = datetime.now(UTC)
    rows = PollTarget.objects.filter(engagement=engagement)
    rows.exclude(source="metrics").update(next_poll_at=now + 60 * MINUTE, lease_until=None)
    rows.filter(source="metrics").update(next_poll_at=now, lease_until=None)
    began = time.perf_counter()
    poll_due(now, threads=THREADS)
    return time.perf_counter() - began


def polled(size: int, aws: Aws) -> dict:
    """One whole poll with its database work: calls as the ledger has them, CPU and points stored."""
    now = datetime.now(UTC)
    engagement = factories.engagement(now=now)
    factories.aws_account(engagement)
    bulk.fleet(engagement, size)
    bulk.series_until(engagement, now.replace(second=0, microsecond=0) - MINUTE)
    poll_due(now, threads=1)
    aws.seen()
    AwsCall.objects.all().delete()
    before = MetricPoint.objects.count()
    PollTarget.objects.filter(engagement=engagement).update(next_poll_at=now + 60 * MINUTE, lease_until=None)
    PollTarget.objects.filter(engagement=engagement, source="metrics").update(next_poll_at=now)
    aws.ask("POST", "/_sim/clock", {"advance_s": 60})
    cpu_s, wall_s = spent(lambda: poll_due(now + MINUTE, threads=1))
    seen, told = aws.seen(), AwsCall.objects.get(operation="GetMetricData")
    aws.ask("DELETE", "/_sim/clock")
    close(engagement)
    return {
        "calls": told.calls,
        "metrics": told.metrics,
        "wire": seen["GetMetricData"]["calls"],
        "others": sum(one["calls"] for name, one in seen.items() if name != "GetMetricData"),
        "cpu_s": cpu_s,
        "wall_s": wall_s,
        "stored": MetricPoint.objects.count() - before,
    }


def close(engagement) -> None:
    """Out of the next poll."""
    type(engagement).objects.filter(pk=engagement.pk).update(standing="cancelled")


def spent(run: Callable[[], object]) -> tuple[float, float]:
    """CPU of this process and wall time, in seconds."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began


def least(run: Callable[[], object]) -> tuple[float, float]:
    """The cheapest of three: what others do on the machine only ever adds."""
    return min(spent(run) for _ in range(TIMES))


if __name__ == "__main__":
    main()
