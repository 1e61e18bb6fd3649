"""The board of a past instant: what was written later does not show, and each side sees what it saw."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import clock as clocks
from escalation.hours import Calendar
from warroom import series
from warroom.replay import span
from warroom.replay.acts import Act, fold, plan_then
from warroom.replay.rows import AlarmRow, Book, ClockRow, EscalationRow, ExpectedRow, MetricRow, Record, Said
from warroom.replay.state import state_at

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

    def test_an_alarm_that_a_step_was_expected_to_set_off_was_quiet_while_it_ran(self):
        acts = [act("step.started", 5), act("step.done", 15)]
        header = {"t0_at": None, "downtime_budget_min": None, "title": {"en": "Cutover"}}
        book = Book(1, "cutover", None, T0, T0, header, [], acts)
        ring = {"kind": "metric", "then_state": "ALARM", "then_at": T0 + 8 * MINUTE, "before_next": None,
                "last_state": "ALARM", "last_changed_at": T0 + 8 * MINUTE, "gone_at": None}  # fmt: skip
        alarms = [AlarmRow("lag", account, "ap-northeast-2", **ring) for account in ("1", "2")]
        said = ExpectedRow(1, "DB-01", "lag", "1", "", "Kim", "Restart", T0 + 2 * MINUTE, None)
        record = Record(T0, books=[book], alarms=alarms, expected=[said])
        during, after = (state_at(record, T0 + minute * MINUTE).alarms for minute in (9, 16))
        assert [(one.account_id, why.step_code) for one, why in during.muted] == [("1", "DB-01")]
        assert [one.account_id for one in during.loud] == ["2"]
        assert after.muted == [] and len(after.loud) == 2
        taken_back = replace(record, expected=[replace(said, ended_at=T0 + 7 * MINUTE)])
        assert state_at(taken_back, T0 + 9 * MINUTE).alarms.muted == []

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


def test_the_same_rows_give_the_same_state():
    row = MetricRow("Lag", "s", 60, series.Limit(None, 30.0), [(T0, 12.0)])
    record = Record(T0, metrics=[row])
    assert state_at(record, T0 + MINUTE) == state_at(replace(record), T0 + MINUTE)
