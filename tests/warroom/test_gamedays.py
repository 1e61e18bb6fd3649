"""What the board says at the named moments of each game day that ships, read over HTTP from the simulated AWS."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from engagements.models import Engagement
from iem_portal.registry import tiles
from iem_portal.simulator import gameday
from tests import factories
from warroom.models import MetricPoint
from warroom.panels import aws, telemetry
from warroom.tiles import with_room
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
    told_before: frozenset = frozenset()

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

    def text(self, tile: str) -> str:
        """What people read on a tile that has just been drawn, without its markup."""
        drawn = tiles.get(tile).draw(
            with_room(self.engagement.pk), audience="staff", now=self.simulator.now()
        )
        read = re.sub(
            r'<(svg|time)\b.*?</\1>|<span data-when="old">.*?</span></span>', " ", drawn, flags=re.DOTALL
        )
        return " ".join(re.sub(r"<[^>]*>", " ", read).split())

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
    made = Board(engagement, simulator)
    made.told_before = frozenset(made.health())
    return made


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


def capacity_6(board):
    assert board.alarms() == {"portal-asg-at-maximum"}
    assert "In alarm portal-asg-at-maximum" in board.text("alarms")


def capacity_10(board):
    assert board.alarms() >= {"portal-asg-at-maximum", "portal-response-p95"}
    assert board.metric("Slow")["state"] == "over"
    assert "In alarm portal-response-p95" in board.text("alarms") and "Over limit" in board.text("metrics")


def capacity_13(board):
    assert board.alarms() >= {"portal-5xx", "portal-degraded"}
    assert "In alarm portal-5xx" in board.text("alarms") and "In alarm portal-degraded" in board.text(
        "alarms"
    )


def capacity_40(board):
    assert not {name for name in board.alarms() if name.startswith("portal")}
    assert "In alarm portal" not in board.text("alarms")


def replication_lag_7(board):
    assert board.metric("Lag")["state"] == "over" and "enrol-db-replication-lag" in board.alarms()
    assert "Over limit limit 30 s" in board.text("metrics")
    assert "In alarm enrol-db-replication-lag" in board.text("alarms")


def replication_lag_15(board):
    assert board.metric("Lag")["raw_value"] > 80
    assert board.metric("Lag")["value"] in board.text("metrics")


def replication_lag_28(board):
    assert board.metric("Lag")["state"] == "ok" and "enrol-db-replication-lag" not in board.alarms()
    assert "Over limit" not in board.text("metrics")


def regional_health_3(board):
    assert EC2 not in board.health() and "EC2 operational issue" not in board.text("health")


def regional_health_6(board):
    assert board.health()[EC2] == "open" and "EC2 operational issue" in board.text("health")
    assert "Increased launch error rates" in board.text("health")
    assert board.metric("Slow")["state"] == "over"  # felt before it was told


def regional_health_38(board):
    assert board.health()[EC2] == "closed"


def silent_monitoring_6(board):
    assert [tile["state"] for tile in board.metrics()] == ["stale"] * 3
    assert all(tile["raw_value"] for tile in board.metrics())
    said = board.text("metrics")
    assert said.count("No new data") == 3 and "Normal" not in said
    began = board.simulator.now() - timedelta(minutes=6)
    assert all(abs(tile["data_until"] - began) <= timedelta(minutes=2) for tile in board.metrics())


def silent_monitoring_24(board):
    assert [tile["state"] for tile in board.metrics()] == ["ok"] * 3
    began = board.simulator.now() - timedelta(minutes=24)
    silent = {"at__gte": began + timedelta(minutes=1), "at__lt": began + timedelta(minutes=15)}
    assert not MetricPoint.objects.filter(**silent).exists()


def quota_wall_14(board):
    assert board.quota_percent() == 100 and "100 %" in board.text("quotas")


def quota_wall_38(board):
    assert board.quota_percent() < 95 and "100 %" not in board.text("quotas")


def third_party_8(board):
    assert board.metric("Paid")["state"] == "over" and "Under limit floor 80" in board.text("metrics")
    assert (
        board.alarms() == set() and board.health().keys() == board.told_before
    )  # nothing of AWS explains it


def third_party_30(board):
    assert board.metric("Paid")["state"] == "ok" and "Under limit" not in board.text("metrics")


#: What is asked of the board at each moment that a game day's file names.
PROOFS = {
    "capacity": {6: capacity_6, 10: capacity_10, 13: capacity_13, 40: capacity_40},
    "quota-wall": {14: quota_wall_14, 38: quota_wall_38},
    "regional-health": {3: regional_health_3, 6: regional_health_6, 38: regional_health_38},
    "replication-lag": {7: replication_lag_7, 15: replication_lag_15, 28: replication_lag_28},
    "silent-monitoring": {6: silent_monitoring_6, 24: silent_monitoring_24},
    "third-party": {8: third_party_8, 30: third_party_30},
}


@pytest.mark.parametrize("key", PROOFS)
def test_the_board_says_what_the_file_names_at_each_moment(board, begin, key):
    at = begin(key)
    for minute, proof in PROOFS[key].items():
        at(minute)
        proof(board)


def test_every_moment_of_every_game_day_is_proved_and_told_in_both_languages():
    for key, day in gameday.known().items():
        assert [moment["at_min"] for moment in day.moments] == list(PROOFS[key])
        for told in (day.title, day.story, *(moment["says"] for moment in day.moments)):
            assert set(told) == {"en", "ko"}


def test_ending_a_game_day_gives_the_story_back(board, begin, simulator):
    at = begin("replication-lag")
    at(10)
    simulator._ask("DELETE", "/_sim/gamedays", {"account": ACCOUNT})
    at(12)
    assert board.metric("Lag")["state"] == "ok"
