"""The pure clock: what its events add up to, at any instant and in any order of looking."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import clock as pure
from escalation import why
from escalation.clock import BREACH, WARN_50, WARN_80, Event, fold
from escalation.hours import BUSINESS, Calendar
from escalation.why import explain

T = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)
MIN = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
START = Event(pure.STARTED, T, target_s=900, label="critical")
ALWAYS = Calendar()
BERLIN = Calendar(BUSINESS, "Europe/Berlin", holidays=frozenset({date(2026, 12, 25)}))
spans = st.integers(1, 3 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def logs(draw):
    """A start, then pauses, resumptions and changes of target at growing instants, perhaps a stop."""
    at, held = T, False
    log = [Event(pure.STARTED, T, target_s=draw(st.integers(60, 86_400)), label="critical")]
    for _ in range(draw(st.integers(0, 6))):
        at += draw(spans)
        if draw(st.booleans()):
            log.append(Event(pure.TARGET_CHANGED, at, target_s=draw(st.integers(60, 86_400)), label="high"))
        else:
            log.append(Event(pure.RESUMED if held else pure.PAUSED, at))
            held = not held
    if draw(st.booleans()):
        at += draw(spans)
        log.append(Event(pure.STOPPED, at, label="case"))
        if draw(st.booleans()):
            log.append(Event(pure.REOPENED, at + draw(spans)))
    return log


clocks = st.builds(fold, logs(), st.sampled_from([ALWAYS, BERLIN]))


@given(clocks, spans, spans)
def test_elapsed_never_runs_backwards(state, first, more):
    assert pure.elapsed(state, T + first) <= pure.elapsed(state, T + first + more)


@given(clocks)
def test_a_stage_is_due_exactly_at_its_deadline_and_not_a_microsecond_before(state):
    for stage, due in pure.dues(state).items():
        if state.stopped_at and due > state.stopped_at:
            continue
        share = state.target * pure.STAGES[stage] / 100
        assert pure.elapsed(state, due) == share
        assert pure.elapsed(state, due - TICK) < share


@given(clocks, st.lists(spans, max_size=12))
def test_any_set_of_ticks_fires_the_same_stages_once(state, ticks):
    end = T + timedelta(days=400)
    fired = []
    for now in [*sorted(T + tick for tick in ticks), end]:
        done = pure.replace(state, fired=dict(fired))
        fired += pure.due_stages(done, now)
    assert fired == pure.due_stages(state, end)
    assert len({stage for stage, _due in fired}) == len(fired)


@given(logs(), spans, spans)
def test_a_pause_moves_later_deadlines_by_its_length_whatever_came_before(log, into, length):
    before = fold(log, ALWAYS)
    if before.status != pure.RUNNING:
        return
    paused_at = before.segments[-1].since + into
    pause = [Event(pure.PAUSED, paused_at), Event(pure.RESUMED, paused_at + length)]
    held = fold([*log, *pause], ALWAYS)
    for stage, due in pure.dues(before).items():
        assert pure.due_at(held, stage) == (due + length if due > paused_at else due)


@given(logs(), spans, spans)
def test_a_pause_in_working_hours_moves_deadlines_by_its_working_time(log, into, length):
    before = fold([log[0]], BERLIN)
    paused_at, on_at = T + into, T + into + length
    held = fold([log[0], Event(pure.PAUSED, paused_at), Event(pure.RESUMED, on_at)], BERLIN)
    for stage, due in pure.dues(before).items():
        lost = BERLIN.elapsed(paused_at, on_at) if due > paused_at else timedelta(0)
        assert BERLIN.elapsed(T, pure.due_at(held, stage)) == BERLIN.elapsed(T, due) + lost


@given(logs(), st.integers(60, 86_400), spans, st.sampled_from([ALWAYS, BERLIN]))
def test_a_change_of_severity_keeps_every_pause(log, target_s, later, calendar):
    at = max(event.at for event in log) + later
    change = Event(pure.TARGET_CHANGED, at, target_s=target_s)
    before, after = fold(log, calendar), fold([*log, change], calendar)
    assert after.segments == before.segments
    assert pure.elapsed(after, at + later) == pure.elapsed(before, at + later)
    own = [event for event in log if event.kind != pure.TARGET_CHANGED]
    begun_so = fold([pure.replace(own[0], target_s=target_s), *own[1:]], calendar)
    assert pure.dues(after) == pure.dues(begun_so)


@given(clocks, spans)
def test_the_strip_has_no_gaps_and_its_shares_are_a_whole(state, later):
    spans_of_it = why.spans(state, T + later)
    assert sum(span.percent for span in spans_of_it) == pytest.approx(100)
    assert spans_of_it[0].since == T
    for span, following in pairwise(spans_of_it):
        assert span.to == following.since and span.percent > 0


@given(logs(), spans, spans, spans)
def test_net_leaves_out_what_was_marked_as_waiting_and_no_more(log, into, length, later):
    marks = [Event(pure.WAITED, T + into), Event(pure.WAIT_OVER, T + into + length)]
    state, now = fold([*log, *marks], ALWAYS), T + into + length + later
    gross = pure.elapsed(state, now)
    assert gross == pure.elapsed(fold(log, ALWAYS), now)
    assert gross - length <= pure.net(state, now) <= gross


@given(logs())
def test_the_order_of_writing_does_not_matter(log):
    assert fold(log, ALWAYS) == fold(sorted(log, key=lambda event: event.at, reverse=True), ALWAYS)


def test_the_stages_of_fifteen_minutes():
    assert pure.dues(fold([START], ALWAYS)) == {
        WARN_50: T + 7.5 * MIN,
        WARN_80: T + 12 * MIN,
        BREACH: T + 15 * MIN,
    }


def test_a_clock_that_is_held_has_no_deadline():
    state = fold([START, Event(pure.PAUSED, T + 10 * MIN)], ALWAYS)
    assert pure.dues(state) == {WARN_50: T + 7.5 * MIN}
    assert pure.elapsed(state, T + 50 * MIN) == 10 * MIN


def test_severity_up_counts_from_the_original_start_and_may_be_late_at_once():
    up = Event(pure.TARGET_CHANGED, T + 20 * MIN, target_s=900, label="critical", reason="orders stopped")
    state = fold([Event(pure.STARTED, T, target_s=14_400, label="high"), up], ALWAYS)
    assert pure.due_at(state) == T + 15 * MIN
    assert (BREACH, T + 15 * MIN) in pure.due_stages(state, T + 20 * MIN)
    assert [target.label for target in state.targets] == ["high", "critical"]


def test_severity_down_takes_the_longer_target_and_keeps_the_breach():
    breach = Event(pure.BREACHED, T + 15 * MIN, stage=BREACH)
    down = Event(pure.TARGET_CHANGED, T + 20 * MIN, target_s=3600, label="urgent")
    state = fold([START, breach, down], ALWAYS)
    assert pure.due_at(state) == T + 60 * MIN
    assert pure.verdict(state) == pure.MISSED
    assert BREACH not in dict(pure.due_stages(state, T + 90 * MIN))


def test_an_answer_before_the_deadline_is_in_time_and_at_the_deadline_is_late():
    def verdict(at):
        return pure.verdict(fold([START, Event(pure.STOPPED, at)], ALWAYS))

    assert verdict(T + 15 * MIN - TICK) == pure.MET
    assert verdict(T + 15 * MIN) == pure.MISSED


def test_a_recorded_breach_stands_against_an_answer_that_came_at_the_same_moment():
    breach = Event(pure.BREACHED, T + 15 * MIN, stage=BREACH)
    state = fold([START, breach, Event(pure.STOPPED, T + 15 * MIN - TICK)], ALWAYS)
    assert pure.verdict(state) == pure.MISSED


def test_a_corrected_answer_keeps_the_promise_and_the_breach_stays_on_record():
    breach = Event(pure.BREACHED, T + 15 * MIN, stage=BREACH)
    stop = Event(pure.STOPPED, T + 20 * MIN)
    moved = Event(pure.STOP_MOVED, T + 20 * MIN, moved_to=T + 10 * MIN, reason="by phone")
    state = fold([START, breach, stop, moved], ALWAYS)
    assert (pure.verdict(state), state.breached_at, state.stopped_at) == (
        pure.MET,
        T + 15 * MIN,
        T + 10 * MIN,
    )


def test_a_cancelled_clock_has_no_verdict_and_fires_nothing():
    state = fold([START, Event(pure.CANCELLED, T + 5 * MIN)], ALWAYS)
    assert pure.verdict(state) is None
    assert pure.due_stages(state, T + 60 * MIN) == []


def test_it_says_why_the_deadline_is_where_it_is():
    up = Event(pure.TARGET_CHANGED, T + 5 * MIN, target_s=900, label="critical", reason="orders stopped")
    state = fold([Event(pure.STARTED, T, target_s=14_400, label="high"), up], ALWAYS)
    assert explain(state) == [
        {"part": "start", "at": T},
        {"part": "target", "minutes": 15, "label": "critical"},
        {"part": "hours", "kind": "24x7"},
        {"part": "was", "minutes": 240, "label": "high", "until": T + 5 * MIN, "reason": "orders stopped"},
        {"part": "due", "at": T + 15 * MIN},
    ]


def test_a_clock_that_has_not_started_says_nothing():
    state = fold([], ALWAYS)
    assert (pure.elapsed(state, T), pure.remaining(state, T), pure.due_at(state)) == (
        timedelta(0),
        None,
        None,
    )
    assert explain(state) == [] and pure.due_stages(state, T) == []


def test_what_is_left_goes_below_zero():
    assert pure.remaining(fold([START], ALWAYS), T + 20 * MIN) == -5 * MIN


def test_leap_day_and_midnight_count_like_any_time():
    start = datetime(2028, 2, 28, 23, 55, tzinfo=UTC)
    state = fold([Event(pure.STARTED, start, target_s=86_400)], ALWAYS)
    assert pure.due_at(state) == datetime(2028, 2, 29, 23, 55, tzinfo=UTC)


def test_reopening_goes_on_where_it_stopped_and_the_rest_between_does_not_count():
    log = [START, Event(pure.STOPPED, T + 10 * MIN, label="restored"), Event(pure.REOPENED, T + 60 * MIN)]
    state = fold(log, ALWAYS)
    assert (state.status, pure.due_at(state)) == (pure.RUNNING, T + 65 * MIN)
    assert pure.verdict(state) is None
    assert [span.kind for span in why.spans(state, T + 62 * MIN)] == ["running", "rested", "running", "ahead"]


def test_a_breach_that_a_correction_undid_does_not_come_back_with_the_reopening():
    log = [
        START,
        Event(pure.BREACHED, T + 15 * MIN, stage=BREACH),
        Event(pure.STOPPED, T + 20 * MIN),
        Event(pure.STOP_MOVED, T + 20 * MIN, moved_to=T + 10 * MIN),
        Event(pure.REOPENED, T + 30 * MIN),
        Event(pure.STOPPED, T + 33 * MIN),
    ]
    assert pure.verdict(fold(log, ALWAYS)) == pure.MET
    late = [*log[:3], Event(pure.STOP_MOVED, T + 21 * MIN, moved_to=T + 18 * MIN), *log[4:]]
    assert pure.verdict(fold(late, ALWAYS)) == pure.MISSED


def test_a_clock_that_was_cancelled_by_mistake_goes_on_as_if_it_had_not_been():
    log = [START, Event(pure.CANCELLED, T + 5 * MIN), Event(pure.REOPENED, T + 60 * MIN)]
    state = fold(log, ALWAYS)
    assert (pure.due_at(state), pure.elapsed(state, T + 60 * MIN)) == (T + 15 * MIN, 60 * MIN)


def test_a_clock_without_a_target_runs_and_is_never_due():
    state = fold([Event(pure.STARTED, T)], ALWAYS)
    assert pure.elapsed(state, T + MIN) == MIN
    assert (pure.dues(state), pure.remaining(state, T + MIN), pure.verdict(state)) == ({}, None, None)
    assert explain(state) == [{"part": "start", "at": T}, {"part": "free", "label": ""}]


def test_an_answer_between_the_breach_and_a_longer_target_undoes_no_breach():
    breach = Event(pure.BREACHED, T + 15 * MIN, stage=BREACH)
    down = Event(pure.TARGET_CHANGED, T + 20 * MIN, target_s=14_400, label="high")
    stop = Event(pure.STOPPED, T + 40 * MIN)
    moved = Event(pure.STOP_MOVED, T + 41 * MIN, moved_to=T + 30 * MIN)
    assert pure.verdict(fold([START, breach, down, stop, moved], ALWAYS)) == pure.MISSED
