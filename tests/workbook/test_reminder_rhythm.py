"""On which days reminders go out: weekly, then twice a week, then daily, on working days only."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.workdays import working_days_of
from workbook.scorecard.rhythm import is_reminder_day, is_time, pace

pytestmark = pytest.mark.once
T0 = date(2026, 11, 29)  # a Sunday
KOREA = working_days_of("KR")


def days_of(first, last):
    """The reminder days from first to last, in days before T0."""
    days = (T0 - timedelta(days=left) for left in range(first, last - 1, -1))
    return [day for day in days if is_reminder_day(day, T0, KOREA)]


def test_the_pace_rises_towards_the_event_and_is_silent_on_the_day():
    assert [pace(left) for left in (71, 70, 22, 21, 8, 7, 1, 0, -1, -11)] == [
        "", "weekly", "weekly", "twice", "twice", "daily", "daily", "", "twice", "",
    ]  # fmt: skip


def test_weekly_is_the_first_working_day_and_twice_adds_thursday():
    assert [day.weekday() for day in days_of(41, 28)] == [0, 0]
    assert [day.weekday() for day in days_of(20, 14)] == [0, 3]
    assert [day.weekday() for day in days_of(7, 1)] == [0, 1, 2, 3, 4]


def test_a_holiday_moves_the_reminder_to_the_next_working_day():
    # Chuseok 2026 is Thursday 24 to Saturday 26 September.
    t0 = date(2026, 10, 11)
    week = [date(2026, 9, 21) + timedelta(days=n) for n in range(7)]
    assert [day.day for day in week if is_reminder_day(day, t0, KOREA)] == [21]
    after = [date(2026, 9, 28) + timedelta(days=n) for n in range(5)]
    assert [day.day for day in after if is_reminder_day(day, t0, KOREA)] == [28, 1]


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(-20, 80))
@settings(max_examples=120)
def test_no_reminder_on_a_day_off_and_never_less_often_nearer_the_event(t0, left):
    day = t0 - timedelta(days=left)
    if is_reminder_day(day, t0, KOREA):
        assert KOREA(day)
        assert pace(left)


def test_the_hour_is_the_working_mornings():
    times = ["08:29", "08:30", "17:59", "18:00"]
    assert [is_time(datetime.fromisoformat(f"2026-11-20T{time}")) for time in times] == [
        False,
        True,
        True,
        False,
    ]
