"""Series: gaps stay gaps, spikes survive thinning, and the word follows the limit."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iem_portal.aws import cloudwatch
from warroom import batches, series, windows
from warroom.series import Limit

NOW = datetime(2026, 11, 28, 16, 15, tzinfo=UTC)
values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)

# A busy machine is no reason to fail: what counts is what holds, not how fast it is shown.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def points(numbers, step_s=60):
    return [(NOW - timedelta(seconds=step_s * (len(numbers) - n)), value) for n, value in enumerate(numbers)]


@unhurried
@given(values, st.integers(2, 80))
def test_thinning_keeps_the_worst_value_and_both_ends(numbers, keep):
    kept = series.thin(points(numbers), Limit(crit=1), max(keep, 3))
    assert len(kept) <= max(keep, 3)
    assert {kept[0], kept[-1]} == {points(numbers)[0], points(numbers)[-1]}
    assert max(v for _, v in kept) == max(numbers)


@unhurried
@given(values)
def test_thinning_toward_a_floor_keeps_the_lowest(numbers):
    kept = series.thin(points(numbers), Limit(crit=1, direction="below"), 10)
    assert min(v for _, v in kept) == min(numbers)


@unhurried
@given(values)
def test_a_drawing_stays_inside_its_box(numbers):
    drawn = series.spark(points(numbers), period_s=60, limit=Limit(), start=NOW - timedelta(hours=8), end=NOW)
    xy = [float(n) for line in drawn.lines for pair in line.split() for n in pair.split(",")]
    assert all(0 <= n <= 100 for n in xy)


def test_a_missing_bucket_cuts_the_line_and_is_never_drawn_as_zero():
    given_points = points([5, 5, 5, 5, 5, 5])
    del given_points[2]
    drawn = series.spark(given_points, period_s=60, limit=Limit(), start=NOW - timedelta(hours=1), end=NOW)
    assert len(drawn.lines) == 2
    assert drawn.low > 0


def test_a_series_that_stopped_ends_in_a_gap():
    drawn = series.spark(
        points([5] * 10)[:4], period_s=60, limit=Limit(), start=NOW - timedelta(hours=1), end=NOW
    )
    assert drawn.gap is not None


@pytest.mark.parametrize(
    ("value", "limit", "word"),
    [
        (31, Limit(20, 30), "over"),
        (30, Limit(20, 30), "near"),
        (19.9, Limit(20, 30), "ok"),
        (27, Limit(crit=30), "near"),
        (26.9, Limit(crit=30), "ok"),
        (98.9, Limit(99.3, 99, "below"), "over"),
        (99.2, Limit(99.3, 99, "below"), "near"),
        (99.5, Limit(99.3, 99, "below"), "ok"),
        (1e9, Limit(), "ok"),
    ],
)
def test_the_word_follows_the_limit(value, limit, word):
    assert series.level(value, limit) == word


def test_three_missed_intervals_are_no_new_data():
    fresh = (NOW - timedelta(minutes=4), 1.0)
    old = (NOW - timedelta(minutes=6), 1.0)
    assert series.status(fresh, 60, Limit(), NOW) == "ok"
    assert series.status(old, 60, Limit(), NOW) == "stale"
    assert series.status(None, 60, Limit(), NOW) == "never"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5482, "0.548"), (38.0, "38"), (110400.2, "110,400"), (0, "0"), (99.71, "99.7"), (548, "548")],
)
def test_numbers_read_well(value, text):
    assert series.number(value) == text


@unhurried
@given(st.integers(1, 40 * 24 * 60), st.sampled_from([60, 300]))
def test_a_window_always_reads_the_overlap_and_never_the_running_bucket(minutes_behind, period_s):
    start, end = windows.window(NOW - timedelta(minutes=minutes_behind), period_s, NOW + timedelta(seconds=7))
    assert (
        end <= NOW + timedelta(seconds=7) and end.timestamp() % period_s == 0 == start.timestamp() % period_s
    )
    assert (end - start).total_seconds() >= windows.OVERLAP_S
    assert end - start <= timedelta(days=windows.KEEP_DAYS, seconds=period_s)


@unhurried
@given(st.integers(1, 3000))
def test_the_pieces_of_a_window_cover_it_without_overlap_newest_first(minutes):
    start = NOW - timedelta(minutes=minutes)
    parts = windows.chunks(start, NOW, 60)
    assert parts[0][1] == NOW and parts[-1][0] == start
    assert all(later[0] == earlier[1] for later, earlier in itertools.pairwise(parts))
    assert all((end - begin).total_seconds() <= 200 * 60 for begin, end in parts)


def test_a_sum_that_is_still_filling_is_not_read_as_a_fall():
    counted = [(at, value, n == 2) for n, (at, value) in enumerate(points([100, 110, 40]))]
    assert series.is_filling(counted, "Sum", 60)
    assert not series.is_filling(counted, "Average", 60)
    assert not series.is_filling([(at, value, False) for at, value, _ in counted], "Sum", 60)


def test_a_part_of_a_sum_above_the_bucket_before_is_news():
    counted = [(at, value, n == 1) for n, (at, value) in enumerate(points([100, 140]))]
    assert not series.is_filling(counted, "Sum", 60)


def test_the_line_of_a_filling_sum_waits_at_the_last_whole_bucket():
    drawn = series.spark(
        points([100, 110, 40]), period_s=60, limit=Limit(), start=NOW - timedelta(hours=1), end=NOW,
        is_filling=True,
    )  # fmt: skip
    assert drawn.low > 40
    assert drawn.ahead[1] == drawn.last[1] and drawn.ahead[0] > drawn.last[0]


MIX = st.dictionaries(st.sampled_from([10, 60, 120, 300]), st.integers(1, 700), min_size=1)


@given(MIX, st.integers(1, 4000))
def test_mixed_periods_share_windows_within_the_limit_of_a_request(asked, minutes):
    start, end = NOW - timedelta(minutes=minutes), NOW
    joint = windows.joint(dict.fromkeys(asked, (start, end)))
    parts = windows.chunks(*joint, asked)
    assert parts[0][1] == end and parts[-1][0] <= start
    for begin, until in parts:
        seconds = (until - begin).total_seconds()
        left, points = 500, 0.0
        for period in sorted(asked):
            taken = min(left, asked[period])
            points, left = points + taken * seconds / period, left - taken
        assert points <= 100_800 or seconds <= 300
        assert all(begin.timestamp() % period == 0 for period in asked)


@pytest.mark.parametrize(("period", "hours"), [(10, 3), (60, 15 * 24), (300, 15 * 24)])
def test_nothing_is_asked_that_aws_has_forgotten(period, hours):
    start, end = windows.window(NOW - timedelta(days=90), period, NOW)
    assert end - start <= timedelta(hours=hours)


def test_what_may_still_change_is_drawn_apart():
    points = [(NOW + timedelta(minutes=n), float(n)) for n in range(10)]
    drawn = series.spark(
        points,
        period_s=60,
        limit=series.Limit(),
        start=NOW,
        end=NOW + timedelta(minutes=10),
        provisional_from=points[6][0],
    )
    assert (len(drawn.lines[0].split()), len(drawn.tails[0].split()), drawn.is_open) == (6, 5, True)
    assert drawn.lines[0].split()[-1] == drawn.tails[0].split()[0]


def test_a_metric_that_is_new_after_an_outage_takes_no_hour_from_those_that_are_behind():
    spec = cloudwatch.MetricSpec("old", "AWS/RDS", "CPUUtilization", {}, "Average", 60)
    spans: dict = {}
    behind = NOW - timedelta(hours=5)
    batches.batch_of([(spec, behind), (replace(spec, id="new"), None)], spans, NOW)
    assert spans["old"][0] <= behind and spans["old"][1] == NOW


def test_what_arrived_late_is_marked_from_its_first_to_the_end_of_its_last_bucket():
    given_points = points([5.0] * 10)
    late = {given_points[place][0] for place in (0, 1, 2, 7)}
    drawn = series.spark(
        given_points, period_s=60, limit=Limit(), start=NOW - timedelta(minutes=10), end=NOW, late=late
    )
    assert drawn.late == ((0, 30), (70, 80))
