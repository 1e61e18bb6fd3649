"""How far an instant is from T0, said the same way on every page."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iem_portal.templatetags.portal import tminus

pytestmark = pytest.mark.once

SEOUL = ZoneInfo("Asia/Seoul")
HOURS = st.times(timezones=st.just(SEOUL))


@given(hour=HOURS, event_hour=HOURS, days=st.integers(min_value=2, max_value=200))
def test_a_day_of_the_plan_has_one_count_at_every_hour(hour, event_hour, days):
    t0 = datetime.combine(date(2026, 11, 23), event_hour).astimezone(UTC)
    due = datetime.combine(date(2026, 11, 23) - timedelta(days=days), hour).astimezone(UTC)
    assert tminus(due, t0, "Asia/Seoul") == f"T−{days} d"


def test_less_than_a_day_is_said_in_hours_and_never_as_no_day():
    t0 = datetime.combine(date(2026, 11, 23), time(1), tzinfo=SEOUL)
    assert tminus(t0 - timedelta(hours=2), t0, "Asia/Seoul") == "T−2 h"
    # New York puts its clocks back on this day: a day of 25 hours.
    york = datetime(2026, 11, 1, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    midnight = datetime(2026, 11, 1, 0, 0, tzinfo=ZoneInfo("America/New_York"))
    assert tminus(midnight.astimezone(UTC), york.astimezone(UTC), "America/New_York") == "T−1 d"


def test_a_running_clock_counts_whole_days_that_are_left():
    t0 = datetime(2026, 11, 23, 1, tzinfo=UTC)
    assert tminus(t0 - timedelta(days=2, hours=23), t0, "UTC", is_running=True) == "T−2 d"
