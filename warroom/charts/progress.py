"""How many steps are closed by when: as planned, as it was, and as it is foreseen. Pure: standard library only.

Geometry in percent of the box; y counts from the top, where all steps are closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

BEFORE_T0 = timedelta(hours=4)
HOURS = (1, 2, 3, 6, 12, 24)


@dataclass(frozen=True)
class Closing:
    """One step: when it is planned to end, and when it ended or is foreseen to."""

    planned_at: datetime
    end_at: datetime
    is_closed: bool


@dataclass(frozen=True)
class Curve:
    """Three stairs as SVG points, and the words beside them."""

    planned: str
    actual: str
    foreseen: str
    now_x: float | None
    limit_x: float | None
    last: tuple[float, float]  # where the actual stair ends
    ticks: tuple[dict, ...]
    total: int
    closed: int
    due: int  # planned to be closed by now
    after: int  # planned beyond the axis

    @property
    def behind(self) -> int:
        """Steps fewer closed than planned by now; negative is ahead."""
        return self.due - self.closed


def curve(steps: Iterable[Closing], *, t0: datetime, limit: datetime, now: datetime) -> Curve | None:
    """The curve on an axis from at most four hours before T0 to the limit or the last end; None without steps.

    Steps that end before the axis begins stand at its left edge. Those planned beyond the limit, such as watching
    for three days, end beyond the axis: the stairs do not reach the top, and ``after`` says how many they are.
    """
    found = list(steps)
    if not found:
        return None
    first = max(min([t0, *(min(one.planned_at, one.end_at) for one in found)]), t0 - BEFORE_T0)
    last = max([limit, *(one.end_at for one in found if one.planned_at <= limit)])
    x = _axis(first, last)
    present = min(max(now, first), last)
    closed_at = _until(present, (one.end_at for one in found if one.is_closed))
    open_at = _until(last, (max(one.end_at, present) for one in found if not one.is_closed))
    closed, total = sum(one.is_closed for one in found), len(found)
    y = _height(total)
    return Curve(
        planned=_stair(_until(last, (one.planned_at for one in found)), 0, x, y, until=last),
        actual=_stair(closed_at, 0, x, y, until=present),
        foreseen=_stair(open_at, len(closed_at), x, y, since=present, until=last)
        if len(closed_at) < total
        else "",
        now_x=x(now) if first <= now <= last else None,
        limit_x=x(limit) if first <= limit <= last else None,
        last=(x(present), y(len(closed_at))),
        ticks=tuple(_ticks(t0, first, last, x)),
        total=total,
        closed=closed,
        due=sum(one.planned_at <= now for one in found),
        after=sum(one.planned_at > last for one in found),
    )


def _until(last: datetime, instants: Iterable[datetime]) -> list[datetime]:
    """Those up to ``last``, in order."""
    return sorted(at for at in instants if at <= last)


def _axis(first: datetime, last: datetime):
    width = (last - first).total_seconds() or 1
    return lambda at: round(min(max((at - first).total_seconds() / width, 0), 1) * 100, 2)


def _height(total: int):
    return lambda count: round(100 - count / total * 100, 2)


def _stair(instants: list[datetime], count: int, x, y, *, since=None, until=None) -> str:
    """One stair that rises by one at each instant, from ``since`` (or the left edge) to ``until``."""
    points = [(x(since) if since else 0.0, y(count))]
    for at in instants:
        points += [(x(at), y(count)), (x(at), y(count + 1))]
        count += 1
    if until:
        points.append((x(until), y(count)))
    return " ".join(f"{px:g},{py:g}" for px, py in dict.fromkeys(points))


def _ticks(t0: datetime, first: datetime, last: datetime, x) -> list[dict]:
    """Whole hours from T0, twelve at most."""
    hours = (last - first).total_seconds() / 3600
    every = next((step for step in HOURS if hours / step <= 12), 24)
    low = int((first - t0).total_seconds() // 3600) // every * every
    found = []
    for hour in range(low, low + int(hours) + 2 * every, every):
        at = t0 + timedelta(hours=hour)
        if first <= at <= last:
            place = x(at)
            anchor = "start" if place < 3 else "end" if place > 97 else "middle"
            found.append({"x": place, "hours": hour, "size": abs(hour), "anchor": anchor})
    return found
