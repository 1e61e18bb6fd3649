"""The demo story, minute by minute: what the board shows has to agree with what the seed writes."""

from datetime import timedelta

import pytest

from iem_portal.aws import health
from iem_portal.aws.cloudwatch import read_alarms
from iem_portal.aws.metrics import MetricSpec, read_metrics
from iem_portal.aws.targets import Target

LB = {"LoadBalancer": "app/portal/50dc6c495c0c9188"}
SEOUL, VIRGINIA = Target("111122223333", "ap-northeast-2"), Target("111122223333", "us-east-1")
WATCHES = {
    "lag": (SEOUL, "AWS/DMS", "CDCLatencyTarget", {"ReplicationTaskIdentifier": "enrol-db"}, "Maximum"),
    "p95": (SEOUL, "AWS/ApplicationELB", "TargetResponseTime", LB, "p95"),
    "5xx": (SEOUL, "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", LB, "Sum"),
    "sign-in": (SEOUL, "Garamsoop/Portal", "SignInSuccessRate", {"Service": "portal"}, "Average"),
    "edge": (
        VIRGINIA,
        "AWS/CloudFront",
        "Requests",
        {"DistributionId": "E2GARAMSOOP", "Region": "Global"},
        "Sum",
    ),
    "cpu": (SEOUL, "AWS/RDS", "CPUUtilization", {"DBInstanceIdentifier": "enrol-db"}, "Average"),
    "pay": (SEOUL, "Garamsoop/Pay", "ApprovalRate", {"Gateway": "main"}, "Average"),
    "asg": (
        SEOUL,
        "AWS/AutoScaling",
        "GroupInServiceInstances",
        {"AutoScalingGroupName": "portal"},
        "Average",
    ),
}
# minute after T0 → lowest and highest value that the story allows; None: no data
STORY = [
    ("lag", 30, (0, 20)),
    ("lag", 67, (0, 30)),
    ("lag", 68, (30, 45)),
    ("lag", 74, (30, 45)),
    ("p95", 30, (0.2, 0.54)),
    ("p95", 74, (0.53, 0.6)),
    ("5xx", 74, (30, 90)),
    ("sign-in", 74, (99.3, 100)),
    ("edge", 70, (90_000, 130_000)),
    ("cpu", 74, (50, 80)),
    ("pay", 68, (97.5, 100)),
    ("pay", 69, None),
    ("asg", 59, (36, 39)),
    ("asg", 60, (40, 40)),
    ("asg", 74, (40, 40)),
]


@pytest.mark.parametrize(("watch", "minute", "expected"), STORY)
def test_a_watch_has_the_value_of_the_story(simulator, watch, minute, expected):
    simulator.at_minute(80)
    target, *identity = WATCHES[watch]
    start = simulator.t0() + timedelta(minutes=minute)
    points = read_metrics(target, [MetricSpec(watch, *identity)], start, start + timedelta(minutes=1)).series[
        watch
    ]
    assert (points == []) if expected is None else expected[0] <= points[0][1] <= expected[1]


@pytest.mark.parametrize("watch", WATCHES)
def test_every_watch_has_three_hours_of_history(simulator, watch):
    simulator.at_minute(75)
    target, *identity = WATCHES[watch]
    end = simulator.t0() + timedelta(minutes=60)
    read = read_metrics(target, [MetricSpec(watch, *identity)], end - timedelta(hours=4), end)
    assert len(read.series[watch]) == 240


@pytest.mark.parametrize(
    ("minute", "in_alarm"),
    [
        (35, set()),
        (40.1, {"dx-bgp-session-2"}),
        (62.1, {"dx-bgp-session-2", "portal-asg-at-maximum"}),
        (66.1, {"portal-asg-at-maximum"}),
        (68.9, {"portal-asg-at-maximum"}),
        (69.1, {"portal-asg-at-maximum", "enrol-db-replication-lag"}),
        (75, {"portal-asg-at-maximum", "enrol-db-replication-lag"}),
    ],
)
def test_the_alarms_of_the_story(simulator, minute, in_alarm):
    simulator.at_minute(minute)
    alarms = read_alarms(SEOUL)
    assert {alarm.name for alarm in alarms if alarm.state == "ALARM"} == in_alarm
    assert {alarm.state for alarm in alarms} <= {"OK", "ALARM"}


@pytest.mark.parametrize(
    ("minute", "states"),
    [
        (10, {"DIRECTCONNECT": "open", "EC2": "upcoming"}),
        (30, {"DIRECTCONNECT": "open", "EC2": "upcoming", "CLOUDFRONT": "open"}),
        (75, {"DIRECTCONNECT": "open", "EC2": "upcoming", "CLOUDFRONT": "closed"}),
    ],
)
def test_the_health_events_of_the_story(simulator, minute, states):
    simulator.at_minute(minute)
    found = health.changes(SEOUL, simulator.t0() - timedelta(days=9))
    assert {change.service: change.status for change in found} == states


def test_the_cloudfront_issue_closed_when_the_story_says(simulator):
    simulator.at_minute(75)
    found = health.changes(SEOUL, simulator.t0())
    edge = next(change for change in found if change.service == "CLOUDFRONT")
    assert edge.started_at == simulator.t0() + timedelta(minutes=12)
    assert edge.ended_at == simulator.t0() + timedelta(minutes=47)
