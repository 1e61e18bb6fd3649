"""Reading alarms: all types, all pages, real changes of state."""

from datetime import UTC, timedelta

from iem_portal.aws.cloudwatch import list_metrics, read_alarm_history, read_alarms
from iem_portal.aws.targets import Target


def test_reads_metric_and_composite_alarms_in_one_call(simulator, target):
    alarms = {alarm.name: alarm for alarm in read_alarms(target)}
    assert len(alarms) == 7 and len(simulator.calls(operation="DescribeAlarms")) == 1
    assert alarms["portal-degraded"].kind == "composite" and alarms["portal-degraded"].rule
    assert alarms["portal-5xx"].kind == "metric" and alarms["portal-5xx"].threshold == 120


def test_an_alarm_tells_when_it_changed(simulator, target):
    simulator.at_minute(70)
    lag = next(alarm for alarm in read_alarms(target) if alarm.name == "enrol-db-replication-lag")
    assert lag.state == "ALARM" and lag.changed_at == simulator.t0() + timedelta(minutes=69)
    assert lag.changed_at.tzinfo is UTC and "greater than the threshold (30)" in lag.reason


def test_history_tells_of_a_flap_between_two_reads(simulator, target):
    simulator.at_minute(80)
    since = simulator.t0() + timedelta(minutes=30)
    changes = [change for change in read_alarm_history(target, since) if change.name == "dx-bgp-session-2"]
    assert [change.at - simulator.t0() for change in changes] == [
        timedelta(minutes=40),
        timedelta(minutes=66),
    ]
    assert "OK to ALARM" in changes[0].summary


def test_an_account_without_alarms_has_none(simulator):
    assert read_alarms(Target("222233334444", "ap-northeast-2")) == []


def test_lists_the_metrics_of_a_namespace(simulator, target):
    assert ("AWS/DMS", "CDCLatencyTarget", {"ReplicationTaskIdentifier": "enrol-db"}) in list_metrics(
        target, namespace="AWS/DMS"
    )


def test_lists_more_metrics_than_fit_on_a_page(simulator, target):
    assert len(list_metrics(target, namespace="Garamsoop/Fleet")) == 5000
    assert len(simulator.calls(operation="ListMetrics")) == 10
