"""Statistics over a part of the samples, and metric math, held against samples drawn by hand."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iem_portal.simulator import trimmed
from iem_portal.simulator.mathematics import Evaluation, Series
from iem_portal.simulator.operations import ApiError

pytestmark = pytest.mark.once
MIDDLE, SIGMA, DRAWN = 100.0, 0.5, 40_000


@pytest.fixture(scope="module")
def samples():
    """What a log-normal spread looks like, sorted."""
    dice = random.Random(7)
    return sorted(MIDDLE * math.exp(SIGMA * dice.gauss(0, 1)) for _ in range(DRAWN))


def number(stat, count=1.0):
    return trimmed.value(stat, MIDDLE, SIGMA, count).number


@pytest.mark.parametrize(
    ("stat", "low", "high"), [("tm90", 0, 0.9), ("TM(10%:90%)", 0.1, 0.9), ("IQM", 0.25, 0.75)]
)
def test_a_trimmed_mean_is_the_mean_of_what_is_left(samples, stat, low, high):
    kept = samples[int(low * DRAWN) : int(high * DRAWN)]
    assert number(stat) == pytest.approx(sum(kept) / len(kept), rel=0.02)


def test_a_winsorized_mean_pulls_the_ends_in(samples):
    low, high = samples[DRAWN // 10], samples[DRAWN * 9 // 10]
    pulled = [min(max(one, low), high) for one in samples]
    assert number("WM(10%:90%)") == pytest.approx(sum(pulled) / DRAWN, rel=0.02)


def test_a_rank_is_the_share_between_two_values(samples):
    inside = sum(80 < one <= 150 for one in samples)
    assert number("PR(80:150)") == pytest.approx(inside / DRAWN * 100, abs=1)


@pytest.mark.parametrize("stat", ["tc90", "TC(80:150)", "TC(10%:90%)"])
def test_a_trimmed_sum_is_count_times_mean(stat):
    mean, count, total = (
        number(stat.replace("TC", kind).replace("tc", kind.lower()), 50) for kind in ("TM", "TC", "TS")
    )
    assert total == pytest.approx(mean * count)


@given(st.floats(0.1, 1e6), st.floats(0, 2), st.sampled_from(["tm99", "IQM", "wm95", "TM(5%:95%)"]))
def test_a_trimmed_mean_lies_between_the_extremes(middle, sigma, stat):
    found = trimmed.value(stat, middle, sigma, 1).number
    assert 0.999 * middle * math.exp(-8 * sigma) <= found <= 1.001 * middle * math.exp(8 * sigma)


@pytest.mark.parametrize("stat", ["tm", "TM(:)", "PR(10%:90%)", "TM(90%:10%)", "TM(10%:200)", "TM(0%:101%)"])
def test_nonsense_is_not_known(stat):
    assert not trimmed.is_known(stat)


def series(*values, period=60):
    points = {60 * place: value for place, value in enumerate(values) if value is not None}
    return Series(points, period, tuple(60 * place for place in range(len(values))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a / b * 100", [50, None, None]),
        ("FILL(a, 0) + b", [3, None, 4]),
        ("SUM([a, b])", [3, 2, 4]),
        ("MAX([a, b])", [2, 2, 4]),
        ("DIFF(b)", [None, None, 2]),
        ("IF(b > 3, b, 0)", [0, None, 4]),
        ("a * PERIOD(a)", [60, 120, None]),
        ("c / b", [0, None, 0]),
        ("b / c", [None, None, None]),
        ("-a ^ 2", [-1, -4, None]),
    ],
)
def test_metric_math(text, expected):
    known = {"a": series(1, 2, None), "b": series(2, None, 4), "c": series(0, 0, 0)}
    found = Evaluation(known, {"e": text}).series("e")
    assert [found.points.get(60 * place) for place in range(3)] == expected


def test_an_expression_that_names_itself_is_refused():
    with pytest.raises(ApiError, match="refers to itself"):
        Evaluation({}, {"e": "e + 1"}).series("e")
