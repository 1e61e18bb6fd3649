"""Which minutes of a metric does one poll ask for?

Pure. CloudWatch facts: EndTime is exclusive and StartTime is rounded down, so both are laid on the
period grid; late values arrive for minutes, so every poll reads an overlap again (AWS bills metrics
requested, not data points). One request may mix periods, so that a poll needs no call for each of them.
Below a minute data is kept for 3 hours, one minute for 15 days, five minutes for 63, an hour for 455.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

OVERLAP_S = 600
LARGEST_LAG_S = 480  # of the services watched; the overlap holds it and two periods
FIRST_BACKFILL_S = 3 * 3600
KEEP_DAYS = 15
DATA_POINTS = 100_000  # of one request: under the 100,800 that GetMetricData answers without a second page
AT_ONCE = 500
HOUR_S, DAY_S = 3600, 86_400


def floor(at: datetime, period_s: int) -> datetime:
    """The latest multiple of `period_s` since the epoch that is not after `at`."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % period_s, UTC)


def kept_s(period_s: int) -> int:
    """For how many seconds AWS keeps values of this period."""
    if period_s < 60:
        return 3 * HOUR_S
    if period_s < 300:
        return KEEP_DAYS * DAY_S
    return (455 if period_s >= HOUR_S else 63) * DAY_S


def overlap_s(period_s: int) -> int:
    """How far before its cursor a read begins: until AWS no longer changes what it has answered."""
    return max(OVERLAP_S, LARGEST_LAG_S + 2 * period_s)


def window(cursor_at: datetime | None, period_s: int, now: datetime) -> tuple[datetime, datetime]:
    """Start and exclusive end of the next read: never the running bucket, always the overlap.

    Without a cursor the first read fetches three hours; a cursor older than what AWS keeps is cut there.
    """
    end = floor(now, period_s)
    if cursor_at is None:
        start = end - timedelta(seconds=FIRST_BACKFILL_S)
    else:
        start = min(cursor_at, end) - timedelta(seconds=overlap_s(period_s))
    oldest = end - timedelta(seconds=min(kept_s(period_s), KEEP_DAYS * DAY_S))
    return floor(max(start, oldest), period_s), end


def joint(windows: Mapping[int, tuple[datetime, datetime]]) -> tuple[datetime, datetime]:
    """One window for all periods (period → window): from the earliest start, on a grid that fits every period, to
    the latest end. Each period's own end still holds: what begins after it is a bucket that is not over."""
    start = min(start for start, _ in windows.values())
    return floor(start, grid_s(windows)), max(end for _, end in windows.values())


def grid_s(periods: Iterable[int]) -> int:
    """A length in seconds that is a multiple of every period; the longest period when there is none below a day."""
    found = list(periods)
    common = math.lcm(*found)
    return common if common <= DAY_S else max(found)


def chunks(start: datetime, end: datetime, asked: Mapping[int, int] | int) -> list[tuple[datetime, datetime]]:
    """Cut a window into reads of at most 100,000 data points a request, newest first, so that the board is fresh at
    once. `asked` says how many metrics of each period there are (or is the period, for a full request of one)."""
    metrics = {asked: AT_ONCE} if isinstance(asked, int) else dict(asked)
    grid = grid_s(metrics)
    longest = int(DATA_POINTS / _densest(metrics)) // grid * grid
    if floor(end, grid) != end:  # the newest piece goes on to the end, past the grid
        longest -= grid
    step = timedelta(seconds=max(grid, longest))
    parts = []
    upper = end
    while upper > start:
        lower = max(start, floor(upper, grid) - step)
        parts.append((lower, upper))
        upper = lower
    return parts


def _densest(metrics: Mapping[int, int]) -> float:
    """Data points a second of the densest request of 500."""
    left, rate = AT_ONCE, 0.0
    for period_s in sorted(metrics):
        taken = min(left, metrics[period_s])
        rate, left = rate + taken / period_s, left - taken
    return rate


def settled_before(now: datetime, period_s: int) -> datetime:
    """Buckets that begin before this instant are final; younger ones may still change."""
    return now - timedelta(seconds=overlap_s(period_s) + period_s)


def next_metrics_poll(now: datetime, period_s: int, spread: int) -> datetime:
    """The next poll: 15 to 30 s after the next full interval, so that a finished bucket shows soon.

    `spread` (any whole number, e.g. a row id) keeps targets from asking in the same second.
    """
    return floor(now, period_s) + timedelta(seconds=period_s + 15 + spread % 16)
