"""Every way in which AWS misbehaves, on the board: the right words on the right tile, the others as ever, and well
again without a restart. Over real HTTP, with the faults of the simulated AWS."""

import re
import socket
from datetime import timedelta
from itertools import pairwise

import pytest
from botocore.config import Config
from django.db import transaction
from django.test import override_settings

from engagements.models import Engagement
from iem_portal.aws import sessions
from iem_portal.registry import tiles
from tests import factories
from tests.warroom.conftest import begin_night, make_quota, make_watch
from warroom import poller
from warroom.charts.reading import as_json, opened
from warroom.models import MetricPoint, MetricSeries, PollTarget
from warroom.panels import aws, telemetry
from workbook.watches import watches

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Nobody tries twice, and nobody is hurried: how busy the machine is must not look like a fault.
ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=60, read_timeout=60)
TWICE = Config(retries={"mode": "standard", "total_max_attempts": 2})
HASTY = ONCE.merge(Config(read_timeout=0.5))
NEVER_LATE_S = 120

THROTTLED, ERROR, UNREADABLE = "throttling us", "answered with an error", "cannot be read"
#: What AWS or the network does, by the name of its row in the table of faults, and the words on the tile.
ROWS = {
    "ThrottlingException": ({"error": "ThrottlingException"}, THROTTLED),
    "Throttling": ({"error": "Throttling"}, THROTTLED),
    "TooManyRequests": ({"error": "TooManyRequestsException", "status": 429}, THROTTLED),
    "LimitExceeded": ({"error": "LimitExceeded"}, THROTTLED),
    "500": ({"error": "InternalFailure", "status": 500}, ERROR),
    "502 html": ({"raw": "<html>bad gateway</html>", "status": 502}, ERROR),
    "503": ({"error": "ServiceUnavailable", "status": 503}, ERROR),
    "200 html": ({"raw": "<html>It works</html>"}, UNREADABLE),
    "200 truncated": ({"truncate": 0.5}, UNREADABLE),
    "200 empty": ({"empty": True}, UNREADABLE),
    "200 {}": ({"raw": "{}"}, UNREADABLE),
    "corrupted bytes": ({"corrupt": True}, UNREADABLE),
    "cut mid-body": ({"cut": True}, ERROR),
    "TCP reset": ({"reset": True}, ERROR),
    "ExpiredToken": ({"error": "ExpiredTokenException", "status": 403}, "credentials have expired"),
    "RequestTimeTooSkewed": (
        {"error": "RequestTimeTooSkewed", "status": 403},
        "the clock of this server is wrong",
    ),
    "InvalidSignature": ({"error": "InvalidSignatureException", "status": 403}, "refused our credentials"),
    "AccessDenied": ({"error": "AccessDeniedException", "status": 403}, "no permission: "),
    "SubscriptionRequired": ({"error": "SubscriptionRequiredException"}, "the support plan does not allow"),
}
SOME = (
    "ThrottlingException", "500", "200 html", "200 empty", "ExpiredToken", "RequestTimeTooSkewed", "AccessDenied",
    "SubscriptionRequired",
)  # fmt: skip
# What the tile of each source says, and the permission that it needs.
TILES = {
    "GetMetricData": ("metrics", "cloudwatch:GetMetricData"),
    "DescribeAlarms": ("alarms", "cloudwatch:DescribeAlarms"),
    "DescribeEvents": ("health", "health:DescribeEvents"),
}


@pytest.fixture(scope="module")
def read_once(django_db_setup, django_db_blocker, running_simulator):
    """The night, read once without a fault, for all of these tests: each takes back what it changed."""
    at_simulator = {"AWS_ENDPOINT_URL": running_simulator.url, "SIMULATED_AWS": True}
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(**at_simulator),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AWS_ENDPOINT_URL", running_simulator.url)
        patch.setattr("warroom.windows.FIRST_BACKFILL_S", 900)  # a short past keeps the tests quick
        running_simulator.reset()
        sessions.forget()
        night = begin_night(factories.engagement(), running_simulator)
        poller.poll_due(running_simulator.now(), threads=1)
        yield night
        transaction.set_rollback(True)


@pytest.fixture
def reading(read_once, db, simulator, monkeypatch):
    """The night, read once without a fault; from here on nobody tries twice."""
    simulator.at_minute(80.5)
    monkeypatch.setattr("warroom.windows.FIRST_BACKFILL_S", 900)
    monkeypatch.setattr(sessions, "CONFIG", ONCE)
    monkeypatch.setattr(poller, "TARGET_DEADLINE_S", NEVER_LATE_S)
    return Engagement.objects.get(pk=read_once.pk)


def words_of(engagement, simulator) -> dict[str, str]:
    """What each tile says is wrong with its source; "" for nothing."""
    fresh, now = Engagement.objects.get(pk=engagement.pk), simulator.now()
    drawn = telemetry.metrics(fresh, now)["tiles"]
    said = {"metrics": next((tile["fault"]["words"] for tile in drawn if tile["fault"]), "")}
    for name, panel in (("alarms", aws.alarms), ("health", aws.health)):
        said[name] = next((fault["words"] for _target, fault in panel(fresh, now)["faults"]), "")
    return said


def has_no_gap() -> bool:
    times = MetricPoint.objects.order_by("at").values_list("at", flat=True)
    return all(later - earlier == timedelta(minutes=1) for earlier, later in pairwise(times))


def stands_alone(said: dict[str, str], tile: str, words: str) -> bool:
    return words in said.pop(tile) and set(said.values()) == {""}


@pytest.mark.parametrize("row", ROWS)
def test_a_fault_is_said_on_its_tile_alone_and_heals(reading, poll, simulator, row):
    action, words = ROWS[row]
    rule = simulator.fault(action, operation="GetMetricData")
    poll(minutes=2)
    assert rule in {one["rule"] for one in simulator.fired()}
    assert stands_alone(words_of(reading, simulator), "metrics", words)
    html = tiles.get("metrics").render(reading.pk, audience="customer", now=simulator.now())
    tile = telemetry.metrics(Engagement.objects.get(pk=reading.pk), simulator.now())["tiles"][0]
    assert words in html and tile["raw_value"] > 30 and tile["data_until"], (
        "the last value stays, with its age"
    )
    simulator.mend()
    poll(minutes=16)
    assert set(words_of(reading, simulator).values()) == {""} and has_no_gap()


@pytest.mark.parametrize(
    ("action", "config", "deadline_s"),
    [({"latency_s": 1.5}, HASTY, NEVER_LATE_S), ({"drip_s": 0.2}, ONCE, 0.6)],
    ids=["hangs", "drips"],
)
def test_a_server_that_is_late_is_said_and_heals(
    reading, poll, simulator, monkeypatch, action, config, deadline_s
):
    # The others are read when nobody is in a hurry.
    PollTarget.objects.exclude(source="metrics").update(next_poll_at=simulator.now() + timedelta(minutes=5))
    simulator.fault(action, operation="GetMetricData")
    with monkeypatch.context() as hurried:
        hurried.setattr(sessions, "CONFIG", config)
        hurried.setattr(poller, "TARGET_DEADLINE_S", deadline_s)
        sessions.forget()
        assert poll(minutes=2) == 1
    assert stands_alone(words_of(reading, simulator), "metrics", "did not answer in time")
    simulator.mend()
    sessions.forget()
    poll(minutes=16)
    assert set(words_of(reading, simulator).values()) == {""} and has_no_gap()


@pytest.mark.parametrize("operation", ["DescribeAlarms", "DescribeEvents"])
@pytest.mark.parametrize("row", SOME)
def test_the_same_holds_for_alarms_and_health(reading, poll, simulator, operation, row):
    (action, words), (tile, _permission) = ROWS[row], TILES[operation]
    before = {name: len(rows) for name, rows in shown(reading, simulator).items()}
    simulator.fault(action, operation=operation)
    poll(minutes=2)
    assert stands_alone(words_of(reading, simulator), tile, words)
    assert {name: len(rows) for name, rows in shown(reading, simulator).items()} == before
    simulator.mend()
    poll(minutes=16)
    assert set(words_of(reading, simulator).values()) == {""}


QUOTA = {"account": "111122223333", "region": "ap-northeast-2", "service": "ec2", "code": "L-1216C47A"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("ThrottlingException", THROTTLED),
        ("200 {}", UNREADABLE),
        ("AccessDenied", "no permission: servicequotas:ListServiceQuotas"),
    ],
)
def test_the_same_holds_for_quotas_and_what_was_read_stays(reading, poll, simulator, row, words):
    make_quota(reading, **QUOTA)
    poll(minutes=2)
    simulator.fault(ROWS[row][0], operation="ListServiceQuotas")
    poll(minutes=6)
    shown = aws.quotas(Engagement.objects.get(pk=reading.pk), simulator.now())
    ((_target, fault),) = shown["faults"]
    assert words in fault["words"] and "," not in fault["words"]
    assert shown["used"][0].percent is not None and set(words_of(reading, simulator).values()) == {""}
    simulator.mend()
    poll(minutes=16)
    assert aws.quotas(Engagement.objects.get(pk=reading.pk), simulator.now())["faults"] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("throttled", "AWS is throttling us."), ("plan", "does not include the Support API")],
)
def test_the_tile_of_support_cases_says_what_is_wrong_with_one_alone(reading, kind, words, now):
    at = {"detected_at": now, "declared_at": now}
    problem = reading.escalations.create(
        number=1, title="Slow", severity="high", lane="technical", opened_by_name="x", plan="enterprise", **at
    )
    for name, problem_kind in (("case-bad", kind), ("case-good", "")):
        problem.cases.create(
            case_id=name, problem=problem_kind, account_id="1", created_at=now, linked_at=now, by_name="x"
        )
    html = tiles.get("cases").render(reading.pk, audience="staff", now=now)
    assert html.count(words) == 1
    assert html.index("case-bad") < html.index(words)


def shown(engagement, simulator) -> dict[str, list]:
    fresh, now = Engagement.objects.get(pk=engagement.pk), simulator.now()
    return {"alarms": aws.alarms(fresh, now)["speaking"], "health": aws.health(fresh, now)["events"]}


@pytest.mark.parametrize("operation", TILES)
def test_a_missing_permission_is_named_and_asked_for_in_a_quarter_of_an_hour(
    reading, poll, simulator, operation
):
    tile, permission = TILES[operation]
    simulator.fault({"error": "AccessDenied", "status": 403}, operation=operation)
    poll(minutes=2)
    assert words_of(reading, simulator)[tile] == f"no permission: {permission}"
    asked = len(simulator.calls(operation=operation))
    poll(minutes=10)
    assert len(simulator.calls(operation=operation)) == asked
    poll(minutes=6)
    assert len(simulator.calls(operation=operation)) == asked + 1


@pytest.mark.parametrize("row", ["RequestTimeTooSkewed", "InvalidSignature"])
def test_of_a_clock_that_may_be_wrong_both_are_shown(reading, poll, simulator, row):
    simulator.fault(ROWS[row][0], operation="GetMetricData")
    poll(minutes=2)
    html = tiles.get("sources").render(reading.pk, audience="customer", now=simulator.now())
    assert re.search(r"AWS&#x27;s clock \w{3}, \d.+ GMT, ours \w{3}, \d.+ GMT", html)


def test_a_session_that_expires_is_renewed_once_and_nobody_notices(reading, poll, simulator):
    simulator.fault({"error": "ExpiredTokenException", "status": 403}, operation="GetMetricData", times=1)
    poll(minutes=2)
    assert len(simulator.fired()) == 1 and set(words_of(reading, simulator).values()) == {""}


@pytest.mark.parametrize("row", ["cut mid-body", "TCP reset", "500"])
def test_what_happens_once_is_asked_again_within_the_poll(reading, poll, simulator, monkeypatch, row):
    monkeypatch.setattr(sessions, "CONFIG", sessions.CONFIG.merge(TWICE))
    simulator.fault(ROWS[row][0], operation="DescribeEvents", times=1)
    poll(minutes=2)
    assert len(simulator.fired()) == 1 and words_of(reading, simulator)["health"] == ""


def test_a_chart_without_any_value_says_why(reading, poll, simulator):
    row = make_watch(reading, "Capacity", metric="GroupMaxSize")
    simulator.fault(ROWS["AccessDenied"][0], operation="GetMetricData")
    poll(minutes=2)
    fresh = Engagement.objects.get(pk=reading.pk)
    watch = next(one for one in watches(fresh) if one.row_id == row.pk)
    one = opened(fresh, watch, span="3h", audience="customer", now=simulator.now())
    assert one.tile["fault"]["words"] == "no permission: cloudwatch:GetMetricData"
    drawn = as_json(one, reader_zone="UTC")
    assert (drawn["value"], drawn["state"], drawn["columns"]["t"]) == (None, "never", []), (
        "no zero stands there"
    )


# --- answers that are well formed and wrong ------------------------------------------------------------------------


@pytest.fixture
def two(reading, poll):
    """A second metric beside the first; both read once."""
    make_watch(
        reading,
        "Capacity",
        namespace="AWS/AutoScaling",
        metric="GroupMaxSize",
        dims=[["AutoScalingGroupName", "portal"]],
    )
    poll(minutes=2)
    return reading


def faults_of_both(engagement, simulator) -> list[str]:
    drawn = telemetry.metrics(Engagement.objects.get(pk=engagement.pk), simulator.now())["tiles"]
    return [tile["fault"]["words"] if tile["fault"] else "" for tile in drawn]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("partial", "only in part"),
        ("internal_error", "only in part"),
        ("forbidden", "no permission: cloudwatch:GetMetricData"),
        ("drop_half", "only in part"),
        ("mismatch", UNREADABLE),
        ("nan", UNREADABLE),
    ],
)
def test_one_metric_that_is_not_whole_says_so_and_keeps_its_cursor(two, poll, simulator, edit, words):
    first, second = MetricSeries.objects.order_by("pk")
    simulator.fault({"edit": edit}, operation="GetMetricData")
    poll(minutes=2)
    said = faults_of_both(two, simulator)
    assert words in said[0] and said[1] == ""
    cursors = [one.cursor_at for one in (first, second)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.cursor_at == cursors[0] and second.cursor_at > cursors[1]
    assert not MetricPoint.objects.filter(series=first, value=0).exists(), "missing is never zero"
    simulator.mend()
    poll(minutes=2)
    assert faults_of_both(two, simulator) == ["", ""]
    first.refresh_from_db()
    assert first.cursor_at > cursors[0]


@pytest.mark.parametrize("edit", ["duplicates", "unsorted", "token_loop", "new_tokens"])
def test_odd_pages_and_orders_are_put_right(two, poll, simulator, edit):
    asked = len(simulator.calls(operation="GetMetricData"))
    simulator.fault({"edit": edit}, operation="GetMetricData")
    poll(minutes=2)
    assert faults_of_both(two, simulator) == ["", ""]
    assert len(simulator.calls(operation="GetMetricData")) - asked <= 50
    assert MetricPoint.objects.filter(series=MetricSeries.objects.earliest("pk")).count() >= 14


@pytest.mark.parametrize("edit", ["token_loop", "new_tokens"])
def test_alarm_pages_without_an_end_are_said(reading, poll, simulator, edit):
    simulator.fault({"edit": edit}, operation="DescribeAlarms")
    poll(minutes=2)
    assert stands_alone(words_of(reading, simulator), "alarms", "only in part")


# --- nobody there --------------------------------------------------------------------------------------------------


def test_a_refused_connection_is_said_and_health_goes_on(reading, poll, simulator, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", f"http://127.0.0.1:{taken.getsockname()[1]}")
        sessions.forget()
        poll(minutes=2)
    said = words_of(reading, simulator)
    assert ERROR in said["metrics"] and ERROR in said["alarms"] and said["health"] == ""
    monkeypatch.delenv("AWS_ENDPOINT_URL_CLOUDWATCH")
    sessions.forget()
    poll(minutes=6)
    assert set(words_of(reading, simulator).values()) == {""} and has_no_gap()


def test_a_name_that_does_not_resolve_is_said_and_health_goes_on(reading, poll, simulator, monkeypatch):
    resolve = socket.getaddrinfo

    def nowhere(host, *args, **kwargs):
        if host == "localhost":
            raise socket.gaierror("no such name")
        return resolve(host, *args, **kwargs)

    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", simulator.url.replace("127.0.0.1", "localhost"))
    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    sessions.forget()
    poll(minutes=2)
    said = words_of(reading, simulator)
    assert ERROR in said["metrics"] and said["health"] == ""
    assert PollTarget.objects.get(source="health").last_error_kind == ""
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    poll(minutes=6)
    assert set(words_of(reading, simulator).values()) == {""} and has_no_gap()
