"""The simulated CloudWatch: values, limits, lag, pages."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

LB = {"LoadBalancer": "app/portal/50dc6c495c0c9188"}


@pytest.fixture
def cloudwatch(aws, simulator):
    simulator.at_minute(80.5)
    return aws("cloudwatch")


def query(
    one="m1", *, namespace="AWS/ApplicationELB", metric="TargetResponseTime", dims=LB, stat="p95", period=60
):
    pairs = [{"Name": name, "Value": value} for name, value in dims.items()]
    chosen = {"Namespace": namespace, "MetricName": metric, "Dimensions": pairs}
    return {"Id": one, "MetricStat": {"Metric": chosen, "Period": period, "Stat": stat}}


@pytest.fixture
def ask(cloudwatch, simulator):
    """`ask(query, …, first=minute, last=minute, **request)`: the results."""

    def get(*queries, first=60, last=75, **rest):
        t0 = simulator.t0()
        rest.setdefault("StartTime", t0 + timedelta(minutes=first))
        rest.setdefault("EndTime", t0 + timedelta(minutes=last))
        return cloudwatch.get_metric_data(MetricDataQueries=list(queries), **rest)

    return get


def values(answer, index=0):
    return answer["MetricDataResults"][index]["Values"]


def test_the_same_scenario_gives_the_same_answers(ask):
    assert ask(query())["MetricDataResults"] == ask(query())["MetricDataResults"]


def test_there_is_history_for_hours_before_t0(ask):
    assert len(values(ask(query(), first=-240, last=0))) == 240


def test_percentiles_and_statistics_of_a_metric_fit_together(ask):
    stats = ("Minimum", "p50", "Average", "p95", "p99", "Maximum")
    answer = ask(*[query(f"m{index}", stat=stat) for index, stat in enumerate(stats)])
    low, median, mean, p95, p99, high = (values(answer, index)[0] for index in range(6))
    assert low < median < mean < p95 < p99 < high


def test_sum_is_average_times_samples(ask):
    answer = ask(
        *[query(f"m{index}", stat=stat) for index, stat in enumerate(("Sum", "Average", "SampleCount"))]
    )
    for total, mean, count in zip(values(answer, 0), values(answer, 1), values(answer, 2), strict=True):
        assert total == pytest.approx(mean * count)


def test_five_minutes_hold_what_their_minutes_hold(ask, simulator):
    start = simulator.t0().timestamp() // 300 * 300
    window = {"StartTime": start, "EndTime": start + 300}
    kind = {"metric": "RequestCount", "stat": "Sum"}
    minutes = values(ask(query(**kind), **window))
    assert len(minutes) == 5 and values(ask(query(period=300, **kind), **window)) == [sum(minutes)]


def test_buckets_lie_on_the_grid_newest_first(ask, simulator):
    answer = ask(query(), StartTime=simulator.t0() + timedelta(minutes=60, seconds=17))
    stamps = answer["MetricDataResults"][0]["Timestamps"]
    assert stamps == sorted(stamps, reverse=True)
    assert stamps[-1] == simulator.t0() + timedelta(minutes=60)


def test_a_minute_appears_late_and_still_grows(ask, simulator):
    requests = query(metric="RequestCount", stat="Sum")
    simulator.at_minute(71)
    assert len(values(ask(requests, first=70, last=71))) == 0
    simulator.at_minute(72.05)
    first = values(ask(requests, first=70, last=71))[0]
    simulator.at_minute(73.5)
    final = values(ask(requests, first=70, last=71))[0]
    assert 0.5 < first / final < 0.8


def test_namespaces_and_dimensions_do_not_leak(ask):
    assert values(ask(query(namespace="AWS/NetworkELB"))) == []
    assert values(ask(query(dims={}))) == []


def test_accounts_and_regions_do_not_leak(aws, simulator, cloudwatch):
    end = simulator.now()
    window = {"StartTime": end - timedelta(minutes=9), "EndTime": end}
    for other in (aws("cloudwatch", region="us-east-1"), aws("cloudwatch", account="444455556666")):
        assert values(other.get_metric_data(MetricDataQueries=[query()], **window)) == []


def test_pages_split_a_series_and_carry_on(ask):
    whole = ask(query("a"), query("b"))
    first = ask(query("a"), query("b"), MaxDatapoints=20)
    assert [result["StatusCode"] for result in first["MetricDataResults"]] == ["Complete", "PartialData"]
    second = ask(query("a"), query("b"), MaxDatapoints=20, NextToken=first["NextToken"])
    assert values(first, 1) + values(second, 0) == values(whole, 1) and "NextToken" not in second


def test_a_token_belongs_to_its_request(ask):
    token = ask(query(), MaxDatapoints=5)["NextToken"]
    for wrong in ({"NextToken": token, "MaxDatapoints": 6}, {"NextToken": "forged"}):
        with pytest.raises(ClientError, match="InvalidNextToken"):
            ask(query(), **wrong)


@pytest.mark.parametrize(
    "queries",
    [
        [query(f"m{index}") for index in range(501)],
        [query("M1")],
        [query("m-1")],
        [query("m" * 256)],
        [query("a"), query("a")],
        [query(period=7)],
        [],
        [query(namespace=":x")],
        [{**query(), "MetricStat": {**query()["MetricStat"], "Unit": "Furlongs"}}],
    ],
)
def test_what_aws_refuses_is_refused(ask, queries):
    with pytest.raises(ClientError) as caught:
        ask(*queries)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.parametrize("text", ["SEARCH('{AWS/EC2} CPU', 'Average')", "METRICS()", "LOG(m1)"])
def test_what_is_not_simulated_is_said(ask, text):
    with pytest.raises(ClientError, match="NotImplementedBySimulator"):
        ask(query("m1"), {"Id": "e1", "Expression": text})


def test_an_account_that_is_not_linked_is_refused(ask):
    with pytest.raises(ClientError, match="not linked"):
        ask({**query(), "AccountId": "444455556666"})


def test_list_metrics_filters_and_pages(cloudwatch):
    first = cloudwatch.list_metrics(Namespace="Garamsoop/Fleet")
    assert len(first["Metrics"]) == 500 and first["NextToken"]
    found = cloudwatch.list_metrics(Dimensions=[{"Name": "LoadBalancer"}], MetricName="RequestCount")[
        "Metrics"
    ]
    assert [row["Namespace"] for row in found] == ["AWS/ApplicationELB"]


def test_a_metric_that_stopped_is_no_longer_recently_active(cloudwatch, simulator):
    assert len(cloudwatch.list_metrics(Namespace="Garamsoop/Pay", RecentlyActive="PT3H")["Metrics"]) == 1
    simulator.at_minute(69 + 181)
    assert cloudwatch.list_metrics(Namespace="Garamsoop/Pay", RecentlyActive="PT3H")["Metrics"] == []
