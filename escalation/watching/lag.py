"""How late were deadlines recorded? A histogram of each minute, written by the engine after its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, Sum
from django.db.models.functions import Greatest

from escalation.models import Finding, Lag

# Upper edges of the histogram's columns, in milliseconds.
EDGES = {"le_50": 50, "le_250": 250, "le_1000": 1_000, "le_5000": 5_000}
LATER = "later"
# A deadline recorded later than this is told to people. Source: escalation design, audit.
TOLD_AFTER_MS = EDGES["le_5000"]
KEPT = timedelta(days=14)
# After a long outage thousands are late at once; the worst of a batch say it all.
MOST_NAMED = 50
# A column holds 24 days in milliseconds; who was away for longer has other worries.
LONGEST_MS = 2_000_000_000


@dataclass(frozen=True)
class Lateness:
    """What the histogram of a stretch of time says; milliseconds, None while nothing was recorded."""

    count: int = 0
    p50_ms: int | None = None
    p99_ms: int | None = None
    worst_ms: int | None = None


def column_of(late_ms: int) -> str:
    """The column of the histogram that this lateness falls into."""
    return next((name for name, edge in EDGES.items() if late_ms <= edge), LATER)


def record(late: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Count deadlines, given as (primary key, milliseconds late), into the minute of `now` (aware UTC).

    One statement, two when a minute begins; those later than five seconds are kept by name as well.
    """
    if not late:
        return
    counts: dict[str, int] = {}
    for _pk, late_ms in late:
        column = column_of(late_ms)
        counts[column] = counts.get(column, 0) + 1
    worst_ms = min(max(late_ms for _pk, late_ms in late), LONGEST_MS)
    minute = now.replace(second=0, microsecond=0)
    more = {name: F(name) + count for name, count in counts.items()}
    this = Lag.objects.filter(minute=minute)
    if not this.update(worst_ms=Greatest(F("worst_ms"), worst_ms), **more):
        # Two engines may begin a minute at once: the second adds to what the first wrote.
        Lag.objects.bulk_create([Lag(minute=minute)], ignore_conflicts=True)
        this.update(worst_ms=Greatest(F("worst_ms"), worst_ms), **more)
    _keep_late(sorted((late_ms, pk) for pk, late_ms in late if late_ms > TOLD_AFTER_MS), now)


def since(start: datetime) -> Lateness:
    """The lateness of what was recorded since the minute of `start`: percentiles are upper edges of their column."""
    start = start.replace(second=0, microsecond=0)
    sums = Lag.objects.filter(minute__gte=start).aggregate(
        **{name: Sum(name) for name in (*EDGES, LATER)}, worst_ms=Max("worst_ms")
    )
    worst_ms = sums.pop("worst_ms")
    counts = {name: value or 0 for name, value in sums.items()}
    total = sum(counts.values())
    if not total:
        return Lateness()
    return Lateness(total, _at(counts, total, 50, worst_ms), _at(counts, total, 99, worst_ms), worst_ms)


def prune(now: datetime) -> None:
    """Forget minutes older than two weeks."""
    Lag.objects.filter(minute__lt=now - KEPT).delete()


def _at(counts: dict[str, int], total: int, percent: int, worst_ms: int) -> int:
    wanted = total * percent / 100
    seen = 0
    for name, edge in EDGES.items():
        seen += counts[name]
        if seen >= wanted:
            return min(edge, worst_ms)
    return worst_ms


def _keep_late(late: list[tuple[int, int]], now: datetime) -> None:
    """Name the latest of them; the histogram has the rest."""
    Finding.objects.bulk_create(
        Finding(
            key=f"deadline:{pk}:late",
            kind="late",
            params={"deadline": pk, "late_ms": late_ms},
            found_at=now,
            seen_at=now,
            gone_at=now,
        )
        for late_ms, pk in late[-MOST_NAMED:]
    )
