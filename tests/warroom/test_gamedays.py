"""What the board says at the named moments of each game day that ships, read over HTTP from the simulated AWS."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from engagements.models import Engagement
from iem_portal.simulator import gameday
from tests import factories
from warroom.models import MetricPoint
from warroom.panels import aws, telemetry
from workbook.models import Cell, Row

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ACCOUNT = "111122223333"
BALANCER = [["LoadBalancer", "app/portal/50dc6c495c0c9188"]]
EC2 = "AWS_EC2_OPERATIONAL_ISSUE"


@dataclass
class Board:
    """What the tiles say now."""

    engagement: Engagement
    simulator: object

    def metric(self, title: str) -> dict:
        shown = telemetry.metrics(self.engagement, self.simulator.now())["tiles"]
        return next(tile for tile in shown if tile["watch"].title == title)

    def metrics(self) -> list[dict]:
        return telemetry.metrics(self.engagement, self.simulator.now())["tiles"]

    def alarms(self) -> set[str]:
        shown = aws.alarms(self.engagement, self.simulator.now())["speaking"]
        return {row.name for row in shown if row.state == "ALARM"}

    def health(self) -> dict[str, str]:
        shown = aws.health(self.engagement, self.simulator.now())
        return {row.code: row.status for row in shown["events"]}

    def quota_percent(self) -> int:
        return aws.quotas(self.engagement, self.simulator.now())["used"][0].percent


@pytest.fixture
def board(engagement, simulator, watch, poll):
    """The cutover at T0+20, when everything is well, with what the game days touch on the board."""
    simulator.at_minute(20.5)
    t0 = simulator.t0()
    Engagement.objects.filter(pk=engagement.pk).update(starts_at=t0, ends_at=t0 + timedelta(hours=9))
    factories.aws_account(engagement)
    watch("Lag")
    watch(
        "Slow",
        namespace="AWS/ApplicationELB",
        metric="TargetResponseTime",
        dims=BALANCER,
        stat="p95",
        crit="0.6",
    )
    watch(
        "Paid", namespace="Garamsoop/Pay", metric="ApprovalRate", dims=[["Gateway", "main"]], stat="Average",
        direction="below", crit="80",
    )  # fmt: skip
    row = Row.objects.create(
        engagement=engagement,
        section="wb08",
        table="quotas",
        position=99,
        created_at=t0,
        created_by_name="Lim Sojin",
    )
    values = {"account": ACCOUNT, "region": "ap-northeast-2", "service": "ec2", "code": "L-1216C47A"}
    for name, value in values.items():
        Cell.objects.create(row=row, field=f"q_{name}", value=value, updated_at=t0)
    engagement.refresh_from_db()
    poll()
    return Board(engagement, simulator)


@pytest.fixture
def begin(simulator, poll):
    """`begin("capacity")`: the game day begins now; then `at(6)` polls and stands six minutes into it."""

    def start(key: str):
        simulator._ask("POST", "/_sim/gamedays", {"key": key, "account": ACCOUNT})
        began = simulator.now()

        def at(minute: float) -> None:
            poll(seconds=(began - simulator.now()).total_seconds() + minute * 60)

        return at

    return start


def test_before_a_game_day_the_board_is_well(board):
    assert board.alarms() == set() and board.quota_percent() < 90
    assert [tile["state"] for tile in board.metrics()] == ["ok", "ok", "ok"]
    assert EC2 not in board.health()


def test_capacity_shortage_at_doors_open(board, begin):
    at = begin("capacity")
    at(6)
    assert board.alarms() == {"portal-asg-at-maximum"}
    at(10)
    assert board.alarms() >= {"portal-asg-at-maximum", "portal-response-p95"}
    assert board.metric("Slow")["state"] == "over"
    at(13)
    assert board.alarms() >= {"portal-5xx", "portal-degraded"}
    at(40)
    assert not {name for name in board.alarms() if name.startswith("portal")}


def test_replication_lag_before_the_point_of_no_return(board, begin):
    at = begin("replication-lag")
    at(7)
    assert board.metric("Lag")["state"] == "over" and "enrol-db-replication-lag" in board.alarms()
    at(15)
    assert board.metric("Lag")["raw_value"] > 80
    at(28)
    assert board.metric("Lag")["state"] == "ok" and "enrol-db-replication-lag" not in board.alarms()


def test_a_regional_health_event_is_felt_before_it_is_told(board, begin):
    at = begin("regional-health")
    at(3)
    assert EC2 not in board.health()
    at(6)
    assert board.health()[EC2] == "open"
    assert board.metric("Slow")["state"] == "over"
    at(38)
    assert board.health()[EC2] == "closed"


def test_silent_monitoring_is_stale_and_never_zero(board, begin):
    at = begin("silent-monitoring")
    at(8)
    assert [tile["state"] for tile in board.metrics()] == ["stale"] * 3
    assert all(tile["raw_value"] for tile in board.metrics())
    at(24)
    assert [tile["state"] for tile in board.metrics()] == ["ok"] * 3
    began = board.simulator.now() - timedelta(minutes=24)
    hidden = MetricPoint.objects.filter(
        at__gte=began + timedelta(minutes=1), at__lt=began + timedelta(minutes=15)
    )
    assert not hidden.exists()


def test_a_quota_wall(board, begin):
    at = begin("quota-wall")
    at(14)
    assert board.quota_percent() == 100
    at(38)
    assert board.quota_percent() < 95


def test_a_third_party_failure_has_no_word_from_aws(board, begin):
    before = board.health()
    at = begin("third-party")
    at(8)
    assert board.metric("Paid")["state"] == "over"
    assert board.alarms() == set() and board.health().keys() == before.keys()
    at(30)
    assert board.metric("Paid")["state"] == "ok"


def test_each_game_day_has_moments_of_both_languages_and_a_test_here():
    tested = " ".join(name for name in globals() if name.startswith("test_"))
    words = {
        "capacity": "capacity", "replication-lag": "replication_lag", "regional-health": "regional_health",
        "silent-monitoring": "silent_monitoring", "quota-wall": "quota_wall", "third-party": "third_party",
    }  # fmt: skip
    for key, day in gameday.known().items():
        assert words[key] in tested
        for told in (day.title, day.story, *(moment["says"] for moment in day.moments)):
            assert set(told) == {"en", "ko"}


def test_ending_a_game_day_gives_the_story_back(board, begin, simulator):
    at = begin("replication-lag")
    at(10)
    simulator._ask("DELETE", "/_sim/gamedays", {"account": ACCOUNT})
    at(12)
    assert board.metric("Lag")["state"] == "ok"
