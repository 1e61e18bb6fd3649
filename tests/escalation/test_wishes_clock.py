"""What users of other trackers asked for in vain, one test a wish: clocks (numbers of the list of rivals' issues)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import actions, engine, faces, hours, planning, timing
from escalation import clock as pure
from escalation.clock import BREACH, WARN_50, Event, fold
from escalation.hours import BUSINESS, Calendar
from escalation.models import ClockEvent, Deadline, Escalation, Objective, WorkingHours
from escalation.wording import why

MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)
T = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # Monday, 10:00 in Seoul
LUNCH = ((time(8), time(12)), (time(13), time(18)))
SEOUL = Calendar(BUSINESS, "Asia/Seoul", segments=LUNCH, holidays=frozenset({date(2026, 12, 25)}))
minutes = st.integers(1, 4000).map(lambda number: number * MIN)


def started(minutes_of_target, at=T):
    return Event(pure.STARTED, at, target_s=minutes_of_target * 60, label="high")


def held(since, to):
    return [Event(pure.PAUSED, since), Event(pure.RESUMED, to)]


def state(escalation, kind):
    return planning.state_of(escalation.clocks.get(kind=kind))


def face(escalation, kind, now):
    found = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    return faces.clock_face(found, kind, now)


@pytest.fixture
def wait(running, people):
    """AWS waits for the customer: ``wait(said_at, until=…)``."""

    def begin(said_at, **fields):
        words = {"code": "information", "reason": "logs wanted", "by": people["tam"], "now": said_at}
        return actions.waiting(escalation=running, **(words | fields))

    return begin


def severity(escalation, code, people, now):
    words = {"reason": "it changed", "by": people["tam"], "now": now}
    return actions.change_severity(escalation=escalation, severity=code, **words)


def test_wish_01_a_change_of_severity_keeps_the_time_that_the_clock_stood_still(running, people, wait, now):
    wait(now + 4 * MIN)
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 34 * MIN)
    severity(running, "urgent", people, now + 40 * MIN)
    # 60 minutes at level 1 for urgent, from the entry, and the half hour of waiting on top.
    assert pure.due_at(state(running, "level")) == now + 90 * MIN


@given(minutes, minutes, minutes, minutes)
def test_wish_02_no_change_of_target_forgets_a_pause(target, other, into, length):
    log = [started(target // MIN), *held(T + into, T + into + length)]
    changed = Event(pure.TARGET_CHANGED, T + into + length + MIN, target_s=int(other.total_seconds()))
    now = T + into + length + 2 * MIN
    without, changed_state = fold(log, Calendar()), fold([*log, changed], Calendar())
    assert pure.elapsed(changed_state, now) == pure.elapsed(without, now) == into + 2 * MIN
    assert changed_state.segments == without.segments


@given(st.integers(1, 30 * 60), minutes)
def test_wish_03_no_warning_lands_in_the_night_when_a_day_has_several_stretches(target, later):
    clock = fold([started(target, T + later)], SEOUL)
    for due in pure.dues(clock).values():
        assert SEOUL.is_open(due - timedelta(microseconds=1))


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Los_Angeles", "Asia/Kolkata"])
def test_wish_04_nothing_is_late_when_it_is_opened_whatever_the_zone(engagement, open_it, people, now, zone):
    engagement.time_zone = zone
    engagement.save(update_fields=["time_zone"])
    one = open_it(detected_at=now, now=now)
    actions.case_opened(escalation=one, case_id="1", by=people["tam"], now=now)
    assert engine.run_due(now) == 0
    assert pure.due_at(state(one, "first_response")) == now + 15 * MIN


def test_wish_05_a_shorter_update_clock_hides_no_other_clock(open_it, people, now):
    Objective.objects.filter(kind="update", severity="critical").update(minutes=5)
    one = actions.case_opened(escalation=open_it(), case_id="1", by=people["tam"], now=now)
    engine.run_due(now + 15 * MIN)
    actions.add_communication(
        escalation=one,
        text="still on it",
        audience="all",
        is_update=True,
        by=people["tam"],
        now=now + 16 * MIN,
    )
    breached = ClockEvent.objects.filter(kind="breached").values_list("clock__kind", "at")
    assert {("update", now + 4 * MIN), ("first_response", now + 15 * MIN)} <= set(breached)
    assert face(one, "first_response", now + 16 * MIN).breached_at == now + 15 * MIN


def test_wish_06_the_update_clock_hears_only_what_was_said_to_the_customer(running, people, now):
    words = {"escalation": running, "text": "x", "by": people["tam"]}
    due = pure.due_at(state(running, "update"))
    actions.add_communication(audience="all", now=now + MIN, **words)
    assert pure.due_at(state(running, "update")) == due
    actions.add_communication(audience="all", is_update=True, now=now + 20 * MIN, **words)
    engine.run_due(now + 45 * MIN)
    assert not ClockEvent.objects.filter(clock__kind="update", kind="breached").exists()


def test_wish_07_forty_eight_working_hours_say_why_they_end_a_week_later():
    clock = fold([started(48 * 60), *held(T + HOUR, T + 2 * HOUR)], Calendar(BUSINESS, "Asia/Seoul"))
    sentence = why(clock, lambda at: f"{at:%a %H:%M}")
    assert sentence == (
        "Due Mon 00:00: 48 hours from Mon 01:00 (case opened), working hours only (08:00–18:00, Asia/Seoul), "
        "1 hour paused."
    )


def test_wish_08_an_edit_of_the_hours_counts_for_the_next_and_leaves_the_running_one(
    engagement, open_it, people, now
):
    engagement.support_plan = "developer"
    engagement.save(update_fields=["support_plan"])
    before, words = open_it(severity="normal"), {"case_id": "1", "by": people["tam"], "now": now}
    WorkingHours.objects.create(country="KR", segments="08:00-12:00, 13:00-18:00")
    after = open_it(severity="normal")
    # Twelve hours from Sunday night: ten on Monday and two on Tuesday; with lunch nine and three.
    for one, hour in ((before, 10), (after, 11)):
        actions.case_opened(escalation=one, **words)
        due = pure.due_at(state(one, "first_response"))
        assert due == datetime(2026, 12, 1, hour - 9, tzinfo=UTC)


def test_wish_09_a_clock_that_says_paused_does_not_run(running, wait, now):
    wait(now + 5 * MIN)
    shown = [face(running, "level", now + later * MIN) for later in (5, 500)]
    assert [one.state for one in shown] == ["paused", "paused"]
    assert [one.used_s for one in shown] == [300, 300]
    engine.run_due(now + 500 * MIN)
    assert not ClockEvent.objects.filter(clock__kind__in=["level", "update"], kind="breached").exists()


def test_wish_10_the_time_to_restore_reads_gross_and_net_of_waiting(running, people, wait, now):
    wait(now + 7 * MIN)
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 27 * MIN)
    actions.restored(escalation=running, by=people["tam"], now=now + 57 * MIN)
    shown = face(running, "restore", now + 90 * MIN)
    assert (shown.taken_s, shown.net_s) == (60 * 60, 40 * 60)


def test_wish_11_an_answer_ends_no_other_promise_and_a_pause_moves_nothing_else(running, people, wait, now):
    wait(now + MIN)
    actions.answered(escalation=running, how="case", by=people["tam"], now=now + 5 * MIN)
    running.refresh_from_db()
    assert face(running, "restore", now + 6 * MIN).state == "free"
    assert (running.is_open, running.level, running.lane) == (True, 2, "technical")
    assert face(running, "level", now + 6 * MIN).state == "paused"


def test_wish_12_nothing_is_counted_during_lunch():
    half_past_eleven = T + 90 * MIN
    assert SEOUL.add(half_past_eleven, HOUR) == half_past_eleven + 2 * HOUR
    assert SEOUL.elapsed(half_past_eleven, half_past_eleven + 90 * MIN) == 30 * MIN


def test_wish_13_a_pause_over_closed_hours_is_not_counted_twice():
    calendar = Calendar(BUSINESS, "Asia/Seoul")
    evening, morning = T + 7 * HOUR, T + 23 * HOUR  # Monday 17:00 to Tuesday 09:00: two working hours
    clock = fold([started(10 * 60), *held(evening, morning)], calendar)
    assert pure.due_at(clock) == morning + 3 * HOUR
    assert pure.elapsed(clock, morning + 3 * HOUR) == 10 * HOUR


def test_wish_14_who_waited_for_whom_since_when_and_why_is_evidence(running, people, wait, now):
    wait(now + 9 * MIN, at=now + 4 * MIN)
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 29 * MIN)
    (span,) = state(running, "restore").waits
    assert (span.since, span.to) == (now + 4 * MIN, now + 29 * MIN)
    assert (span.label, span.reason) == ("information", "logs wanted")
    noted = ClockEvent.objects.get(kind="waited")
    assert (noted.by_name, noted.recorded_at) == (people["tam"].name, now + 9 * MIN)


def test_wish_15_the_clock_stands_still_after_hours():
    calendar = Calendar(BUSINESS, "Asia/Seoul")
    assert calendar.elapsed(T + 8 * HOUR, T + 22 * HOUR) == timedelta(0)
    assert calendar.add(T + 7.5 * HOUR, HOUR) == T + 22.5 * HOUR


def test_wish_16_no_escalation_goes_without_word_to_the_customer(escalation, people, now):
    assert pure.due_at(state(escalation, "update")) == now + 29 * MIN
    engine.run_due(now + 29 * MIN)
    assert ClockEvent.objects.get(clock__kind="update", kind="breached").at == now + 29 * MIN
    words = {"text": "two of three are back", "audience": "all", "is_update": True, "by": people["tam"]}
    actions.add_communication(escalation=escalation, now=now + 35 * MIN, **words)
    assert pure.due_at(state(escalation, "update")) == now + 65 * MIN


def test_wish_17_pause_and_resume_are_verbs_with_a_name_and_a_reason(running, people, wait, now):
    wait(now + MIN)
    actions.waiting_over(escalation=running, by=people["customer_lead"], now=now + 3 * MIN)
    log = ClockEvent.objects.filter(clock__kind="level", kind__in=["paused", "resumed"])
    assert [(one.kind, one.by_name, one.reason) for one in log] == [
        ("paused", people["tam"].name, "logs wanted"),
        ("resumed", people["customer_lead"].name, ""),
    ]


def test_wish_18_an_escalation_that_everybody_forgets_is_late_on_every_clock(open_it, people, now):
    one = open_it(restore_target_min=120)
    actions.case_opened(escalation=one, case_id="1", by=people["tam"], now=now)
    engine.run_due(now + timedelta(days=3))
    late = ClockEvent.objects.filter(kind="breached").order_by("at").values_list("clock__kind", flat=True)
    assert set(late) == {"level", "first_response", "update", "restore"}


def test_wish_20_nothing_counts_on_after_the_end_and_the_objective_can_be_changed(open_it, people, now):
    one = open_it(restore_target_min=30)
    one.restore_target_min = 240
    one.save(update_fields=["restore_target_min"])
    timing.restore_target_changed(one, by=people["tam"], now=now, reason="the smaller module")
    assert pure.due_at(state(one, "restore")) == now - 3 * MIN + 240 * MIN
    actions.resolved(escalation=one, resolution="restarted", by=people["tam"], now=now + 5 * MIN)
    assert engine.run_due(now + timedelta(days=30)) == 0
    assert {face(one, kind, now + timedelta(days=30)).taken_s for kind in ("update", "level")} == {360}


def test_wish_21_every_time_that_was_taken_is_on_record(running, people, now):
    actions.answered(escalation=running, how="case", by=people["tam"], now=now + 9 * MIN)
    engine.run_due(now + 20 * MIN)
    shown = face(running, "first_response", now + timedelta(days=99))
    assert (shown.taken_s, shown.started_at, shown.state) == (9 * 60, now, "met")


def test_wish_22_a_breach_is_an_event_and_history_tells_it_again_alike(running, people, now):
    engine.run_due(now + 99 * MIN)
    severity(running, "low", people, now + 100 * MIN)
    clock = running.clocks.get(kind="first_response")
    replayed = pure.fold(reversed(planning.events_of(clock)), hours.from_json(clock.calendar))
    assert replayed == state(running, "first_response")
    assert replayed.breached_at == now + 15 * MIN


def test_wish_23_a_wait_names_whom_it_is_for(running, wait, now):
    wait(now + MIN, code="third-party", reason="the carrier tests the line")
    stretches = faces.strip(state(running, "level"), now + 2 * MIN)
    assert [one.reason for one in stretches if one.kind == "paused"] == [
        "A third party, the carrier tests the line"
    ]


def test_wish_24_a_hold_with_an_end_lifts_itself(running, wait, now):
    wait(now + 5 * MIN, until=now + 65 * MIN)
    engine.run_due(now + 65 * MIN - timedelta(microseconds=1))
    running.refresh_from_db()
    assert running.waiting_since == now + 5 * MIN
    engine.run_due(now + 65 * MIN)
    running.refresh_from_db()
    assert (running.waiting_since, running.waiting_until, running.waiting_code) == (None, None, "")
    assert pure.due_at(state(running, "level")) == now + 75 * MIN


def test_wish_25_what_stood_still_goes_on_though_nobody_was_there_when_its_time_came(running, wait, now):
    wait(now + 5 * MIN, until=now + 65 * MIN)
    # The machine was off for a day.
    engine.run_due(now + timedelta(days=1))
    level = (
        ClockEvent.objects.filter(clock__kind="level", cycle=1).exclude(kind="repeated").order_by("at", "pk")
    )
    assert [(one.kind, one.at - now) for one in level] == [
        ("started", 0 * MIN),
        ("paused", 5 * MIN),
        ("resumed", 65 * MIN),
        ("breached", 75 * MIN),
    ]


def test_wish_26_no_step_comes_before_its_time(running, now):
    seen = []
    for second in range(0, 16 * 60, 30):
        at = now + timedelta(seconds=second)
        engine.run_due(at)
        early = Deadline.objects.filter(fired_at__isnull=False, due_at__gt=at)
        seen.append(early.count())
    assert set(seen) == {0}
    assert Deadline.objects.get(clock__kind="first_response", stage=WARN_50).fired_at == now + 7.5 * MIN


def test_wish_37_a_pause_takes_back_what_was_already_planned(running, wait, now):
    wait(now + 10 * MIN)
    rows = Deadline.objects.filter(clock__kind__in=["level", "update"], cancel_reason="paused")
    assert set(rows.values_list("clock__kind", "stage")) >= {("level", BREACH), ("update", BREACH)}
    planned = Deadline.objects.waiting().exclude(clock__kind="first_response")
    assert not planned.exists()
