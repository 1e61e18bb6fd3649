"""Reading metrics: batches, pages, and what is made of answers that are wrong."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from iem_portal.aws.errors import AwsError
from iem_portal.aws.metrics import MetricSpec, chunked, read_metrics
from iem_portal.aws.targets import Target


def test_reads_the_replication_lag_over_its_limit(simulator, target, lag, window):
    read = read_metrics(target, [lag], *window)
    assert read.is_complete and read.complete_ids == {"lag"}
    assert len(read.series["lag"]) == 5
    assert all(at.tzinfo is UTC and value > 30 for at, value in read.series["lag"])


@pytest.mark.parametrize(("count", "calls"), [(10, 1), (500, 1), (5000, 10)])
def test_asks_500_metrics_in_a_call(simulator, target, fleet, window, count, calls):
    _, end = window
    read = read_metrics(target, fleet(count), end - timedelta(minutes=1), end)
    assert len(read.complete_ids) == count
    seen = simulator.calls(operation="GetMetricData")
    assert len(seen) == calls and sum(call["metrics"] for call in seen) == count
    assert simulator.calls(operation="ListMetrics") == []


def test_joins_a_series_that_goes_on_on_the_next_page(simulator, target, lag, fleet, window):
    start, end = window
    specs = [lag, *fleet(20)]
    whole = read_metrics(target, specs, start, end)
    simulator.fault({"edit": "small_pages", "datapoints": 7}, operation="GetMetricData")
    joined = read_metrics(target, specs, start, end)
    assert joined.series == whole.series and joined.is_complete
    assert len(simulator.calls(operation="GetMetricData")) == 1 + 15


def test_keeps_what_the_pages_before_a_failure_answered(simulator, target, fleet, window):
    simulator.fault({"edit": "small_pages", "datapoints": 25}, operation="GetMetricData", times=1)
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="GetMetricData")
    read = read_metrics(target, fleet(20), *window)
    assert read.complete_ids == {f"host {index}" for index in range(5)}
    assert read.reasons["host 19"].startswith("transient")


def test_all_statistics_of_a_metric_go_in_one_call(fleet):
    specs = [
        MetricSpec(f"{spec.id} {stat}", spec.namespace, spec.metric, spec.dimensions, stat)
        for stat in ("Sum", "Maximum", "p99")
        for spec in fleet(400)
    ]
    chunks = chunked(specs)
    homes = [{spec.metric_key for spec in chunk} for chunk in chunks]
    assert sum(map(len, chunks)) == 1200 and max(map(len, chunks)) <= 500
    assert sum(map(len, homes)) == 400


def test_one_impossible_spec_does_not_fail_the_others(simulator, target, lag, window):
    bad = MetricSpec("bad", "AWS/DMS", "CDCLatencyTarget", {}, "p200")
    read = read_metrics(target, [lag, bad], *window)
    assert read.complete_ids == {"lag"}
    assert read.reasons["bad"].startswith("invalid")


def test_one_spec_that_only_the_server_refuses_does_not_fail_the_others(simulator, target, fleet, window):
    odd = MetricSpec(
        "odd", "Garamsoop/Fleet", "Heartbeat", {}, "TM(90%:10%)"
    )  # looks right until somebody reads it
    read = read_metrics(target, [*fleet(9), odd], *window)
    assert read.reasons["odd"].startswith("unsimulated") and len(read.complete_ids) == 9


def test_a_request_that_is_refused_as_a_whole_is_not_halved_for_ever(simulator, target, fleet, window):
    simulator.fault({"error": "ValidationError"}, operation="GetMetricData")
    with pytest.raises(AwsError):
        read_metrics(target, fleet(400), *window)
    assert len(simulator.calls(operation="GetMetricData")) < 60


def test_an_empty_window_is_refused(simulator, target, lag, window):
    start, end = window
    with pytest.raises(AwsError) as caught:
        read_metrics(target, [lag], end, start)
    assert caught.value.kind == "invalid"


def test_a_metric_that_does_not_exist_is_complete_and_empty(simulator, target, window):
    read = read_metrics(target, [MetricSpec("none", "No/Such", "Metric", {}, "Sum")], *window)
    assert read.is_complete and read.series == {"none": []}


def test_two_specs_with_one_id_are_refused(simulator, target, lag, window):
    with pytest.raises(AwsError) as caught:
        read_metrics(target, [lag, lag], *window)
    assert caught.value.kind == "invalid"


def test_nothing_to_read_asks_nothing(simulator, target, window):
    assert read_metrics(target, [], *window).is_complete
    assert simulator.calls() == []


def test_math_asks_for_its_inputs_as_helpers_and_shares_them(simulator, target, window):
    host = [
        MetricSpec(f"h{n}", "Garamsoop/Fleet", "Heartbeat", {"Host": f"host-000{n}"}, "Sum") for n in (1, 2)
    ]
    both = MetricSpec("both", "", "", {}, "", expression="m1 + m2", inputs=tuple(host))
    read = read_metrics(target, [*host, both], *window)
    first, second, total = (dict(read.series[name]) for name in ("h1", "h2", "both"))
    assert total == {at: first[at] + second[at] for at in first} and len(total) == 5
    (call,) = simulator.calls(operation="GetMetricData")
    assert call["metrics"] == 3  # two metrics and the expression: what is watched twice is asked once
    assert set(read_metrics(target, [both], *window).series) == {"both"}


def test_an_expression_stands_in_one_chunk_with_its_inputs(fleet):
    specs = fleet(499)
    math = MetricSpec("math", "", "", {}, "", expression="m1 + m2", inputs=tuple(fleet(2)))
    assert [len(chunk) for chunk in chunked([*specs, math])] == [500]
    chunks = chunked([*fleet(500), math])
    assert sorted(map(len, chunks)) in ([1, 500], [3, 498], [2, 499])


def test_a_high_resolution_metric_is_read_six_times_a_minute(simulator, target, window):
    spec = MetricSpec("busy", "Garamsoop/Portal", "ActiveSessions", {"Service": "portal"}, "Average", 10)
    read = read_metrics(target, [spec], *window)
    assert len(read.series["busy"]) == 30 and len(simulator.calls(operation="GetMetricData")) == 1


def test_below_a_minute_aws_keeps_three_hours(simulator, target, window):
    spec = MetricSpec("busy", "Garamsoop/Portal", "ActiveSessions", {"Service": "portal"}, "Average", 10)
    start = window[1] - timedelta(hours=4)
    read = read_metrics(target, [spec], start, window[1])
    assert read.series["busy"][0][0] >= simulator.now() - timedelta(hours=3, seconds=1)
    assert read.complete_ids == {"busy"}  # no error and no word: AWS says nothing


def test_a_monitoring_account_reads_the_metric_of_another(simulator, target, lag, window):
    mine = read_metrics(target, [lag], *window)
    theirs = replace(lag, account_id="111122223333")
    read = read_metrics(Target("333344445555", "ap-northeast-2"), [theirs], *window)
    assert read.series == mine.series
    assert read_metrics(Target("333344445555", "ap-northeast-2"), [lag], *window).series == {"lag": []}


@pytest.mark.parametrize(
    "stat", ["tm90", "IQM", "PR(0:40)", "TC(0:40)", "WM(5%:95%)", "TS(:35)", "p99.9", "SampleCount"]
)
def test_every_kind_of_statistic_is_answered(simulator, target, lag, window, stat):
    read = read_metrics(target, [replace(lag, stat=stat)], *window)
    assert read.is_complete and len(read.series["lag"]) == 5
