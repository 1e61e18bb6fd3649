"""The pure clock: what its events add up to, at any instant and in any order of looking."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation import clock as pure
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
        log.append(Event(pure.STOPPED, at + draw(spans), label="case"))
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


@given(logs(), spans)
def test_a_pause_moves_later_deadlines_by_its_length(log, length):
    running = fold([log[0]], ALWAYS)
    paused_at = T + MIN / 2
    held = fold([log[0], Event(pure.PAUSED, paused_at), Event(pure.RESUMED, paused_at + length)], ALWAYS)
    for stage, due in pure.dues(running).items():
        moved = due + length if due > paused_at else due
        assert pure.due_at(held, stage) == moved


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
