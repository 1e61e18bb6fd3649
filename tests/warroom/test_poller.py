"""Polling the simulated AWS over real HTTP: what is read, kept, said, and when it is asked again."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement, TimelineEntry
from iem_portal.aws.models import AwsCall
from iem_portal.celery import app
from iem_portal.live.models import TopicTile
from tests.warroom.bulk import fleet
from warroom import poller, room, scope
from warroom.models import AlarmState, HealthEvent, MetricPoint, MetricSeries, PollTarget, WarRoom
from warroom.panels import aws, telemetry
from warroom.sources.metrics import prune

pytestmark = pytest.mark.django_db


def target(source, region="ap-northeast-2") -> PollTarget:
    return PollTarget.objects.get(source=source, region="us-east-1" if source == "health" else region)


def metric_tile(engagement, now):
    return telemetry.metrics(Engagement.objects.get(pk=engagement.pk), now)["tiles"][0]


def test_the_first_poll_opens_the_room_and_reads_all_three_sources(night, poll):
    assert poll() == 3
    assert WarRoom.objects.get(engagement=night).is_open
    assert MetricPoint.objects.count() >= 175
    assert AlarmState.objects.count() == 7 and HealthEvent.objects.count() == 3
    assert AwsCall.objects.filter(operation="GetMetricData", metrics=1).exists()


def test_a_target_that_is_not_due_is_left_alone(night, poll):
    poll()
    assert poll(seconds=5) == 0
    assert poll(seconds=11) == 1  # the alarms, after 15 seconds


def test_metrics_are_asked_soon_after_the_minute(night, poll, simulator):
    poll()
    after_minute = target("metrics").next_poll_at.second
    assert 15 <= after_minute <= 30
    assert target("metrics").next_poll_at - simulator.now() <= timedelta(seconds=90)


def test_a_target_can_be_claimed_once(night, simulator):
    now = simulator.now()
    scopes = {night.pk: scope.scope_of(night)}
    poller.sync_targets(scopes, now)
    row = poller.due(scopes, now)[0]
    again = PollTarget.objects.get(pk=row.pk)
    assert poller.claim(row, scopes, now) is not None
    assert poller.claim(again, scopes, now) is None


def test_a_lease_that_ran_out_frees_the_target(night, simulator):
    now = simulator.now()
    scopes = {night.pk: scope.scope_of(night)}
    poller.sync_targets(scopes, now)
    assert poller.claim(poller.due(scopes, now)[0], scopes, now)
    held = timedelta(seconds=poller.LEASE_S)
    assert len(poller.due(scopes, now + held - timedelta(seconds=1))) == 2
    assert len(poller.due(scopes, now + held + timedelta(minutes=1))) == 3


def test_an_outage_of_the_poller_leaves_no_gap(night, poll, simulator):
    poll()
    poll(minutes=25)
    poll(minutes=12)  # late values of the newest minutes have settled
    times = list(MetricPoint.objects.order_by("at").values_list("at", flat=True))
    assert all(later - earlier == timedelta(minutes=1) for earlier, later in pairwise(times))
    assert simulator.now() - times[-1] < timedelta(minutes=4)


def test_reading_again_changes_nothing_twice(night, poll):
    poll()
    count = MetricPoint.objects.count()
    PollTarget.objects.update(next_poll_at=night.starts_at, lease_until=None)
    poll()
    assert MetricPoint.objects.count() == count


def test_a_poll_takes_as_many_statements_for_forty_metrics_as_for_four(night, poll, simulator):
    counts = []
    for more in (3, 36):
        fleet(night, more)
        poll(minutes=1)
        # Only the metrics are due, and they are due at the same second of the minute.
        PollTarget.objects.exclude(source="metrics").update(next_poll_at=simulator.now() + timedelta(hours=9))
        poll(minutes=2)
        with CaptureQueriesContext(connection) as asked:
            assert poll(minutes=2) == 1
        counts.append([one["sql"].split(" ", 1)[0] for one in asked.captured_queries])
    assert counts[0] == counts[1]


def test_the_newest_points_are_provisional_until_aws_no_longer_changes_them(night, poll, simulator):
    poll()
    newest = MetricPoint.objects.latest("at")
    assert newest.is_provisional
    poll(minutes=15)
    newest.refresh_from_db()
    assert not newest.is_provisional


def test_an_alarm_goes_on_the_timeline_at_the_time_aws_gives_it(night, poll, simulator):
    poll()
    entry = TimelineEntry.objects.get(phrase="alarm.raised", params__name="enrol-db-replication-lag")
    assert abs(entry.at - (night.starts_at + timedelta(minutes=69))) <= timedelta(minutes=2)
    assert entry.kind == "aws"


def test_an_alarm_that_clears_is_said_once(night, poll, simulator):
    simulator.at_minute(50)
    poll()
    assert AlarmState.objects.get(name="dx-bgp-session-2").state == "ALARM"
    poll(minutes=20)
    poll(minutes=1)
    assert TimelineEntry.objects.filter(phrase="alarm.cleared", params__name="dx-bgp-session-2").count() == 1
    shown = aws.alarms(Engagement.objects.get(pk=night.pk), simulator.now())
    assert [alarm.name for alarm in shown["cleared"]] == ["dx-bgp-session-2"]


def test_health_keeps_text_and_resources_and_says_what_is_news(night, poll):
    poll()
    issue = HealthEvent.objects.get(code="AWS_DIRECTCONNECT_OPERATIONAL_ISSUE")
    assert issue.text and len(issue.entities) == 1
    assert TimelineEntry.objects.filter(phrase="health.opened", params__code=issue.code).count() == 1


def test_a_health_text_that_could_not_be_read_is_asked_for_again(night, poll):
    poll()
    HealthEvent.objects.filter(code="AWS_DIRECTCONNECT_OPERATIONAL_ISSUE").update(text="")
    poll(minutes=2)
    assert HealthEvent.objects.get(code="AWS_DIRECTCONNECT_OPERATIONAL_ISSUE").text


def test_a_metric_that_stops_sending_is_said_and_looks_old(night, poll, watch, simulator):
    watch(
        "Payment approvals",
        namespace="Garamsoop/Pay",
        metric="ApprovalRate",
        dims=[["Gateway", "main"]],
        stat="Average",
        direction="below",
        crit="97",
    )
    poll()
    tile = telemetry.metrics(Engagement.objects.get(pk=night.pk), simulator.now())["tiles"][1]
    assert (tile["state"], tile["spark"].gap is not None) == ("stale", True)
    assert TimelineEntry.objects.filter(phrase="metric.silent").count() == 1


def test_a_poll_announces_only_what_changed(night, poll, simulator):
    poll()
    TopicTile.objects.all().delete()
    poll(seconds=15)
    assert not TopicTile.objects.filter(tile="alarms").exists()


def test_time_alone_redraws_the_board_once_a_minute(night, poll):
    poll()
    first = TopicTile.objects.get(tile="lanes").version
    poll(seconds=20)
    assert TopicTile.objects.get(tile="lanes").version == first
    poll(seconds=45)
    assert TopicTile.objects.get(tile="lanes").version > first


@pytest.mark.parametrize(
    ("action", "kind", "word", "pause"),
    [
        ({"error": "ThrottlingException"}, "throttled", "throttling", timedelta(minutes=1)),
        (
            {"error": "AccessDenied", "status": 403},
            "permission",
            "cloudwatch:GetMetricData",
            timedelta(minutes=15),
        ),
        ({"error": "InternalFailure", "status": 500}, "transient", "error", timedelta(seconds=15)),
    ],
)
def test_a_fault_is_kept_said_in_words_and_asked_again_later(
    night, poll, simulator, action, kind, word, pause
):
    simulator.fault(action, operation="GetMetricData")
    before = simulator.now()
    poll()
    row, now = target("metrics"), simulator.now()
    assert (row.last_error_kind, row.last_ok_at) == (kind, None)
    slack = timedelta(seconds=5)
    assert before - slack < row.next_poll_at - pause < now + slack
    assert word in metric_tile(night, now)["fault"]["words"]
    assert target("alarms").last_ok_at, "one bad source must not stop the others"


def test_a_plan_without_health_says_so(night, poll, simulator):
    simulator.fault({"error": "SubscriptionRequiredException"}, operation="DescribeEvents")
    poll()
    (_, fault), *_ = aws.health(Engagement.objects.get(pk=night.pk), simulator.now())["faults"]
    assert "support plan" in fault["words"]


def test_a_fault_that_ends_is_forgotten(night, poll, simulator):
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="GetMetricData", times=10)
    poll()
    simulator.reset()
    simulator.at_minute(82.5)
    PollTarget.objects.update(next_poll_at=night.starts_at)
    poll()
    assert (target("metrics").last_error_kind, target("metrics").failures_in_a_row) == ("", 0)
    assert metric_tile(night, simulator.now())["fault"] is None


def test_an_answer_in_part_moves_no_cursor(night, poll, simulator):
    poll()
    before = MetricSeries.objects.get().cursor_at
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="GetMetricData")
    poll(minutes=2)
    assert MetricSeries.objects.get().cursor_at == before


def test_polling_that_stopped_is_said(night, poll, simulator):
    poll()
    assert metric_tile(night, simulator.now() + timedelta(minutes=10))["fault"]["kind"] == "stopped"


def test_a_closed_room_is_not_polled_and_an_open_plan_is(night, poll, tam, simulator):
    poll()
    room.close_room(engagement=night, by=tam, now=simulator.now())
    assert poll(minutes=2) == 0
    assert not PollTarget.objects.filter(is_active=True).exists()
    Engagement.objects.filter(pk=night.pk).update(phase="plan")
    room.open_room(engagement=night, by=tam, now=simulator.now())
    assert poll(minutes=1) == 3


def test_a_changed_specification_begins_a_new_series(night, poll, simulator):
    poll()
    row = MetricSeries.objects.get().watch_row
    cell = night.workbook_rows.get(pk=row).cells.get(field="mt_stat")
    type(cell).objects.filter(pk=cell.pk).update(value="Average")
    PollTarget.objects.update(next_poll_at=night.starts_at)
    poll()
    assert MetricSeries.objects.filter(watch_row=row).count() == 2


def test_one_bad_account_does_not_hold_up_the_others(night, poll, simulator):
    other = Engagement.objects.get(pk=night.pk)
    other.aws_accounts.create(account_id="444455556666")
    simulator.fault({"error": "AccessDenied", "status": 403}, account="444455556666")
    poll()
    assert target_of("111122223333").last_ok_at
    assert target_of("444455556666").last_error_kind == "permission"


def target_of(account) -> PollTarget:
    return PollTarget.objects.get(source="alarms", account_id=account)


def test_old_points_are_forgotten(night, poll, simulator):
    poll()
    assert prune(simulator.now()) == 0
    assert prune(simulator.now() + timedelta(days=16)) >= 175


def test_the_tasks_are_found_by_the_timetable():
    app.loader.import_default_modules()
    wanted = {
        entry["task"] for entry in app.conf.beat_schedule.values() if entry["task"].startswith("warroom.")
    }
    assert wanted and wanted <= set(app.tasks)
