"""When each milestone is due, counted back from T0.

Standard library only: the rules come in as data, holidays as a predicate, so any plan
can be worked out at any minute. The order of the milestones and their early, middle and
late groups follow the AWS Korea TAM deck on IEM; the offsets are proposals that a TAM may tune.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_PLAN_DAYS = 35
MIN_PLAN_DAYS = 7
MAX_PLAN_DAYS = 70
#: Fewer days than this between the request and T0 make it a late request.
LATE_REQUEST_DAYS = 28
#: A day-based milestone is due when the working day ends, in the engagement's zone.
END_OF_WORKING_DAY = time(18, 0)
DAY_MIN = 24 * 60

IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class Due:
    """One milestone's place in time; ``due_at`` is None for weekly, cadence and exit ones."""

    code: str
    offset_min: int | None
    due_at: datetime | None
    is_fixed: bool


def plan_days(preset: int | None, days_left: int) -> int:
    """Length of the plan in days: the preset of the event type, shorter when the request is late.

    ``days_left`` is counted from the day of the request to the day of T0. The result stays
    between 7 and 70 days, so a request of yesterday for tomorrow is overdue, not refused.
    """
    wanted = preset or DEFAULT_PLAN_DAYS
    # One day is kept for the request itself, which comes a day before the plan starts.
    return max(MIN_PLAN_DAYS, min(wanted, days_left - 1, MAX_PLAN_DAYS))


def is_late_request(days_left: int) -> bool:
    """Whether fewer than 28 days are left before T0."""
    return days_left < LATE_REQUEST_DAYS


def due_dates(
    milestones: Iterable[tuple[str, dict]],
    *,
    starts_at: datetime,
    ends_at: datetime,
    zone: ZoneInfo,
    plan_days: int,
    is_workday: IsWorkday,
) -> list[Due]:
    """Every milestone dated, in the order given.

    ``milestones`` are (code, rule) pairs in the order in which they should happen.
    ``starts_at`` is T0 and ``ends_at`` the end of the window, both aware.
    """
    pairs = list(milestones)
    days = _days_before([rule for _, rule in pairs], plan_days)
    return [
        _dated(code, rule, days_before, starts_at, ends_at, zone, is_workday)
        for (code, rule), days_before in zip(pairs, days, strict=True)
    ]


def _days_before(rules: list[dict], plan_days: int) -> list[int | None]:
    """Days before T0 per rule; None for a rule that does not count whole days back.

    A short plan squeezes shares under the fixed milestones behind them, so each is pushed
    to at least the offset of the next: the order holds. A milestone with a hard lead time
    (``at_least``) keeps it and pushes nothing else along.
    """
    offsets: list[int | None] = [None] * len(rules)
    floor = 0
    for index in range(len(rules) - 1, -1, -1):
        raw = _raw_days_before(rules[index], plan_days)
        if raw is None:
            continue
        if "at_least" in rules[index]:
            offsets[index] = max(raw, floor, rules[index]["at_least"])
            continue
        floor = offsets[index] = max(raw, floor)
    return offsets


def _raw_days_before(rule: dict, plan_days: int) -> int | None:
    match rule["kind"]:
        case "share":
            return math.floor(rule["share"] * plan_days + 0.5)
        case "lead":
            return plan_days + rule["days"]
        case "day" if rule["days"] < 0:
            return -rule["days"]
    return None


def _dated(code, rule, days_before, starts_at, ends_at, zone, is_workday) -> Due:
    kind = rule["kind"]
    is_fixed = kind in ("day", "hours", "lead") or "at_least" in rule
    if days_before is not None:
        on = previous_workday(starts_at.astimezone(zone).date() - timedelta(days=days_before), is_workday)
        return Due(code, -days_before * DAY_MIN, _end_of_day(on, zone), is_fixed)
    if kind == "hours":
        offset_min = rule["hours"] * 60
        return Due(code, offset_min, starts_at + timedelta(minutes=offset_min), is_fixed)
    if kind == "day":
        after = starts_at.astimezone(zone).date() + timedelta(days=rule["days"])
        # Nothing of the review can be due before the window itself has ended.
        on = next_workday(max(after, ends_at.astimezone(zone).date()), is_workday)
        return Due(code, rule["days"] * DAY_MIN, max(_end_of_day(on, zone), ends_at), is_fixed)
    return Due(code, None, None, False)


def previous_workday(on: date, is_workday: IsWorkday) -> date:
    """The day itself, or the nearest working day before it."""
    return _nearest(on, is_workday, -1)


def next_workday(on: date, is_workday: IsWorkday) -> date:
    """The day itself, or the nearest working day after it."""
    return _nearest(on, is_workday, +1)


def _nearest(on: date, is_workday: IsWorkday, step: int) -> date:
    # A calendar without any working day in a month is a mistake, not a reason to loop for ever.
    for days in range(32):
        candidate = on + timedelta(days=step * days)
        if is_workday(candidate):
            return candidate
    return on


def _end_of_day(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, END_OF_WORKING_DAY, zone).astimezone(ZoneInfo("UTC"))
