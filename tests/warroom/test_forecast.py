"""The forecast: what must hold for every runbook, and the cases of one cutover."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warroom.forecast import PredecessorCycle, StepFact, forecast, forward_pass

T0 = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)

# A busy machine is no reason to fail: what counts is what holds, not how fast it is shown.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


@st.composite
def runbooks(draw):
    """Steps that wait only for earlier ones, some of them begun and some of those ended."""
    steps = []
    for number in range(draw(st.integers(1, 8))):
        before = draw(st.sets(st.sampled_from([s.code for s in steps]), max_size=3)) if steps else set()
        begun = draw(st.none() | st.integers(-120, 60))
        ended = draw(st.none() | st.integers(0, 60)) if begun is not None else None
        status = "planned" if begun is None else "running" if ended is None else "done"
        steps.append(
            StepFact(
                code=f"S{number}",
                offset_min=draw(st.integers(-120, 300)),
                planned_min=draw(st.integers(0, 60)),
                predecessors=tuple(sorted(before)),
                is_fixed_start=draw(st.booleans()),
                status=status,
                actual_start_at=None if begun is None else at(begun),
                actual_end_at=None if ended is None else at(begun + ended),
            )
        )
    return steps


@unhurried
@given(runbooks(), st.integers(120, 400))
def test_a_step_not_begun_starts_neither_before_now_nor_before_its_predecessors_end(steps, minute):
    result = forward_pass(steps, t0=T0, now=at(minute))
    for step in steps:
        if step.status == "planned":
            assert result[step.code].start_at >= at(minute)
            assert all(result[step.code].start_at >= result[p].end_at for p in step.predecessors)


@unhurried
@given(runbooks(), st.integers(120, 400))
def test_what_has_happened_is_never_forecast_again(steps, minute):
    result = forward_pass(steps, t0=T0, now=at(minute))
    for step in steps:
        if step.actual_start_at:
            assert result[step.code].start_at == step.actual_start_at
        if step.actual_end_at:
            assert result[step.code].end_at == step.actual_end_at


@unhurried
@given(runbooks(), st.integers(120, 400), st.integers(0, 120))
def test_waiting_never_makes_the_end_come_sooner(steps, minute, later):
    first = forecast(steps, t0=T0, now=at(minute))
    then = forecast(steps, t0=T0, now=at(minute + later))
    assert then.end_at >= first.end_at


@unhurried
@given(runbooks(), st.integers(120, 400))
def test_every_step_ends_at_or_after_it_starts(steps, minute):
    assert all(s.end_at >= s.start_at for s in forward_pass(steps, t0=T0, now=at(minute)).values())


def chain(**first):
    return [
        StepFact("A", 0, 10, is_fixed_start=True, downtime="starts", **first),
        StepFact("B", 10, 20, ("A",)),
        StepFact("C", 30, 5, ("B",), downtime="ends"),
    ]


def test_a_delay_is_carried_to_the_end():
    steps = chain(status="done", actual_start_at=at(0), actual_end_at=at(18))
    result = forecast(steps, t0=T0, now=at(18))
    assert (result.late_min, result.end_at) == (8, at(43))


def test_time_won_is_carried_to_the_end_too():
    steps = chain(status="done", actual_start_at=at(0), actual_end_at=at(4))
    assert forecast(steps, t0=T0, now=at(4)).late_min == -6


def test_a_running_step_that_overruns_ends_now_at_the_earliest():
    steps = chain(status="running", actual_start_at=at(0))
    assert forecast(steps, t0=T0, now=at(25)).steps["A"].end_at == at(25)


def test_a_skipped_step_takes_no_time():
    steps = [StepFact("A", 0, 60, status="skipped", actual_end_at=at(0)), StepFact("B", 60, 10, ("A",))]
    assert forecast(steps, t0=T0, now=at(1)).steps["B"].start_at == at(1)


def test_a_step_far_away_does_not_hide_a_delay():
    steps = [
        *chain(status="done", actual_start_at=at(0), actual_end_at=at(30)),
        StepFact("Z", 4320, 30, ("C",), True),
    ]
    assert forecast(steps, t0=T0, now=at(30)).late_min == 20


def test_downtime_counts_from_the_step_that_starts_it():
    steps = chain(status="done", actual_start_at=at(2), actual_end_at=at(12))
    downtime = forecast(steps, t0=T0, now=at(20), downtime_budget_min=30).downtime
    assert (downtime.used_min, downtime.forecast_min, downtime.is_over) == (18, 43, True)


def test_a_step_is_ready_only_when_all_its_predecessors_are_closed():
    steps = chain(status="done", actual_start_at=at(0), actual_end_at=at(10))
    result = forward_pass(steps, t0=T0, now=at(10))
    assert (result["B"].is_ready, result["C"].is_ready, result["C"].waits_for) == (True, False, ("B",))


def test_a_ring_of_predecessors_is_named():
    with pytest.raises(PredecessorCycle) as error:
        forward_pass([StepFact("A", 0, 1, ("B",)), StepFact("B", 0, 1, ("A",))], t0=T0, now=T0)
    assert error.value.codes == ["A", "B"]
