"""Slack, critical path, lags, "any" rules and the latest safe abort: what holds for every plan, and one of each."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warroom.abort import abort_of, path_length_min, rollback_min
from warroom.forecast import StepFact, forecast, forward_pass, waiting

pytestmark = pytest.mark.once
T0 = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


@st.composite
def plans(draw):
    """Steps nobody has begun, with both kinds of links, lags and rules."""
    steps = []
    for number in range(draw(st.integers(1, 7))):
        before = draw(st.sets(st.sampled_from([s.code for s in steps]), max_size=3)) if steps else set()
        links = tuple(
            f"{code} {draw(st.sampled_from(['FS+0', 'FS+7', 'SS+3', 'SS+0']))}" for code in sorted(before)
        )
        words = {"start_rule": draw(st.sampled_from(["all", "any"])), "predecessors": links}
        steps.append(StepFact(f"S{number}", draw(st.integers(0, 90)), draw(st.integers(0, 40)), **words))
    return steps


@unhurried
@given(plans(), st.integers(0, 300))
def test_a_step_that_takes_its_whole_slack_longer_still_meets_the_window(steps, room):
    first = forecast(steps, t0=T0, now=T0, window_end=at(90 + 40 * 7 + room))
    for number, step in enumerate(steps):
        slack = first.steps[step.code].slack_min
        if slack is None or slack < 0:
            continue
        longer = [*steps]
        longer[number] = StepFact(
            step.code,
            step.offset_min,
            step.planned_min + slack,
            step.predecessors,
            start_rule=step.start_rule,
        )
        after = forward_pass(longer, t0=T0, now=T0)
        assert max(seen.end_at for seen in after.values()) <= at(90 + 40 * 7 + room)


@unhurried
@given(plans())
def test_something_critical_sets_the_end_of_every_open_plan(steps):
    seen = forecast(steps, t0=T0, now=T0, window_end=at(10_000))
    last = [code for code, one in seen.steps.items() if one.end_at == seen.end_at]
    assert any(seen.steps[code].is_critical for code in last)


@unhurried
@given(plans(), st.integers(1, 30))
def test_a_critical_step_that_starts_later_never_lets_the_plan_end_sooner(steps, minutes):
    first = forecast(steps, t0=T0, now=T0, window_end=at(10_000))
    for number, step in enumerate(steps):
        longer = [*steps]
        words = {"predecessors": step.predecessors, "start_rule": step.start_rule}
        longer[number] = StepFact(step.code, step.offset_min, step.planned_min + minutes, **words)
        assert forecast(longer, t0=T0, now=T0).end_at >= first.end_at


def chain():
    return [
        StepFact("A", 0, 10),
        StepFact("B", 10, 30, ("A",)),
        StepFact("C", 10, 5, ("A",)),
        StepFact("D", 40, 10, ("B", "C")),
    ]


def test_slack_is_counted_back_from_the_end_of_the_window():
    seen = forecast(chain(), t0=T0, now=T0, window_end=at(60)).steps
    assert {code: one.slack_min for code, one in seen.items()} == {"A": 10, "B": 10, "C": 35, "D": 10}


def test_the_critical_path_is_what_sets_the_end_and_what_has_no_slack():
    assert forecast(chain(), t0=T0, now=T0, window_end=at(60)).critical == ("A", "B", "D")
    assert forecast(chain(), t0=T0, now=T0, window_end=at(25)).critical == ("A", "B", "C", "D")


def test_a_time_by_which_it_must_end_takes_the_slack_and_is_missed_aloud():
    steps = [StepFact("A", 0, 10), StepFact("B", 10, 30, ("A",), must_end_at=at(35))]
    seen = forecast(steps, t0=T0, now=T0, window_end=at(600)).steps
    assert (seen["A"].slack_min, seen["B"].slack_min, seen["B"].is_missed) == (-5, -5, True)


def test_a_lag_and_a_start_to_start_link_move_the_start():
    steps = [StepFact("A", 0, 30), StepFact("B", 0, 5, ("A +15",)), StepFact("C", 0, 5, ("A SS+10",))]
    seen = forward_pass(steps, t0=T0, now=T0)
    assert (seen["B"].start_at, seen["C"].start_at) == (at(45), at(10))


def test_any_waits_for_the_first_of_its_predecessors_only():
    steps = [StepFact("A", 0, 30), StepFact("B", 0, 10), StepFact("C", 0, 5, ("A", "B"), start_rule="any")]
    assert forward_pass(steps, t0=T0, now=T0)["C"].start_at == at(10)
    facts = {s.code: s for s in steps} | {
        "B": StepFact("B", 0, 10, status="done", actual_start_at=T0, actual_end_at=at(8))
    }
    assert waiting(facts["C"], facts, at(8)) == ()


def test_a_lag_holds_the_step_until_it_is_over_and_a_failed_step_for_good():
    done = StepFact("A", 0, 10, status="done", actual_start_at=T0, actual_end_at=at(10))
    facts = {"A": done, "B": StepFact("B", 10, 5, ("A +5",))}
    assert waiting(facts["B"], facts, at(14)) == ("A",)
    assert waiting(facts["B"], facts, at(15)) == ()
    failed = StepFact("A", 0, 10, status="failed", actual_start_at=T0)
    assert waiting(facts["B"], facts | {"A": failed}, at(500)) == ("A",)


def test_a_fixed_start_is_kept_however_early_the_step_could_begin():
    steps = [StepFact("A", 0, 5), StepFact("B", 5, 5, ("A",), fixed_start_at=at(90))]
    assert forward_pass(steps, t0=T0, now=T0)["B"].start_at == at(90)


BACK = [
    StepFact("RB-01", 0, 5),
    StepFact("RB-02", 0, 10),
    StepFact("RB-03", 10, 20, ("RB-02",)),
    StepFact("RB-04", 30, 15, ("RB-03",)),
]


def test_the_rollback_is_as_long_as_its_longest_chain_and_shorter_while_less_is_to_be_undone():
    assert path_length_min(BACK) == 45
    assert rollback_min(BACK, {"RB-03": False, "RB-02": True}) == 25


def test_the_latest_safe_abort_leaves_rollback_and_margin_before_the_end_of_the_window():
    seen = abort_of(window_end=at(120), rollback_total_min=45, margin=timedelta(minutes=15), now=at(50.5))
    assert (seen.latest_at, seen.left_min, seen.is_past) == (at(60), 9, False)
    assert abort_of(window_end=at(120), rollback_total_min=45, margin=timedelta(0), now=at(75.1)).is_past
