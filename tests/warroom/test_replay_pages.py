"""A replay read from the database: what each side saw then, at the same cost whatever the instant."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_DEMO
from tests import factories
from warroom import room
from warroom import runbook as verbs
from warroom.models import AlarmChange, AlarmState, MetricPoint, MetricSeries, Runbook, Step
from warroom.replay import reading
from warroom.replay.state import state_at
from warroom.sources.metrics import fingerprint
from workbook.models import Cell, CellChange, Row
from workbook.watches import drawn

T0 = datetime(2025, 11, 28, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    """A night that is over: nothing that lies ahead is played."""
    return T0 + 75 * MINUTE


@pytest.fixture
def night(engagement, runbook, tam, now, watch):
    """The cutover until T0+75: three steps, one of them late, an alarm that came and went, a value over its limit."""
    t0 = engagement.starts_at
    Step.objects.filter(runbook=runbook).update(
        predecessors=[], is_four_eyes=False, is_evidence_required=False
    )
    made = {"created_at": t0 - timedelta(days=1)}
    Runbook.objects.filter(engagement=engagement).update(commander=tam, **made)
    for code, start, end in (("APP-02", 0, 4), ("APP-03", 4, 17), ("DB-01", 17, None)):
        step = verbs.find(engagement, code)
        begun = verbs.start_step(step=step, version=step.version, by=tam, now=t0 + start * MINUTE)
        if end:
            verbs.finish_step(
                step=begun, version=begun.version, by=tam, now=t0 + end * MINUTE, is_criterion_met=True
            )
    words = {
        "engagement": engagement,
        "account_id": "111122223333",
        "region": "ap-northeast-2",
        "name": "lag",
    }
    AlarmState.objects.create(state="OK", changed_at=t0 + 40 * MINUTE, **words)
    for minute, old, new in ((20, "OK", "ALARM"), (40, "ALARM", "OK")):
        at = t0 + minute * MINUTE
        AlarmChange.objects.create(at=at, seen_at=at, old_state=old, state=new, **words)
    watch()
    found = drawn(engagement)[0]
    one = MetricSeries.objects.create(
        engagement=engagement, watch_row=found.row_id, fingerprint=fingerprint(found)
    )
    for minute, value in ((10, 8.0), (25, 61.0)):
        MetricPoint.objects.create(series=one, at=t0 + minute * MINUTE, value=value)
    room.post_update(engagement=engagement, state="on_plan", text="All is well", by=tam, now=t0 + 6 * MINUTE)
    hidden = {"by": tam, "now": t0 + 7 * MINUTE, "text": "Between us at AWS"}
    timeline.record(engagement, "note", audience="aws", **hidden)
    return engagement


def seen(engagement, minute, *, is_staff=True):
    instant = engagement.starts_at + minute * MINUTE
    fresh = type(engagement).objects.get(pk=engagement.pk)
    said = reading.lines(fresh, reading.said(fresh, is_staff=is_staff, which=reading.STANDING))
    return state_at(reading.record(fresh, instant, is_staff=is_staff, said=said), instant)


@pytest.mark.django_db
class TestReading:
    def test_steps_stand_as_they_stood(self, night):
        words = {
            minute: {one.code: one.standing.status for one in seen(night, minute).runbook.steps}
            for minute in (-1, 2, 10, 30)
        }
        assert [words[minute]["APP-02"] for minute in words] == ["planned", "running", "done", "done"]
        assert [words[minute]["DB-01"] for minute in words] == ["planned", "planned", "planned", "running"]
        assert seen(night, 30).runbook.forecast.downtime.used_min == 30

    def test_alarms_stand_as_they_stood(self, night):
        assert [len(seen(night, minute).alarms.loud) for minute in (19, 20, 39, 40)] == [0, 1, 1, 0]
        assert [one.name for one in seen(night, 45).alarms.cleared] == ["lag"]

    def test_an_alarm_before_its_first_change_was_what_that_change_says(self, night):
        AlarmChange.objects.filter(state="ALARM").update(old_state="INSUFFICIENT_DATA")
        assert [one.state for one in seen(night, 5).alarms.loud] == ["INSUFFICIENT_DATA"]

    def test_metrics_stand_as_they_stood(self, night):
        values = [seen(night, minute).metrics[0]["value"] for minute in (5, 11, 25, 26)]
        assert values == [None, "8", "8", "61"]

    def test_a_limit_is_the_one_of_then(self, night, tam):
        cell = Cell.objects.get(row__engagement=night, field="mt_crit")
        at = night.starts_at + 30 * MINUTE
        CellChange.objects.create(
            engagement_id=night.pk, section="wb12", table="metrics", row_id=cell.row_id, field="mt_crit",
            version=2, value_from=cell.value, value_to=5, how="typed", by_name=tam.name, at=at,
        )  # fmt: skip
        was = float(cell.value)
        Cell.objects.filter(pk=cell.pk).update(value=5)
        limits = [seen(night, minute).metrics[0]["limit"].crit for minute in (29, 30)]
        assert limits == [was, 5.0]
        Row.objects.filter(pk=cell.row_id).update(
            deleted_at=night.starts_at + 31 * MINUTE, deleted_by_name="x"
        )
        assert [len(seen(night, minute).metrics) for minute in (30, 31)] == [1, 0]

    def test_the_update_of_then_is_shown(self, night):
        assert seen(night, 5).update is None and seen(night, 6).update.detail == "All is well"

    def test_it_costs_as_many_queries_whatever_the_instant(self, night, django_assert_num_queries):
        for minute in (-500, 0, 30, 74):
            fresh = type(night).objects.get(pk=night.pk)
            with django_assert_num_queries(8):
                reading.record(fresh, night.starts_at + minute * MINUTE, is_staff=True, said=[])


@pytest.mark.django_db
@pytest.mark.once
class TestPages:
    def get(self, client, engagement, name="replay", **query):
        return client.get(reverse(f"warroom:{name}", args=[engagement.reference]), query)

    def at(self, engagement, minute) -> str:
        return (engagement.starts_at + minute * MINUTE).isoformat()

    def test_the_page_says_that_it_is_a_replay_and_needs_few_queries(
        self, night, tam, as_user, django_assert_max_num_queries
    ):
        client = as_user(tam)
        with django_assert_max_num_queries(12):
            text = self.get(client, night, at=self.at(night, 30)).content.decode()
        assert "REPLAY" in text and "not live" in text and "00:30:00 KST" in text and "/live/" not in text
        with django_assert_max_num_queries(12):
            part = self.get(client, night, "replay-state", at=self.at(night, 30)).content.decode()
        assert "<html" not in part and "In alarm" in part and "61" in part

    def test_customers_see_what_a_customer_saw(self, night, customer_lead, tam, as_user):
        staff = self.get(as_user(tam), night, at=self.at(night, 30)).content.decode()
        assert "Between us at AWS" in staff
        for name in ("replay", "replay-state"):
            text = self.get(as_user(customer_lead), night, name, at=self.at(night, 30)).content.decode()
            assert "All is well" in text and "Between us at AWS" not in text

    @pytest.mark.parametrize(
        ("field", "text"),
        [("at", "yesterday"), ("at", "9999-12-31T23:59"), ("at", "0001-01-01"), ("at", "1e400"), ("from", "½"),
         ("to", "2099-01-01T00:00"), ("at", "\ud800".encode("utf-8", "surrogatepass"))],
    )  # fmt: skip
    def test_an_instant_that_is_none_is_said_beside_its_field(self, night, tam, as_user, field, text):
        client = as_user(tam)
        answer = self.get(client, night, **{field: text})
        assert answer.status_code == 422 and f'aria-describedby="e_{field}"' in answer.content.decode()
        assert self.get(client, night, "replay-state", **{field: text}).status_code == 422

    def test_another_customers_event_is_not_found(self, night, as_user):
        stranger = factories.member(factories.engagement(), "customer_lead")
        for name in ("replay", "replay-state"):
            assert self.get(as_user(stranger), night, name).status_code == 404

    def test_game_days_and_rehearsals_can_be_played(self, night, tam, as_user):
        for phrase, minute in (("gameday.began", 10), ("gameday.ended", 40)):
            words = {"title": {"en": "Quota wall", "ko": "할당량"}, "seen": 1, "of": 2}
            timeline.record(
                night, phrase, by=SYSTEM_DEMO, now=night.starts_at + minute * MINUTE, params=words
            )
        text = self.get(as_user(tam), night, at=self.at(night, 30)).content.decode()
        start, end = re.search(r'\?from=([^&"]+)&amp;to=([^"]+)"><span class="org">Game day', text).groups()
        assert datetime.fromisoformat(unquote(start)) == night.starts_at + 10 * MINUTE
        assert (
            "Quota wall" in self.get(as_user(tam), night, **{"from": unquote(start), "to": unquote(end)}).text
        )
