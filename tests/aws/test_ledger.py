"""The ledger: what went over the wire, retries included, and what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from iem_portal.aws import ledger, spending
from iem_portal.aws.cloudwatch import read_alarms
from iem_portal.aws.errors import AwsError
from iem_portal.aws.gauges import FailuresLastHour, RequestsLastHour, UsdLastDay
from iem_portal.aws.metrics import MetricSpec, read_metrics
from iem_portal.aws.models import AwsCall
from iem_portal.aws.targets import Target


def test_the_ledger_agrees_with_what_the_simulator_saw(simulator, target, fleet, window):
    with ledger.recording() as made:
        read_metrics(target, fleet(1200), *window)
    (count,) = made.merged()
    seen = simulator.calls(operation="GetMetricData")
    assert (count.calls, count.attempts) == (3, 3) == (len(seen), len(seen))
    assert count.metrics == 1200 == sum(call["metrics"] for call in seen)
    assert count.bytes_sent == sum(call["asked"] for call in seen)


def test_retries_are_counted(simulator, target, fleet, window):
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="GetMetricData", times=1)
    with ledger.recording() as made:
        read_metrics(target, fleet(100), *window)
    (count,) = made.merged()
    assert (count.calls, count.attempts, count.metrics, count.outcome) == (1, 2, 200, "ok")


def test_the_price_takes_the_higher_count(simulator, target, lag, window):
    many = [MetricSpec(s, lag.namespace, lag.metric, lag.dimensions, s) for s in ("Sum", "Average", "p99")]
    with ledger.recording() as made:
        read_metrics(target, many, *window)
    (count,) = made.merged()
    assert (count.metrics, count.statistics, count.usd) == (1, 3, Decimal("0.00003"))


def test_500_metrics_a_minute_cost_7_dollars_20_a_day():
    count = ledger.CallCount(
        "1", "r", "cloudwatch", "GetMetricData", metrics=500 * 1440, statistics=500 * 1440
    )
    assert count.usd == Decimal("7.20")


def test_failures_and_assumed_roles_are_rows_of_their_own(simulator):
    target = Target("444455556666", "ap-northeast-2", "arn:aws:iam::444455556666:role/iem")
    simulator.fault({"error": "AccessDeniedException", "status": 403}, operation="DescribeAlarms")
    with ledger.recording() as made, pytest.raises(AwsError):
        read_alarms(target)
    assert {(one.operation, one.outcome) for one in made.merged()} == {
        ("AssumeRole", "ok"),
        ("DescribeAlarms", "permission"),
    }


def test_a_recording_is_stored_with_one_query(
    db, simulator, target, window, fleet, now, django_assert_num_queries
):
    with ledger.recording() as made:
        read_metrics(target, fleet(600), *window)
        read_alarms(target)
    with django_assert_num_queries(1):
        assert spending.save(made, now=now) == 2
    assert spending.spent(since=now, until=now + timedelta(seconds=1)) == Decimal("0.00601")


def test_spending_is_summed_by_account_and_time(db, now):
    for account, at in (("1", now), ("2", now), ("1", now - timedelta(days=2))):
        AwsCall.objects.create(
            at=at,
            account_id=account,
            region="r",
            service="cloudwatch",
            operation="x",
            calls=1,
            attempts=1,
            usd=1,
        )
    since = now - timedelta(days=1)
    assert spending.spent(since=since, until=now + timedelta(1)) == 2
    assert spending.spent(since=since, until=now + timedelta(1), account_ids=["1"]) == 1
    assert spending.spent(since=now + timedelta(1), until=now + timedelta(2)) == 0
    assert spending.prune(before=since) == 1


def test_figures_for_monitoring_come_from_the_ledger(db, now):
    for outcome, at in (("ok", now), ("throttled", now), ("ok", now - timedelta(hours=2))):
        AwsCall.objects.create(
            at=at, account_id="1", region="r", service="cloudwatch", operation="x",
            outcome=outcome, calls=2, attempts=3, usd=Decimal("0.5"),
        )  # fmt: skip
    assert RequestsLastHour().read(now) == 6
    assert FailuresLastHour().read(now) == 2
    assert UsdLastDay().read(now) == 1.5
