"""How much working time lies between two instants, and which instant lies so much working time ahead?

Pure: standard library only, no current time. Two kinds of calendar exist in the trade: round the clock, and
(for the Developer plan) 08:00-18:00 in the customer's country without weekends and holidays. A working day may
have several stretches, such as a morning and an afternoon around lunch.
Source: AWS Support user guide, "Choosing a severity", and its note on business hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

ALWAYS = "24x7"
BUSINESS = "business"

ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)
# A calendar that is closed for this long has a mistake in it; better an error than a loop without end.
LONGEST_CLOSURE = timedelta(days=400)
OFFICE = ((time(8), time(18)),)
WORKWEEK = frozenset(range(5))

Stretch = tuple[datetime, datetime]
Hours = tuple[tuple[time, time], ...]


class CalendarError(ValueError):
    """The calendar never opens or its hours make no sense, so no deadline can be computed."""


@dataclass(frozen=True)
class Calendar:
    """When a clock runs: always, or on working days between local times of one zone."""

    kind: str = ALWAYS
    zone: str = "UTC"
    segments: Hours = OFFICE
    weekdays: frozenset[int] = WORKWEEK
    holidays: frozenset[date] = field(default_factory=frozenset)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two aware instants; zero when `end` is not after `start`."""
        if end <= start:
            return ZERO
        if self.kind == ALWAYS:
            return _utc(end) - _utc(start)
        total = ZERO
        for opened, closed in self.openings(start):
            if opened >= end:
                break
            total += min(closed, _utc(end)) - max(opened, _utc(start))
        return total

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The first instant at which `working` time has passed since `start` (aware UTC).

        The inverse of `elapsed`: `elapsed(start, add(start, d)) == d`. Raises CalendarError when it never opens.
        """
        if working <= ZERO:
            return _utc(start)
        if self.kind == ALWAYS:
            return _utc(start) + working
        left = working
        for opened, closed in self.openings(start):
            since = max(opened, _utc(start))
            if closed - since >= left:
                return since + left
            left -= closed - since
        raise CalendarError("this calendar never opens again")  # pragma: no cover - openings() raises first

    def is_open(self, at: datetime) -> bool:
        """Does the clock run at this instant? The closing instant itself is closed."""
        if self.kind == ALWAYS:
            return True
        opened, closed = next(self.openings(at))
        return opened <= at < closed

    def openings(self, start: datetime) -> Iterator[Stretch]:
        """Opening and closing instants (UTC), oldest first, of each stretch of work that ends after `start`."""
        day = _utc(start).astimezone(ZoneInfo(self.zone)).date() - ONE_DAY
        last_seen = day
        while day - last_seen < LONGEST_CLOSURE:
            stretches = self._stretches(day)
            if stretches:
                last_seen = day
                yield from (one for one in stretches if one[1] > start)
            day += ONE_DAY
        raise CalendarError("this calendar never opens again")

    def _stretches(self, day: date) -> list[Stretch]:
        """The day's stretches of work; none on a day off."""
        if day.weekday() not in self.weekdays or day in self.holidays:
            return []
        zone = ZoneInfo(self.zone)
        found: list[Stretch] = []
        for opens, closes in self.segments:
            opened = datetime.combine(day, opens, zone).astimezone(UTC)
            closed = datetime.combine(day, closes, zone).astimezone(UTC)
            # Samoa had no 30 December 2011: such a day comes back from UTC under another date. Where the
            # clocks go back within a break, its end and the next beginning may overlap by that hour.
            opened = max(opened, found[-1][1]) if found else opened
            if opened.astimezone(zone).date() == day and closed > opened:
                found.append((opened, closed))
        return found

    def as_json(self) -> dict:
        """What is copied onto an escalation when it opens, so that later edits of the table change nothing."""
        if self.kind == ALWAYS:
            return {"kind": ALWAYS}
        stored = {
            "kind": self.kind,
            "zone": self.zone,
            "opens": self.segments[0][0].isoformat("minutes"),
            "closes": self.segments[-1][1].isoformat("minutes"),
            "holidays": sorted(day.isoformat() for day in self.holidays),
        }
        if len(self.segments) > 1:
            stored["segments"] = [[one.isoformat("minutes") for one in pair] for pair in self.segments]
        if self.weekdays != WORKWEEK:
            stored["weekdays"] = sorted(self.weekdays)
        return stored


def from_json(stored: dict) -> Calendar:
    """The calendar that `Calendar.as_json` wrote; an empty dict is round the clock."""
    if stored.get("kind", ALWAYS) == ALWAYS:
        return Calendar()
    pairs = stored.get("segments") or [[stored["opens"], stored["closes"]]]
    return Calendar(
        kind=stored["kind"],
        zone=stored["zone"],
        segments=tuple((time.fromisoformat(first), time.fromisoformat(last)) for first, last in pairs),
        weekdays=frozenset(stored["weekdays"]) if "weekdays" in stored else WORKWEEK,
        holidays=frozenset(date.fromisoformat(day) for day in stored.get("holidays", ())),
    )


def parse_segments(text: str) -> Hours:
    """Hours written as "08:00-12:00, 13:00-18:00". Raises CalendarError unless in order and without overlap."""
    pairs = re.split(r"\s*,\s*", text.strip())
    try:
        hours = tuple(tuple(map(time.fromisoformat, re.split(r"\s*-\s*", pair))) for pair in pairs)
    except ValueError as error:
        raise CalendarError(text) from error
    if any(len(pair) != 2 or pair[0] >= pair[1] or pair[0].tzinfo or pair[1].tzinfo for pair in hours):
        raise CalendarError(text)
    if any(earlier[1] > later[0] for earlier, later in pairwise(hours)):
        raise CalendarError(text)
    return hours


def _utc(at: datetime) -> datetime:
    # Arithmetic on two datetimes of one zone counts wall-clock time; in UTC it counts real time.
    return at.astimezone(UTC)
