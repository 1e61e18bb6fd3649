"""Which days people work in a country: weekends and public holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

import holidays

WEEKEND = (5, 6)


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country)
    except (NotImplementedError, KeyError):
        return None


def working_days_of(country: str) -> Callable[[date], bool]:
    """A predicate for the working days of an ISO 3166 country code.

    An unknown country has no holidays here, only Saturdays and Sundays.
    """
    calendar = _calendar(country.upper()) if country else None

    def is_workday(on: date) -> bool:
        return on.weekday() not in WEEKEND and (calendar is None or on not in calendar)

    return is_workday
