"""What is quiet, until when, and how a signal becomes an escalation."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from escalation.models import Escalation
from iem_portal.live.models import TopicTile
from tests import factories
from warroom import runbook as acts
from warroom.models import AlarmState, ExpectedAlarm, HealthEvent, Step
from warroom.noise import muting, rules
from warroom.panels import aws
from warroom.wall import panel as wall
from workbook.models import Cell, Row

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("scope", "region", "is_elsewhere"),
    [
        ("PUBLIC", "eu-west-1", True),
        ("PUBLIC", "ap-northeast-2", False),
        ("PUBLIC", "global", False),
        ("PUBLIC", "", False),
        ("ACCOUNT_SPECIFIC", "eu-west-1", False),
    ],
)
def test_only_what_is_public_and_of_another_region_is_none_of_ours(scope, region, is_elsewhere):
    place = {"region": region, "account_id": "1", "regions": ["ap-northeast-2"]}
    assert rules.is_elsewhere(scope=scope, **place) is is_elsewhere


@pytest.mark.parametrize(
    ("scope", "service", "used", "is_unused"),
    [
        ("PUBLIC", "REDSHIFT", {"rds", "dms"}, True),
        ("PUBLIC", "RDS", {"rds", "dms"}, False),
        ("PUBLIC", "COGNITO", {"cognito-idp"}, False),
        ("PUBLIC", "EC2", {"rds"}, False),
        ("PUBLIC", "MULTIPLE_SERVICES", {"rds"}, False),
        ("PUBLIC", "REDSHIFT", set(), False),
        ("ACCOUNT_SPECIFIC", "REDSHIFT", {"rds"}, False),
    ],
)
def test_only_what_is_public_and_of_a_service_nobody_uses_is_none_of_ours(scope, service, used, is_unused):
    assert rules.is_unused(scope=scope, service=service, used=used) is is_unused


@pytest.mark.django_db
def test_a_public_event_of_an_unused_service_stands_aside_with_its_reason(engagement, tam, as_user, now):
    row = Row.objects.create(
        engagement=engagement,
        section="wb05",
        table="modules",
        position=0,
        created_at=now,
        created_by_name="x",
    )
    Cell.objects.create(row=row, field="mo_aws_services", value=["rds", "dms"], updated_at=now)
    for service in ("RDS", "REDSHIFT"):
        HealthEvent.objects.create(
            engagement=engagement, account_id="111122223333", arn=f"arn:{service}", service=service,
            code=f"AWS_{service}_OPERATIONAL_ISSUE", category="issue", region="ap-northeast-2", scope="PUBLIC",
            status="open", started_at=now, updated_at=now, first_seen_at=now,
        )  # fmt: skip
    found = aws.health(engagement, now)
    assert [event.service for event in found["events"]] == ["RDS"]
    assert [(one["why"], [event.service for event in one["events"]]) for one in found["aside"]] == [
        ("service", ["REDSHIFT"])
    ]
    page = as_user(tam).get(reverse("warroom:board-rest", args=[engagement.reference])).content.decode()
    assert "1 public event of a service that the workbook does not name" in page and "Redshift" in page


@pytest.fixture
def step(runbook, engagement) -> Step:
    """A step that has not begun."""
    return acts.find(engagement, "PRE-01")


@pytest.fixture
def ring(engagement):
    """`ring("lag-high", at)`: an alarm that went off."""

    def make(name, at, **fields):
        fields = {"account_id": "111122223333", "region": "ap-northeast-2", "state": "ALARM"} | fields
        return AlarmState.objects.create(engagement=engagement, name=name, changed_at=at, **fields)

    return make


def loud(engagement, now) -> list[str]:
    return [alarm.name for alarm in aws.alarms(engagement, now)["speaking"]]


def expect(engagement, step, by, now, name="lag-high", **place):
    words = {"alarm_name": name, "reason": "The task restarts", "by": by, "now": now}
    return muting.expect(engagement=engagement, step=step, **words, **place)


@pytest.mark.django_db
def test_wish_30_what_is_planned_is_quiet_for_its_step_and_speaks_after_it(engagement, tam, step, ring, now):
    expect(engagement, step, tam, now)
    ring("lag-high", now + 2 * MINUTE)
    ring("other", now + 2 * MINUTE)
    assert sorted(loud(engagement, now)) == ["lag-high", "other"]
    running = acts.start_step(step=step, version=step.version, by=tam, now=now + MINUTE)
    muted = aws.alarms(engagement, now + 3 * MINUTE)["muted"]
    assert loud(engagement, now) == ["other"]
    assert [(alarm.name, why.step_code, why.by_name) for alarm, why in muted] == [
        ("lag-high", "PRE-01", tam.name)
    ]
    acts.finish_step(
        step=running,
        version=running.version,
        by=tam,
        now=now + 4 * MINUTE,
        is_criterion_met=True,
        evidence="x",
    )
    assert sorted(loud(engagement, now)) == ["lag-high", "other"]


@pytest.mark.django_db
def test_an_alarm_of_the_same_name_in_another_account_or_region_speaks(engagement, tam, step, ring, now):
    ring("lag-high", now + 2 * MINUTE)
    ring("lag-high", now + 2 * MINUTE, region="us-east-1")
    ring("lag-high", now + 2 * MINUTE, account_id="444455556666")
    expect(engagement, step, tam, now, account_id="111122223333", region="ap-northeast-2")
    acts.start_step(step=step, version=step.version, by=tam, now=now + MINUTE)
    seen = aws.alarms(engagement, now + 3 * MINUTE)
    assert [(alarm.account_id, alarm.region) for alarm, _why in seen["muted"]] == [
        ("111122223333", "ap-northeast-2")
    ]
    assert len(seen["speaking"]) == 2


@pytest.mark.django_db
def test_an_alarm_that_rang_before_the_step_goes_on_ringing(engagement, tam, step, ring, now):
    expect(engagement, step, tam, now)
    ring("lag-high", now)
    acts.start_step(step=step, version=step.version, by=tam, now=now + MINUTE)
    assert loud(engagement, now) == ["lag-high"]


@pytest.mark.django_db
def test_what_is_quiet_is_written_down_and_can_speak_again(engagement, tam, step, now):
    row = expect(engagement, step, tam, now)
    with pytest.raises(muting.MuteError):
        expect(engagement, step, tam, now)
    assert muting.end(row, by=tam, now=now) is True
    assert muting.end(row, by=tam, now=now) is False
    phrases = TimelineEntry.objects.filter(phrase__startswith="noise.").order_by("pk")
    assert list(phrases.values_list("phrase", flat=True)) == ["noise.expected", "noise.ended"]


@pytest.mark.django_db
def test_a_quiet_type_and_another_region_are_counted_and_not_listed(engagement, tam, now):
    for code, region in (
        ("AWS_VPN_NOISE", "ap-northeast-2"),
        ("AWS_RDS_ISSUE", "ap-northeast-2"),
        ("AWS_EC2_ISSUE", "eu-west-1"),
    ):
        HealthEvent.objects.create(
            engagement=engagement, account_id="111122223333", arn=f"arn:{code}", service="RDS", code=code,
            category="issue", region=region, scope="PUBLIC", status="open", started_at=now, updated_at=now,
            first_seen_at=now,
        )  # fmt: skip
    muting.mute_code(engagement=engagement, code="AWS_VPN_NOISE", reason="Not used", by=tam, now=now)
    found = aws.health(engagement, now)
    assert [event.code for event in found["events"]] == ["AWS_RDS_ISSUE"]
    assert [(one["why"], len(one["events"])) for one in found["aside"]] == [("type", 1), ("region", 1)]


@pytest.mark.django_db
def test_an_alarm_becomes_an_escalation_with_everything_known(engagement, tam, watch, ring, as_user, now):
    watch(module="Enrolment")
    module = Row.objects.create(
        engagement=engagement,
        section="wb05",
        table="modules",
        position=0,
        created_at=now,
        created_by_name="x",
    )
    for field, value in (("mo_name", "Enrolment"), ("mo_default_sev", "urgent"), ("mo_rto", 30)):
        Cell.objects.create(row=module, field=field, value=value, updated_at=now)
    alarm = ring("enrol-replication-lag-high", now, reason="Threshold crossed")
    address = reverse("warroom:signal", args=[engagement.reference, "alarm", alarm.pk])
    page = as_user(tam).get(address).content.decode()
    assert "enrol-replication-lag-high" in page and "Enrolment" in page
    answer = as_user(tam).post(address, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    made = Escalation.objects.get()
    assert (made.severity, made.module, made.restore_target_min) == ("urgent", "Enrolment", 30)
    assert (made.title, made.symptom, made.account_id) == (alarm.name, "Threshold crossed", "111122223333")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"act": "expect", "step": "1/NONE", "alarm": "a", "reason": "b"}, "ex-step-error"),
        ({"act": "expect", "step": "x", "alarm": "a", "reason": "typed"}, "ex-step-error"),
        ({"act": "expect", "step": "1/PRE-01", "alarm": "", "reason": "typed"}, "ex-alarm-error"),
        (
            {"act": "expect", "step": "1/PRE-01", "alarm": "a", "account": "0", "reason": "typed"},
            "ex-account-error",
        ),
        (
            {"act": "expect", "step": "1/PRE-01", "alarm": "a", "region": "x", "reason": "typed"},
            "ex-region-error",
        ),
        ({"act": "mute", "code": "AWS_X", "reason": " "}, "mu-reason-error"),
    ],
)
def test_a_bad_form_says_where_and_keeps_what_was_typed(engagement, tam, runbook, as_user, words, field):
    answer = as_user(tam).post(reverse("warroom:noise", args=[engagement.reference]), words)
    body = answer.content.decode()
    assert answer.status_code == 422 and f'id="{field}"' in body and words["reason"].strip() in body
    assert not ExpectedAlarm.objects.exists()


@pytest.mark.django_db
def test_a_signal_of_another_engagement_is_not_there(engagement, tam, as_user, now):
    other = factories.engagement()
    alarm = AlarmState.objects.create(
        engagement=other, account_id="1" * 12, region="x", name="lag", state="ALARM", changed_at=now
    )
    address = reverse("warroom:signal", args=[engagement.reference, "alarm", alarm.pk])
    assert as_user(tam).get(address).status_code == 404


@pytest.mark.django_db
def test_an_expected_alarm_without_data_is_never_quiet_and_a_wall_counts_those_that_are(
    engagement, tam, step, ring, now
):
    expect(engagement, step, tam, now)
    expect(engagement, step, tam, now, name="lag-silent")
    acts.start_step(step=step, version=step.version, by=tam, now=now + MINUTE)
    ring("lag-high", now + 2 * MINUTE)
    ring("lag-silent", now + 2 * MINUTE, state="INSUFFICIENT_DATA")
    assert loud(engagement, now) == ["lag-silent"]
    seen = wall.alarms(aws.alarms(engagement, now))
    assert (seen["in_alarm"], seen["silent"], seen["muted"]) == ([], 1, 1)


@pytest.mark.django_db
def test_the_end_of_a_step_draws_the_alarms_anew(engagement, tam, step, now):
    running = acts.start_step(step=step, version=step.version, by=tam, now=now)
    before = TopicTile.objects.get(topic__name=engagement.topic, tile="alarms").version
    words = {"is_criterion_met": True, "evidence": "x", "by": tam, "now": now + MINUTE}
    acts.finish_step(step=running, version=running.version, **words)
    assert TopicTile.objects.get(topic__name=engagement.topic, tile="alarms").version > before


@pytest.mark.django_db
def test_a_refused_form_keeps_its_step_and_what_is_quiet_stands_first(engagement, tam, step, as_user, now):
    expect(engagement, step, tam, now)
    ended = expect(engagement, step, tam, now + MINUTE, name="ended-later")
    muting.end(ended, by=tam, now=now + 2 * MINUTE)
    place = f"{step.runbook.number}/PRE-02"
    words = {"act": "expect", "step": place, "alarm": "lag", "reason": ""}
    body = as_user(tam).post(reverse("warroom:noise", args=[engagement.reference]), words).content.decode()
    assert f'value="{place}" selected' in body
    assert body.index("lag-high") < body.index("ended-later")
