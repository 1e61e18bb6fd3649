"""On which days a reminder goes out, and at which local time. Standard library only."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

WEEKLY, TWICE, DAILY = "weekly", "twice", "daily"
_THURSDAY = 3


@cache
def rhythm() -> dict:
    """Times and stretches, from the data file."""
    found = json.loads(Path(__file__).with_name("rhythm.json").read_text("utf-8"))
    times = {key: time.fromisoformat(found[key]) for key in ("send_at", "not_after")}
    return found | times


def pace(days_left: int) -> str:
    """How often reminders go out so many days before T0; empty for never."""
    for stretch in rhythm()["stretches"]:
        if stretch["to"] <= days_left <= stretch["from"]:
            return stretch["pace"]
    return ""


def is_reminder_day(day: date, t0_day: date, is_workday: Callable[[date], bool]) -> bool:
    """Whether a reminder goes out on this day.

    Weekly is the first working day of the week; twice adds the first one from Thursday on; daily is every
    working day.
    """
    if not is_workday(day):
        return False
    match pace((t0_day - day).days):
        case "daily":
            return True
        case "weekly":
            return _is_first(day, 0, is_workday)
        case "twice":
            return _is_first(day, 0, is_workday) or _is_first(day, _THURSDAY, is_workday)
    return False


def _is_first(day: date, from_weekday: int, is_workday: Callable[[date], bool]) -> bool:
    """Whether it is the first working day of its week from this weekday on."""
    earlier = range(from_weekday, day.weekday())
    monday = day - timedelta(days=day.weekday())
    return day.weekday() >= from_weekday and not any(is_workday(monday + timedelta(days=n)) for n in earlier)


def is_time(local: datetime) -> bool:
    """Whether the local time lies between the hour of reminders and the end of the working day."""
    return rhythm()["send_at"] <= local.time() < rhythm()["not_after"]
