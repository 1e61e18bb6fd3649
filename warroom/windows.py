"""Which minutes of a metric does one poll ask for?

Pure. CloudWatch facts: EndTime is exclusive and StartTime is rounded down, so both are laid on the
period grid; late values arrive for minutes, so every poll reads an overlap again (AWS bills metrics
requested, not data points). 60-second data is kept for 15 days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

OVERLAP_S = 600
FIRST_BACKFILL_S = 3 * 3600
KEEP_DAYS = 15
CHUNK_PERIODS = 200  # times 500 metrics stays under the 100,800 data points of one GetMetricData call


def floor(at: datetime, period_s: int) -> datetime:
    """The latest multiple of `period_s` since the epoch that is not after `at`."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % period_s, UTC)


def window(cursor_at: datetime | None, period_s: int, now: datetime) -> tuple[datetime, datetime]:
    """Start and exclusive end of the next read: never the running bucket, always the overlap.

    Without a cursor the first read fetches three hours; a cursor older than what AWS keeps is cut there.
    """
    end = floor(now, period_s)
    if cursor_at is None:
        return floor(end - timedelta(seconds=FIRST_BACKFILL_S), period_s), end
    start = min(cursor_at, end) - timedelta(seconds=max(OVERLAP_S, 2 * period_s))
    return floor(max(start, end - timedelta(days=KEEP_DAYS)), period_s), end


def chunks(start: datetime, end: datetime, period_s: int) -> list[tuple[datetime, datetime]]:
    """Cut a window into reads of at most 200 periods, newest first, so that the board is fresh at once."""
    step = timedelta(seconds=CHUNK_PERIODS * period_s)
    parts = []
    upper = end
    while upper > start:
        lower = max(start, upper - step)
        parts.append((lower, upper))
        upper = lower
    return parts


def settled_before(now: datetime, period_s: int) -> datetime:
    """Buckets that begin before this instant are final; younger ones may still change."""
    return now - timedelta(seconds=OVERLAP_S + period_s)


def next_metrics_poll(now: datetime, period_s: int, spread: int) -> datetime:
    """The next poll: 15 to 30 s after the next full interval, so that a finished bucket shows soon.

    `spread` (any whole number, e.g. a row id) keeps targets from asking in the same second.
    """
    return floor(now, period_s) + timedelta(seconds=period_s + 15 + spread % 16)
