"""The values of a series: a pure function of seed, identity and minute, inside the limits of its table."""

from dataclasses import replace

import pytest
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from iem_portal.simulator.clock import SimClock
from iem_portal.simulator.scenario import SCENARIOS, SeriesSpec, load
from iem_portal.simulator.series import Series, is_simulated
from iem_portal.simulator.shapes import Misfit, check
from iem_portal.simulator.world import World

SPEC = SeriesSpec("1", "r", "N", "M", {}, level=50, noise=0.4, sigma=0.5, samples=30, ceiling=60, floor=40)
T0 = 1_800_000_000 // 60 * 60
LATER = float("inf")


def test_the_same_seed_gives_the_same_values_and_another_seed_others():
    def values(seed):
        return [Series(SPEC, seed).value(minute) for minute in range(50)]

    assert values(1) == values(1) != values(2)


def test_two_metrics_do_not_move_together():
    wide = replace(SPEC, ceiling=None, floor=0)
    one, other = Series(wide, 1), Series(replace(wide, metric="Other"), 1)
    assert [one.value(minute) for minute in range(9)] != [other.value(minute) for minute in range(9)]


@given(st.integers(-2000, 5000))
def test_values_stay_inside_their_limits(minute):
    assert 40 <= Series(SPEC, 7).value(minute) <= 60


@given(st.integers(-100, 100), st.integers(1, 15))
def test_statistics_are_in_order_over_any_period(minute, minutes):
    series = Series(SPEC, 7)
    stats = ("Minimum", "p10", "p50", "p90", "Maximum")
    values = [series.statistic(stat, T0 + minute * 60, minutes * 60, t0=T0, now=LATER) for stat in stats]
    assert values == sorted(values)


@given(st.integers(0, 400))
def test_a_converging_sum_only_grows(waited):
    spec = replace(SPEC, stat="Sum", samples=0, lag_s=60, converge_s=120, ceiling=None)
    series, end = Series(spec, 7), T0 + 60
    now, later = (series.statistic("Sum", T0, 60, t0=T0, now=end + waited + more) or 0 for more in (0, 30))
    assert now <= later


def test_points_are_joined_by_straight_lines():
    series = Series(replace(SPEC, points=[[0, 40], [10, 60]], noise=0), 1)
    assert [series.value(minute) for minute in (-5, 0, 5, 10, 99)] == [50, 40, 50, 60, 60]


@pytest.mark.parametrize(
    ("stat", "known"),
    [
        ("p95", True),
        ("p99.9", True),
        ("Sum", True),
        ("TM(1%:9%)", True),
        ("TM(9%:1%)", False),
        ("p", False),
        ("", False),
    ],
)
def test_statistics_that_are_not_simulated_are_known(stat, known):
    assert is_simulated(stat) is known


def test_every_scenario_loads_without_two_series_of_one_identity(tmp_path):
    names = [path.stem for path in SCENARIOS.glob("*.toml")]
    assert "cutover" in names
    for name in names:
        scenario = load(name)
        (tmp_path / "gamedays.json").write_text('[{"key": "retired", "account": "1", "at": 0}]')
        world = World(scenario, SimClock(tmp_path))
        assert len(world.series) == len(scenario.series) and world.injections == []


def test_a_mistyped_key_in_a_scenario_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "odd.toml").write_text('seed = 1\n[[accounts]]\nid = "1"\nname = "x"\nplann = "basic"\n')
    monkeypatch.setattr("iem_portal.simulator.scenario.SCENARIOS", tmp_path)
    with pytest.raises(TypeError, match="plann"):
        load("odd")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"AlarmNames": "a"}, "must be a list"),
        ({"AlarmNames": ["a"] * 101}, "greater than 100"),
        ({"MaxRecords": "5"}, "of type integer"),
        ({"MaxRecords": True}, "of type integer"),
        ({"StateValue": "BROKEN"}, "not one of"),
        ({"AlarmNamePrefix": ""}, "less than 1"),
        ({"Invented": 1}, "not a member"),
        ([], "must be a structure"),
    ],
)
def test_the_shape_walker_says_what_does_not_fit(value, why):
    shape = get_session().get_service_model("cloudwatch").operation_model("DescribeAlarms").input_shape
    with pytest.raises(Misfit, match=why):
        check(shape, value, closed=True)
