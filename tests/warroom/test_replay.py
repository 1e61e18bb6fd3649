"""The board of a past instant: what was written later does not show, and each side sees what it saw."""

import contextlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from engagements import timeline
from escalation import clock as clocks
from escalation.hours import Calendar
from iem_portal.accounts.actors import SYSTEM_DEMO
from tests import factories
from warroom import room, series
from warroom import runbook as verbs
from warroom.models import AlarmChange, AlarmState, MetricPoint, MetricSeries, Runbook, Step
from warroom.replay import reading, span
from warroom.replay.acts import Act, fold, plan_then
from warroom.replay.state import ClockRow, EscalationRow, MetricRow, Record, Said, state_at
from warroom.sources.metrics import fingerprint
from workbook.watches import drawn

T0 = datetime(2025, 11, 28, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SEOUL = ZoneInfo("Asia/Seoul")


def act(name, minute, code="DB-01", written=None, **params) -> Act:
    at = T0 + minute * MINUTE
    return Act(name, code, params, at, T0 + (minute if written is None else written) * MINUTE, "Kim")


class TestLog:
    def test_a_step_entered_late_shows_from_when_it_was_written_down(self):
        late = [act("step.started", 5, written=12), act("step.done", 9, written=12)]
        assert "DB-01" not in fold(late, T0 + 11 * MINUTE).steps
        known = fold(late, T0 + 12 * MINUTE).steps["DB-01"]
        assert (known.status, known.start_at, known.end_at) == ("done", T0 + 5 * MINUTE, T0 + 9 * MINUTE)

    def test_a_step_fails_is_tried_again_and_ends(self):
        acts = [
            act("step.started", 1),
            act("step.failed", 4, reason="Lag"),
            act("step.retried", 6),
            act("step.done", 9),
        ]
        seen = [fold(acts, T0 + minute * MINUTE).steps["DB-01"] for minute in (2, 5, 7, 9)]
        assert [one.status for one in seen] == ["running", "failed", "running", "done"]
        assert seen[1].words == "Lag" and seen[3].start_at == T0 + MINUTE

    def test_a_reopened_step_has_no_end(self):
        acts = [act("step.started", 1), act("step.done", 3), act("step.reopened", 5, status="running")]
        assert fold(acts, T0 + 5 * MINUTE).steps["DB-01"].end_at is None

    def test_a_gate_shows_the_newest_vote_of_each_role_and_then_its_outcome(self):
        asked = act("gate.asked", 0, "G2", until={"at": (T0 + 10 * MINUTE).isoformat()})
        votes = [
            act("gate.voted", 1, "G2", role="DBA", answer="no-go"),
            act("gate.voted", 3, "G2", role="DBA", answer="GO"),
        ]
        acts = [asked, *votes, act("gate.go", 5, "G2", outcome={"en": "Go"}, status="done")]
        before, after = fold(acts, T0 + 4 * MINUTE).steps["G2"], fold(acts, T0 + 5 * MINUTE).steps["G2"]
        assert before.is_asked and [vote.answer for vote in before.votes] == ["GO"]
        assert before.until_at == T0 + 10 * MINUTE
        assert (after.status, after.outcome, after.is_asked) == ("done", {"en": "Go"}, False)

    def test_the_run_goes_from_draft_to_its_end(self):
        acts = [act(f"runbook.{word}", minute, "") for minute, word in enumerate(
            ("created", "submitted", "approved"))]  # fmt: skip
        acts += [
            act("step.started", 4),
            act("runbook.paused", 6, ""),
            act("runbook.resumed", 7, ""),
            act("runbook.completed", 9, ""),
        ]
        seen = [fold(acts, T0 + minute * MINUTE).status for minute in (0, 1, 3, 4, 6, 8, 9)]
        assert seen == ["draft", "in_review", "approved", "running", "paused", "running", "completed"]
        assert fold(acts, T0 + 9 * MINUTE).started_at == T0 + 4 * MINUTE

    def test_changes_of_the_plan_written_later_are_taken_back(self):
        steps = [
            {"code": "DB-09", "planned_min": 30, "predecessors": ["APP-01"]},
            {"code": "DB-02", "planned_min": 5, "predecessors": ["DB-09 +10"]},
            {"code": "NEW-01", "planned_min": 5, "predecessors": []},
        ]
        acts = [
            act("edit.cell", 1, "DB-01", field="planned_min", old=10, new="20"),
            act("edit.cell", 5, "DB-01", field="planned_min", old=20, new="30"),
            act("edit.cell", 6, "DB-09", field="code", old="DB-01", new="db-09"),
            act("edit.added", 7, "NEW-01"),
            act("edit.removed", 8, "OLD-01", row={"code": "OLD-01", "planned_min": 3, "predecessors": []}),
            act("runbook.header_changed", 9, "", old={"t0_at": T0.isoformat()}),
        ]
        header, plan = plan_then({"t0_at": None}, steps, acts, T0 + 2 * MINUTE)
        assert [(one["code"], one["planned_min"]) for one in plan] == [
            ("DB-01", 20),
            ("DB-02", 5),
            ("OLD-01", 3),
        ]
        assert plan[1]["predecessors"] == ["DB-01 +10"] and header["t0_at"] == T0
        assert steps[0]["code"] == "DB-09"  # what was given is left alone

    names = st.sampled_from(
        ["step.started", "step.failed", "step.retried", "step.done", "step.blocked", "step.noted"]
    )

    @given(
        st.lists(st.tuples(names, st.integers(0, 60), st.integers(0, 30)), max_size=12), st.integers(0, 90)
    )
    def test_what_is_written_later_changes_nothing(self, told, minute):
        acts = [act(name, at, written=at + late, reason="x") for name, at, late in told]
        instant = T0 + minute * MINUTE
        assert fold(acts, instant) == fold([one for one in acts if one.recorded_at <= instant], instant)


class TestState:
    def test_a_value_is_there_once_its_bucket_is_over(self):
        row = MetricRow("Lag", "s", 60, series.Limit(None, 30.0), [(T0, 12.0), (T0 + MINUTE, 45.0)])
        seen = [
            state_at(Record(T0, metrics=[row]), T0 + timedelta(seconds=s)).metrics[0]
            for s in (59, 60, 119, 120)
        ]
        assert [one["value"] for one in seen] == [None, "12", "12", "45"]
        assert [one["state"] for one in seen] == ["never", "ok", "ok", "over"]

    def test_a_metric_that_fell_silent_is_stale_and_keeps_its_value(self):
        row = MetricRow("Lag", "s", 60, series.Limit(None, 30.0), [(T0, 12.0)])
        silent = state_at(Record(T0, metrics=[row]), T0 + 30 * MINUTE).metrics[0]
        assert (silent["state"], silent["value"], silent["until"]) == ("stale", "12", T0 + MINUTE)

    def escalation(self, **words) -> EscalationRow:
        events = [
            (0, T0, clocks.Event("started", T0, 900, label="critical")),
            (0, T0 + 15 * MINUTE, clocks.Event("breached", T0 + 15 * MINUTE, stage="breach")),
            (0, T0 + 25 * MINUTE, clocks.Event("stopped", T0 + 20 * MINUTE, label="call")),
        ]
        answer = ClockRow("first_response", "First answer", Calendar(), events)
        level = ClockRow("level", "Time in level", Calendar(), [
            (0, T0, clocks.Event("started", T0)),
            (0, T0 + 60 * MINUTE, clocks.Event("stopped", T0 + 60 * MINUTE))])  # fmt: skip
        standard = {"number": 1, "reference": "ESC-01", "title": "Slow", "severity": "high", "declared_at": T0,
                    "resolved_at": T0 + 60 * MINUTE, "level": 1, "is_hidden": False, "level_label": {"en": "L1"},
                    "clocks": [answer, level]}  # fmt: skip
        return EscalationRow(**standard | words)

    @pytest.mark.parametrize(
        ("minute", "state", "left_s"),
        [
            (0, "running", 900),
            (9, "running", 360),
            (16, "missed", -60),
            (24, "missed", -540),
            (26, "missed", -300),
        ],
    )
    def test_a_clock_says_what_it_said(self, minute, state, left_s):
        found = state_at(Record(T0, escalations=[self.escalation()]), T0 + minute * MINUTE).escalations[0]
        assert (found.clocks[0].state, found.clocks[0].left_s) == (state, left_s)
        assert found.severity == "critical"  # as promised then, whatever it is now

    def test_an_escalation_is_there_from_its_declaration_to_its_end(self):
        record = Record(T0, escalations=[self.escalation()])
        seen = [len(state_at(record, T0 + minute * MINUTE).escalations) for minute in (-1, 0, 59, 60)]
        assert seen == [0, 1, 1, 0] and state_at(record, T0 + 61 * MINUTE).ended == 1

    def test_the_clock_inside_aws_is_not_shown_to_customers(self):
        shown = state_at(Record(T0, escalations=[self.escalation(is_hidden=True)]), T0 + MINUTE).escalations[
            0
        ]
        assert [one.kind for one in shown.clocks] == ["first_response"]

    def test_health_and_updates_show_from_when_they_reached_the_portal(self):
        words = {"by": "", "icon": "", "look": "", "topic": "EC2"}
        said = [
            Said(T0, T0 + 4 * MINUTE, "EC2 open", phrase="health.opened", **words),
            Said(T0 + 30 * MINUTE, T0 + 31 * MINUTE, "EC2 closed", phrase="health.closed", **words),
            Said(T0 + 5 * MINUTE, T0 + 5 * MINUTE, "Update 1", phrase="update.sent", **words),
        ]
        seen = [state_at(Record(T0, said=said), T0 + minute * MINUTE) for minute in (3, 4, 30, 31)]
        assert [[one.text for one in state.health] for state in seen] == [[], ["EC2 open"], ["EC2 open"], []]
        assert [state.update and state.update.text for state in seen] == [None, None, "Update 1", "Update 1"]


class TestSpan:
    def test_an_instant_is_read_in_the_zone_of_the_event_unless_it_says_its_own(self):
        assert span.read("2025-11-29T00:05", SEOUL, "at") == T0 + 5 * MINUTE
        assert span.read("2025-11-28T15:05:00Z", SEOUL, "at") == T0 + 5 * MINUTE
        assert span.read(" ", SEOUL, "at") is None

    @given(st.text(max_size=40))
    def test_any_text_is_an_instant_or_refused(self, text):
        found = None
        with contextlib.suppress(span.BadInstant):
            found = span.read(text, SEOUL, "at")
        assert found is None or found.tzinfo == UTC

    @given(st.integers(-5000, 5000), st.integers(1, 3000), st.none() | st.integers(-100, 4000))
    def test_the_span_of_an_event_is_never_empty_and_never_ahead(self, minutes, length, over):
        now = T0 + minutes * MINUTE
        found = span.of_event(T0, T0 + length * MINUTE, None if over is None else T0 + over * MINUTE, now)
        assert found.start < found.end <= now

    def test_a_span_that_ends_before_it_begins_is_refused(self):
        whole = span.Span(T0, T0 + 60 * MINUTE)
        with pytest.raises(span.BadInstant):
            span.asked(T0 + MINUTE, T0, whole, T0 + 90 * MINUTE)


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
        assert [len(seen(night, minute).alarms) for minute in (19, 20, 39, 40)] == [0, 1, 1, 0]
        assert [one.name for one in seen(night, 45).cleared] == ["lag"]

    def test_an_alarm_before_its_first_change_was_what_that_change_says(self, night):
        AlarmChange.objects.filter(state="ALARM").update(old_state="INSUFFICIENT_DATA")
        assert [one.state for one in seen(night, 5).alarms] == ["INSUFFICIENT_DATA"]

    def test_metrics_stand_as_they_stood(self, night):
        values = [seen(night, minute).metrics[0]["value"] for minute in (5, 11, 25, 26)]
        assert values == [None, "8", "8", "61"]

    def test_the_update_of_then_is_shown(self, night):
        assert seen(night, 5).update is None and seen(night, 6).update.detail == "All is well"

    def test_it_costs_as_many_queries_whatever_the_instant(self, night, django_assert_num_queries):
        for minute in (-500, 0, 30, 74):
            fresh = type(night).objects.get(pk=night.pk)
            with django_assert_num_queries(7):
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


def test_the_same_rows_give_the_same_state():
    row = MetricRow("Lag", "s", 60, series.Limit(None, 30.0), [(T0, 12.0)])
    record = Record(T0, metrics=[row])
    assert state_at(record, T0 + MINUTE) == state_at(replace(record), T0 + MINUTE)
