"""Working hours: adding and measuring are inverse, in every zone and over every change of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.hours import BUSINESS, Calendar, CalendarError, from_json, parse_segments

ZONES = [
    "Asia/Seoul",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Asia/Tehran",
    "America/St_Johns",
    "Europe/Dublin",
]
# Office hours, a day around lunch, and hours in the very night in which clocks are changed.
DAYS = [
    ((time(8), time(18)),),
    ((time(8), time(12)), (time(13), time(18))),
    ((time(0), time(0, 30)), (time(1, 30), time(2, 45)), (time(3), time(23, 59))),
]
instants = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
durations = st.integers(1, 10 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
calendars = st.builds(
    lambda zone, day, days, week: Calendar(BUSINESS, zone, day, frozenset(week), frozenset(days)),
    st.sampled_from(ZONES),
    st.sampled_from(DAYS),
    st.lists(st.dates(date(2010, 1, 1), date(2030, 1, 1)), max_size=8),
    st.sampled_from([range(5), range(7), (6, 0, 1, 2, 3)]),
)
SEOUL = Calendar(BUSINESS, "Asia/Seoul", holidays=frozenset({date(2026, 12, 25)}))


@given(calendars, instants, durations)
def test_elapsed_is_the_inverse_of_add(calendar, start, working):
    assert calendar.elapsed(start, calendar.add(start, working)) == working


@given(calendars, instants, durations)
def test_no_earlier_instant_has_used_the_time_up(calendar, start, working):
    due = calendar.add(start, working)
    assert calendar.elapsed(start, due - timedelta(microseconds=1)) < working


@given(calendars, instants, st.lists(durations, min_size=2, max_size=2))
def test_time_used_is_the_sum_of_its_parts(calendar, start, parts):
    middle = start + parts[0]
    end = middle + parts[1]
    assert calendar.elapsed(start, end) == calendar.elapsed(start, middle) + calendar.elapsed(middle, end)


@given(st.sampled_from(ZONES), instants, durations)
def test_round_the_clock_counts_real_time_whatever_the_zone(zone, start, working):
    assert Calendar(zone=zone).add(start, working) == start + working


def test_friday_evening_continues_on_monday_morning():
    friday_1730_kst = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
    assert SEOUL.add(friday_1730_kst, timedelta(hours=1)) == datetime(2026, 11, 29, 23, 30, tzinfo=UTC)


def test_a_holiday_is_left_out():
    thursday_1700_kst = datetime(2026, 12, 24, 8, tzinfo=UTC)
    assert SEOUL.add(thursday_1700_kst, timedelta(hours=2)) == datetime(2026, 12, 28, 0, tzinfo=UTC)


def test_summer_time_does_not_shorten_a_working_day():
    berlin = Calendar(BUSINESS, "Europe/Berlin")
    friday, monday = datetime(2026, 3, 27, 7, tzinfo=UTC), datetime(2026, 3, 30, 16, tzinfo=UTC)
    assert berlin.elapsed(friday, monday) == timedelta(hours=20)


def test_the_day_that_samoa_skipped_has_no_hours():
    apia = Calendar(BUSINESS, "Pacific/Apia", weekdays=frozenset(range(7)))
    before, after = datetime(2011, 12, 29, 0, tzinfo=UTC), datetime(2012, 1, 1, 0, tzinfo=UTC)
    assert apia.elapsed(before, after) == timedelta(hours=4 + 10 + 10 + 6)


@pytest.mark.parametrize(("hour_utc", "is_open"), [(22, False), (23, True), (8, True), (9, False)])
def test_opens_at_eight_and_is_closed_at_six(hour_utc, is_open):
    day = 22 if hour_utc >= 22 else 23
    assert SEOUL.is_open(datetime(2026, 11, day, hour_utc, tzinfo=UTC)) is is_open


def test_a_calendar_that_never_opens_is_an_error_not_a_loop():
    with pytest.raises(CalendarError):
        Calendar(BUSINESS, weekdays=frozenset()).add(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1))


@given(calendars)
def test_a_stored_calendar_reads_back_the_same(calendar):
    assert from_json(calendar.as_json()) == calendar


def test_nothing_stored_means_round_the_clock():
    assert from_json({}) == Calendar()


@given(calendars, instants)
def test_stretches_follow_each_other_and_never_overlap(calendar, start):
    seen = [stretch for stretch, _count in zip(calendar.openings(start), range(12), strict=False)]
    flat = [instant for stretch in seen for instant in stretch]
    assert flat == sorted(flat)


def test_hours_are_read_as_people_write_them():
    assert parse_segments(" 08:00-12:00 ,13:00 - 18:00") == DAYS[1]


@pytest.mark.parametrize(
    "text", ["", "8", "08:00", "18:00-08:00", "08:00-12:00, 11:00-18:00", "08:00-25:00", "a-b", "08:00-"]
)
def test_hours_without_sense_are_refused(text):
    with pytest.raises(CalendarError):
        parse_segments(text)


def test_a_working_day_over_new_year_and_a_leap_day():
    berlin = Calendar(BUSINESS, "Europe/Berlin", DAYS[1], holidays=frozenset({date(2028, 1, 1)}))
    monday = datetime(2028, 2, 28, 16, 30, tzinfo=UTC)  # half an hour before the end of the day
    assert berlin.add(monday, timedelta(hours=1)) == datetime(2028, 2, 29, 7, 30, tzinfo=UTC)
    new_years_eve = datetime(2027, 12, 31, 16, 30, tzinfo=UTC)
    assert berlin.add(new_years_eve, timedelta(hours=1)) == datetime(2028, 1, 3, 7, 30, tzinfo=UTC)
