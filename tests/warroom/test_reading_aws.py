"""The floor of calls, the history of alarms, late values after an outage, several accounts, and the use of quotas."""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from engagements.models import Engagement, TimelineEntry
from iem_portal.aws.models import AwsCall
from iem_portal.live.models import TopicTile
from iem_portal.registry import tiles
from tests import factories
from tests.warroom.bulk import fleet
from tests.warroom.conftest import make_quota
from warroom import poller, pulse, room
from warroom.models import (
    AccountSetup,
    AlarmChange,
    AlarmState,
    HealthEvent,
    HealthWord,
    MetricPoint,
    MetricSeries,
    PollPulse,
    PollTarget,
    QuotaUse,
)
from warroom.panels import aws, telemetry
from warroom.scope import scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def fresh(engagement) -> Engagement:
    return Engagement.objects.get(pk=engagement.pk)


# --- the floor of calls --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "calls"), [(10, 1), (500, 1), (1_001, 3)])
def test_a_poll_costs_exactly_the_floor_of_calls(night, poll, simulator, monkeypatch, count, calls):
    fleet(night, count - 1)  # and the one that is watched anyway
    # What is read does not change how often it is asked: a first window of one minute keeps 1,001 metrics quick.
    monkeypatch.setattr("warroom.windows.FIRST_BACKFILL_S", 60)
    poll()
    asked = simulator.calls(operation="GetMetricData")
    assert len(asked) == calls and sum(call["metrics"] for call in asked) == count
    assert simulator.calls(operation="ListMetrics") == simulator.calls(operation="GetMetricStatistics") == []
    told = AwsCall.objects.get(operation="GetMetricData")
    assert (told.calls, told.attempts, told.metrics, told.statistics) == (calls, calls, count, count)
    assert told.engagement_id == night.pk and float(told.usd) == pytest.approx(count * 0.00001)


def test_each_account_and_region_costs_its_own_floor_and_no_more(night, poll, watch, simulator):
    factories.aws_account(night, "333344445555")
    for account, region in (
        ("111122223333", "ap-northeast-2"),
        ("111122223333", "us-east-1"),
        ("333344445555", "us-east-1"),
    ):
        watch("Another", account=account, region=region, metric="CDCLatencySource")
        watch("And one", account=account, region=region, metric="CDCIncomingChanges")
    poll()
    asked = simulator.calls(operation="GetMetricData")
    places = [(call["account"], call["region"], call["metrics"]) for call in asked]
    assert sorted(places) == [
        ("111122223333", "ap-northeast-2", 3),
        ("111122223333", "us-east-1", 2),
        ("333344445555", "us-east-1", 2),
    ]
    assert AwsCall.objects.filter(operation="GetMetricData").count() == 3


def test_periods_statistics_and_math_share_one_call(night, poll, watch, simulator):
    sessions = {"namespace": "Garamsoop/Portal", "metric": "ActiveSessions", "dims": [["Service", "portal"]]}
    balancer = {"namespace": "AWS/ApplicationELB", "dims": [["LoadBalancer", "app/portal/50dc6c495c0c9188"]]}
    watch("Busy", **sessions, stat="Average", period=30)
    watch("p99", **balancer, metric="TargetResponseTime", stat="p99")
    watch("tm90", **balancer, metric="TargetResponseTime", stat="tm90", period=300)
    watch("Errors", **balancer, metric="HTTPCode_Target_5XX_Count / RequestCount * 100", stat="Sum", unit="%")
    poll()
    assert len(simulator.calls(operation="GetMetricData")) == 1
    drawn = telemetry.metrics(fresh(night), simulator.now())["tiles"]
    assert [tile["fault"] for tile in drawn] == [None] * 5
    assert all(tile["value"] for tile in drawn)
    assert 0 < drawn[4]["raw_value"] < 1
    steps = MetricPoint.objects.filter(series__watch_row=drawn[1]["watch"].row_id)
    assert steps.count() > 2 * 170, "thirty seconds each"


def test_the_running_bucket_is_never_stored(night, poll, watch, simulator):
    slow = watch("Slow", period=300)
    poll()
    for one in MetricSeries.objects.all():
        seconds = 300 if one.watch_row == slow.pk else 60
        assert one.last_at + timedelta(seconds=seconds) <= simulator.now()


def test_a_few_high_resolution_metrics_are_read_every_ten_seconds(night, poll, watch, simulator):
    words = {"namespace": "Garamsoop/Portal", "metric": "ActiveSessions", "dims": [["Service", "portal"]]}
    watch("Busy", **words, stat="Average", period=10)
    poll()
    PollTarget.objects.exclude(source="metrics-fast").update(
        next_poll_at=simulator.now() + timedelta(hours=1)
    )
    before = len(simulator.calls(operation="GetMetricData"))
    for _ in range(3):
        assert poll(seconds=11) == 1
    assert len(simulator.calls(operation="GetMetricData")) - before == 3
    read_at = PollTarget.objects.get(source="metrics-fast").last_ok_at
    tile = telemetry.metrics(fresh(night), read_at)["tiles"][1]
    assert read_at - tile["data_until"] <= timedelta(seconds=30) and tile["fault"] is None


# --- late values and outages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lag_s", [60, 180, 400])
def test_after_an_outage_nothing_is_missing_and_nothing_is_wrong(
    night, poll, simulator, lag_s, running_world
):
    series = running_world(lag_s=lag_s, converge_s=180)
    poll()
    PollTarget.objects.exclude(source="metrics").update(next_poll_at=simulator.now() + timedelta(days=1))
    for _ in range(5):
        poll(minutes=1)
    poll(minutes=25)
    for _ in range(16):
        poll(minutes=1)
    settled = simulator.now() - timedelta(minutes=15)
    found = MetricPoint.objects.filter(at__lt=settled).order_by("at")
    times = [one.at for one in found]
    assert times == [times[0] + timedelta(minutes=n) for n in range(len(times))] and times[
        -1
    ] >= settled - timedelta(minutes=1)
    t0 = int(simulator.t0().timestamp())
    right = {
        at: series.statistic("Maximum", int(at.timestamp()), 60, t0=t0, now=float("inf")) for at in times
    }
    assert [one.at for one in found if one.value != pytest.approx(right[one.at])] == []
    assert not found.filter(is_provisional=True).exists()
    # What AWS shows six minutes later than it was is late, and stays so; what nobody asked for in time is not.
    seen_at = simulator.t0() + timedelta(minutes=80.5)
    late = found.filter(late_s__isnull=False)
    assert late.exists() == (lag_s == 400) and not late.filter(at__lt=seen_at - timedelta(minutes=8)).exists()
    if lag_s == 400:
        html = tiles.get("metrics").render(night.pk, audience="customer", now=simulator.now())
        assert 'class="late"' in html and "arrived late" in html


# --- alarms --------------------------------------------------------------------------------------------------------


def test_a_flap_between_two_polls_is_kept_and_told(night, poll, simulator):
    simulator.at_minute(30)
    poll()
    poll(minutes=42)  # the session went down at 37 and came back at 64
    told = TimelineEntry.objects.filter(params__name="dx-bgp-session-2").order_by("at")
    assert [one.phrase for one in told] == ["alarm.raised", "alarm.cleared"]
    assert timedelta(minutes=25) < told[1].at - told[0].at < timedelta(minutes=29)
    alarm = AlarmState.objects.get(name="dx-bgp-session-2")
    assert (alarm.state, alarm.previous_state) == ("OK", "ALARM")
    shown = aws.alarms(fresh(night), simulator.now())
    assert "dx-bgp-session-2" in [one.name for one in shown["cleared"]]


def test_alarms_of_all_three_kinds_are_read_with_their_history(night, poll, simulator, monkeypatch):
    book = simulator.world.alarms
    specs = [
        replace(one, is_log=True) if one.name == "enrol-db-replication-lag" else one for one in book.specs
    ]
    monkeypatch.setattr(book, "specs", specs)
    poll()
    kinds = {one.name: one.kind for one in AlarmState.objects.all()}
    assert (kinds["enrol-db-replication-lag"], kinds["portal-degraded"]) == ("log", "composite")
    assert list(kinds.values()).count("metric") == 5
    assert AlarmChange.objects.filter(name="enrol-db-replication-lag", kind="log", state="ALARM").count() == 1
    html = tiles.get("alarms").render(night.pk, audience="customer", now=simulator.now())
    assert 'enrol-db-replication-lag <span class="dim">log</span>' in html


def test_the_history_is_asked_for_only_when_something_moved(night, poll, simulator):
    simulator.at_minute(10)
    poll()
    poll(minutes=3)
    asked = len(simulator.calls(operation="DescribeAlarmHistory"))
    poll(minutes=1)
    assert len(simulator.calls(operation="DescribeAlarmHistory")) == asked


def test_a_change_is_told_once_however_often_it_is_read(night, poll, simulator):
    simulator.at_minute(66)
    poll()
    for _ in range(6):
        poll(minutes=1)
    raised = TimelineEntry.objects.filter(phrase="alarm.raised", params__name="enrol-db-replication-lag")
    assert raised.count() == 1
    assert AlarmChange.objects.filter(name="enrol-db-replication-lag", state="ALARM").count() == 1


def test_an_alarm_that_goes_off_again_and_again_says_how_often(night, poll, simulator):
    poll()
    alarm, now = AlarmState.objects.get(name="enrol-db-replication-lag"), simulator.now()
    for minutes in (5, 10, 15):
        AlarmChange.objects.create(
            engagement=night,
            account_id=alarm.account_id,
            region=alarm.region,
            name=alarm.name,
            at=now - timedelta(minutes=minutes, seconds=7),
            state="ALARM",
            seen_at=now,
        )
    shown = aws.alarms(fresh(night), now)["speaking"]
    assert next(one.raised for one in shown if one.name == alarm.name) >= 3


def test_without_its_history_an_alarm_is_still_an_alarm(night, poll, simulator):
    simulator.fault({"error": "AccessDenied", "status": 403}, operation="DescribeAlarmHistory")
    poll()
    assert AlarmState.objects.filter(state="ALARM").exists()
    assert PollTarget.objects.get(source="alarms").last_error_kind == ""


# --- Health --------------------------------------------------------------------------------------------------------


def test_every_version_of_what_aws_said_is_kept(night, poll, simulator):
    simulator.at_minute(-40)
    poll()
    for _ in range(8):
        poll(minutes=20)
    event = HealthEvent.objects.get(code="AWS_DIRECTCONNECT_OPERATIONAL_ISSUE")
    words = list(HealthWord.objects.filter(event=event))
    assert len(words) > 1 and len({one.text for one in words}) == len(words)


def test_a_scheduled_change_in_our_window_stands_before_others(night, poll, simulator):
    poll()
    event = HealthEvent.objects.get(category="scheduledChange")
    HealthEvent.objects.filter(pk=event.pk).update(
        status="upcoming", started_at=night.starts_at + timedelta(hours=2), ended_at=None
    )
    assert next(one.is_in_window for one in shown_health(night, simulator) if one.pk == event.pk)
    HealthEvent.objects.filter(pk=event.pk).update(started_at=night.ends_at + timedelta(hours=1))
    assert not next(one.is_in_window for one in shown_health(night, simulator) if one.pk == event.pk)


def shown_health(engagement, simulator) -> list[HealthEvent]:
    return aws.health(fresh(engagement), simulator.now())["events"]


def test_one_account_can_tell_the_health_of_the_whole_organisation(night, poll, simulator, now):
    factories.aws_account(night, "333344445555")
    AccountSetup.objects.create(
        engagement=night,
        account_id="333344445555",
        health_view="organization",
        changed_at=now,
        changed_by_name="x",
    )
    poll()
    assert PollTarget.objects.get(source="health", is_active=True).account_id == "333344445555"
    assert HealthEvent.objects.get(scope="ACCOUNT_SPECIFIC", status="open").account_id == "111122223333"
    shown = aws.health(fresh(night), simulator.now())["events"]
    assert len({one.arn for one in shown}) == len(shown)


def test_a_monitoring_account_reads_the_metrics_of_another(night, poll, simulator, now):
    factories.aws_account(night, "333344445555")
    AccountSetup.objects.create(
        engagement=night,
        account_id="111122223333",
        monitored_by="333344445555",
        changed_at=now,
        changed_by_name="x",
    )
    poll()
    assert {call["account"] for call in simulator.calls(operation="GetMetricData")} == {"333344445555"}
    tile = telemetry.metrics(fresh(night), simulator.now())["tiles"][0]
    assert tile["value"] and tile["reader"].account_id == "333344445555"


# --- quotas --------------------------------------------------------------------------------------------------------


def test_the_use_of_the_quotas_in_the_workbook_is_read(night, poll, simulator):
    make_quota(night, account="111122223333", region="ap-northeast-2", service="ec2", code="L-1216C47A")
    make_quota(night, account="111122223333", region="ap-northeast-2", service="ec2")
    poll()
    use = QuotaUse.objects.get()
    assert use.used is not None and 0 < use.share <= 1
    shown = aws.quotas(fresh(night), simulator.now())
    assert shown["used"][0].percent == round(use.share * 100) and shown["is_read"]


# --- roles ---------------------------------------------------------------------------------------------------------


def test_a_role_is_assumed_with_its_external_id_once_for_an_hour_of_polls(night, poll, simulator):
    account = night.aws_accounts.get()
    account.role_arn, account.external_id = f"arn:aws:iam::{account.account_id}:role/IemPortal", "iem-1"
    account.save()
    for _ in range(5):
        poll(minutes=1)
    assert len(simulator.calls(operation="AssumeRole")) == 1
    assert PollTarget.objects.get(source="metrics").last_error_kind == ""


# --- what stopped is seen ------------------------------------------------------------------------------------------


def test_a_poller_that_stopped_is_seen_within_fifteen_seconds(night, poll):
    poll()
    last = PollPulse.objects.get().at
    assert not pulse.pulse(fresh(night), last + timedelta(seconds=13))["is_old"]
    html = tiles.get("pulse").render(night.pk, audience="customer", now=last + timedelta(seconds=14))
    assert 'class="pulse is-old"' in html and 'data-stale-after="13"' in html


def test_every_round_is_told_to_the_board_once(night, simulator):
    now = simulator.now()
    told = []
    for seconds in (0, 1, 5):  # the second is another worker, a moment later
        pulse.beat([night], now + timedelta(seconds=seconds))
        told.append(TopicTile.objects.get(tile="pulse").version)
    assert told[0] == told[1] < told[2]


def test_a_slow_account_is_no_dead_poller(night, poll, simulator, monkeypatch):
    monkeypatch.setattr(poller, "PULSE_S", 0.1)
    monkeypatch.setattr(pulse, "EVERY", timedelta(0))
    told = []
    monkeypatch.setattr(pulse, "announce_many", told.append)
    jobs = [poller.Job(None, scope_of(fresh(night)), None) for _ in range(2)]
    monkeypatch.setattr(poller, "_read", slowly)
    assert len(list(poller._read_all(jobs, simulator.now(), 2))) == 2
    assert len(told) >= 3


def slowly(job, now):
    """A read that takes its time."""
    Event().wait(0.5)
    return job


def test_a_closed_room_has_no_pulse_to_miss(night, poll, simulator, tam):
    poll()
    room.close_room(engagement=night, by=tam, now=simulator.now())
    html = tiles.get("pulse").render(night.pk, audience="staff", now=simulator.now() + timedelta(hours=1))
    assert html.strip() == ""


@pytest.mark.parametrize(
    ("panel", "source", "seconds"), [(aws.alarms, "alarms", 45), (aws.health, "health", 180)]
)
def test_a_list_says_up_to_when_it_speaks(night, poll, panel, source, seconds):
    poll()
    target = PollTarget.objects.get(source=source)
    shown = panel(fresh(night), target.data_until)
    assert (shown["stale_after_s"], shown["data_until"]) == (seconds, target.data_until)
