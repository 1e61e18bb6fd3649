"""Which stretch of time is played, and at which instant it stands: read from an address that anybody may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BEFORE, AFTER = timedelta(hours=1), timedelta(minutes=30)
LONGEST = timedelta(days=7)
YEARS = range(2000, 2100)


class BadInstant(ValueError):
    """The text is no date and time, or one that cannot be played; `field` is at, from or to, `why` a word."""

    def __init__(self, field: str, why: str):
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True)
class Span:
    """From when to when (aware UTC); never empty."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length."""
        return round((self.end - self.start).total_seconds())

    def clamped(self, instant: datetime) -> datetime:
        """The instant, or the nearest one inside."""
        return min(max(instant, self.start), self.end)

    def share(self, instant: datetime) -> float:
        """Where the instant lies, in percent of the span."""
        return round((instant - self.start) / (self.end - self.start) * 100, 2)


def read(text: str, zone: ZoneInfo, field: str) -> datetime | None:
    """The instant (UTC) that a text names, in the zone unless it says its own; None for an empty one. BadInstant."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if found.year not in YEARS:
            raise BadInstant(field, "unreadable")
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadInstant):
            raise
        raise BadInstant(field, "unreadable") from error


def of_event(t0: datetime, ends_at: datetime, over_at: datetime | None, now: datetime) -> Span:
    """From an hour before T0 until the run was over (else the end of the event, else now)."""
    last = over_at + AFTER if over_at else ends_at
    end = min(max(last, t0), now)
    return Span(min(t0 - BEFORE, end - BEFORE), end)


def asked(start: datetime | None, end: datetime | None, whole: Span, now: datetime) -> Span:
    """The span of the address, else the whole event. BadInstant when it ends before it begins, or is too long."""
    if start is None and end is None:
        return whole
    start, end = start or min(whole.start, end - BEFORE), min(end or whole.end, now)
    if start >= end:
        raise BadInstant("from", "order")
    if end - start > LONGEST:
        raise BadInstant("from", "long")
    return Span(start, end)
