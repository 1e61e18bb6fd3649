"""The curve of closed steps: three stairs that meet, and the words beside them."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.charts.progress import Closing, curve

pytestmark = pytest.mark.once
T0 = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
NOW = T0 + timedelta(hours=2)
LIMIT = T0 + timedelta(hours=9)


def at(minutes):
    return T0 + timedelta(minutes=minutes)


steps = st.lists(
    st.tuples(st.integers(-10_000, 5_000), st.integers(-10_000, 5_000)).map(
        lambda one: Closing(at(one[0]), at(one[1]), is_closed=one[1] <= 120)
    ),
    min_size=1,
    max_size=40,
)


def points(text):
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


@given(steps)
def test_every_stair_rises_to_the_right_inside_the_box(found):
    drawn = curve(found, t0=T0, limit=LIMIT, now=NOW)
    for stair in (drawn.planned, drawn.actual, drawn.foreseen):
        places = points(stair)
        assert all(0 <= px <= 100 and 0 <= py <= 100 for px, py in places)
        assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in itertools.pairwise(places))


@given(steps)
def test_the_plan_closes_all_but_what_lies_beyond_and_the_forecast_goes_on_where_the_actual_ends(found):
    drawn = curve(found, t0=T0, limit=LIMIT, now=NOW)
    assert points(drawn.planned)[-1][1] == round(drawn.after / drawn.total * 100, 2)
    assert points(drawn.actual)[-1] == drawn.last
    if drawn.foreseen:
        assert points(drawn.foreseen)[0] == drawn.last
        assert points(drawn.foreseen)[-1][0] == 100
    assert bool(drawn.foreseen) == (drawn.closed < drawn.total)


def test_behind_is_what_was_planned_by_now_and_is_open():
    found = [Closing(at(10), at(15), True), Closing(at(60), at(130), False), Closing(at(110), at(200), False)]
    drawn = curve(found, t0=T0, limit=LIMIT, now=NOW)
    assert (drawn.total, drawn.closed, drawn.due, drawn.behind) == (3, 1, 3, 2)


def test_no_steps_are_no_curve():
    assert curve([], t0=T0, limit=LIMIT, now=NOW) is None
