"""The simulated alarms: evaluated from the series, composite rules, history, filters."""

from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from iem_portal.simulator.alarms import judge, rule_holds
from iem_portal.simulator.scenario import AlarmSpec

SPEC = AlarmSpec("1", "r", "a", "", threshold=10, evaluation_periods=3, datapoints_to_alarm=2)


@pytest.fixture
def cloudwatch(aws, simulator):
    simulator.at_minute(75)
    return aws("cloudwatch")


@pytest.mark.parametrize(
    ("values", "missing", "state"),
    [
        ([11, 9, 12], "missing", "ALARM"),
        ([11, 9, 9], "missing", "OK"),
        ([10, 10, 10], "missing", "OK"),
        ([None, None, None], "missing", "INSUFFICIENT_DATA"),
        ([None, None, None], "ignore", "OK"),
        ([None, None, 9], "breaching", "ALARM"),
        ([None, None, None], "notBreaching", "OK"),
        ([None, 11, 12], "missing", "ALARM"),
    ],
)
def test_m_of_n_with_missing_data(values, missing, state):
    assert judge(replace(SPEC, missing=missing), values, "OK", 0)[0] == state


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ('ALARM("a")', True),
        ('ALARM("b") OR OK(b)', True),
        ('ALARM("a") AND ALARM("b")', False),
        ('ALARM("a") AND NOT ALARM("b")', True),
        ('(ALARM("b") OR TRUE) AND (ALARM("a"))', True),
        ('INSUFFICIENT_DATA("never seen")', True),
        ("FALSE", False),
    ],
)
def test_composite_rules(rule, holds):
    assert rule_holds(rule, {"a": "ALARM", "b": "OK"}) is holds


@pytest.mark.parametrize(
    "rule", ['ALARM("a") XOR ALARM("b")', '(ALARM("a")', 'ALARM("a") ALARM("b")', "AND", "NOT"]
)
def test_a_rule_that_makes_no_sense_is_an_error(rule):
    with pytest.raises(ValueError, match="composite rule"):
        rule_holds(rule, {})


def test_only_metric_alarms_unless_asked(cloudwatch):
    answer = cloudwatch.describe_alarms()
    assert len(answer["MetricAlarms"]) == 6 and answer["CompositeAlarms"] == []
    both = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm", "LogAlarm"])
    assert [alarm["AlarmName"] for alarm in both["CompositeAlarms"]] == ["portal-degraded"]


def test_filters_combine(cloudwatch):
    found = cloudwatch.describe_alarms(AlarmNamePrefix="portal-", StateValue="ALARM")["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in found] == ["portal-asg-at-maximum"]


def test_alarms_come_in_pages(cloudwatch):
    first = cloudwatch.describe_alarms(MaxRecords=4)
    rest = cloudwatch.describe_alarms(MaxRecords=4, NextToken=first["NextToken"])
    names = [alarm["AlarmName"] for alarm in first["MetricAlarms"] + rest["MetricAlarms"]]
    assert len(names) == 6 and names == sorted(names) and "NextToken" not in rest


def test_history_is_filtered_by_time_and_name(cloudwatch, simulator):
    items = cloudwatch.describe_alarm_history(
        AlarmName="dx-bgp-session-2", StartDate=simulator.t0(), ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    assert [item["Timestamp"] - simulator.t0() for item in items] == [
        timedelta(minutes=40),
        timedelta(minutes=66),
    ]


def test_a_metric_that_nobody_sends_leaves_its_alarm_without_data(aws):
    alarms = aws("cloudwatch", account="444455556666").describe_alarms(AlarmNamePrefix="tickets-queue")[
        "MetricAlarms"
    ]
    assert [alarm["StateValue"] for alarm in alarms] == ["INSUFFICIENT_DATA"]


def test_more_records_than_allowed_are_refused(cloudwatch):
    with pytest.raises(ClientError, match="MaxRecords"):
        cloudwatch.describe_alarms(MaxRecords=101)
