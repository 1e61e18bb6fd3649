"""How much working time lies between two instants, and which instant lies so much working time ahead?

Pure: standard library only, no current time. Two kinds of calendar exist in the trade: round the clock, and
(for the Developer plan) 08:00-18:00 in the customer's country without weekends and holidays.
Source: AWS Support user guide, "Choosing a severity", and its note on business hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ALWAYS = "24x7"
BUSINESS = "business"

ZERO = timedelta(0)
ONE_DAY = timedelta(days=1)
# A calendar that is closed for this long has a mistake in it; better an error than a loop without end.
LONGEST_CLOSURE = timedelta(days=400)


class CalendarError(ValueError):
    """The calendar never opens, so no deadline can be computed."""


@dataclass(frozen=True)
class Calendar:
    """When a clock runs: always, or on working days between two local times of one zone."""

    kind: str = ALWAYS
    zone: str = "UTC"
    opens: time = time(8)
    closes: time = time(18)
    weekdays: frozenset[int] = frozenset(range(5))
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

    def openings(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing instants (UTC), oldest first, of each working day that ends after `start`."""
        day = _utc(start).astimezone(ZoneInfo(self.zone)).date() - ONE_DAY
        last_seen = day
        while day - last_seen < LONGEST_CLOSURE:
            bounds = self._bounds(day)
            if bounds:
                last_seen = day
                if bounds[1] > start:
                    yield bounds
            day += ONE_DAY
        raise CalendarError("this calendar never opens again")

    def _bounds(self, day: date) -> tuple[datetime, datetime] | None:
        """The day's opening and closing instant, or None on a day off (or one the zone skipped altogether)."""
        if day.weekday() not in self.weekdays or day in self.holidays:
            return None
        zone = ZoneInfo(self.zone)
        opened = datetime.combine(day, self.opens, zone).astimezone(UTC)
        closed = datetime.combine(day, self.closes, zone).astimezone(UTC)
        # Samoa had no 30 December 2011: such a day comes back from UTC under another date.
        if opened.astimezone(zone).date() != day or closed <= opened:
            return None
        return opened, closed

    def as_json(self) -> dict:
        """What is copied onto an escalation when it opens, so that later edits of the table change nothing."""
        if self.kind == ALWAYS:
            return {"kind": ALWAYS}
        return {
            "kind": self.kind,
            "zone": self.zone,
            "opens": self.opens.isoformat("minutes"),
            "closes": self.closes.isoformat("minutes"),
            "holidays": sorted(day.isoformat() for day in self.holidays),
        }


def from_json(stored: dict) -> Calendar:
    """The calendar that `Calendar.as_json` wrote; an empty dict is round the clock."""
    if stored.get("kind", ALWAYS) == ALWAYS:
        return Calendar()
    return Calendar(
        kind=stored["kind"],
        zone=stored["zone"],
        opens=time.fromisoformat(stored["opens"]),
        closes=time.fromisoformat(stored["closes"]),
        holidays=frozenset(date.fromisoformat(day) for day in stored.get("holidays", ())),
    )


def _utc(at: datetime) -> datetime:
    # Arithmetic on two datetimes of one zone counts wall-clock time; in UTC it counts real time.
    return at.astimezone(UTC)
