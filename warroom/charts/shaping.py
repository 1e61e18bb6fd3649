"""How stored points become the columns of a chart: gaps stay gaps, what may still change stands apart.

Pure: standard library only. Instants are aware UTC; times in columns are whole or broken seconds since the epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from warroom import series

MOST_POINTS = 1500  # about one for each pixel of a wide screen
SPANS = {"1h": timedelta(hours=1), "3h": timedelta(hours=3), "12h": timedelta(hours=12)}
WINDOW = "window"
DEFAULT = "3h"


class Reading(NamedTuple):
    """A bucket: its start, its value, whether AWS may still change it, and if it came late how long after its end."""

    at: datetime
    value: float
    is_soft: bool
    late_s: int | None = None


@dataclass
class Columns:
    """Aligned columns: a value stands in at most one of them for each time, None everywhere is a gap. ``late`` says
    of the values that came late after how many seconds."""

    t: list[float] = field(default_factory=list)
    firm: list[float | None] = field(default_factory=list)
    soft: list[float | None] = field(default_factory=list)
    lone: list[float | None] = field(default_factory=list)
    part: list[float | None] = field(default_factory=list)
    late: list[int | None] = field(default_factory=list)

    def add(self, at: float, **values: float) -> None:
        """One time with the values it has."""
        self.t.append(at)
        for name in ("firm", "soft", "lone", "part", "late"):
            getattr(self, name).append(values.get(name))


def span_of(
    key: str, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> tuple[str, datetime, datetime]:
    """The span a word asks for, as (word, start, end); an unknown word asks for three hours.

    The window of the event ends now while it lasts. Before it has begun its span is empty: start equals end.
    """
    if key == WINDOW:
        return key, starts_at, max(min(ends_at, now), starts_at)
    key = key if key in SPANS else DEFAULT
    return key, now - SPANS[key], now


def columns(
    points: Sequence[Reading],
    *,
    period_s: int,
    limit: series.Limit,
    is_filling: bool = False,
    keep: int = MOST_POINTS,
) -> Columns:
    """The columns of sorted points; of more than ``keep`` those nearest to trouble stay.

    ``firm`` and ``soft`` (may still change) are lines that meet; ``lone`` are points without a neighbour;
    ``part`` is the newest bucket of a sum that is still filling, which is no value of the line yet.
    """
    whole = list(points[:-1] if is_filling else points)
    soft_from = next((point.at for point in whole if point.is_soft), None)
    late = {point.at: {"late": point.late_s} for point in whole if point.late_s is not None}
    found = Columns()
    pieces = series.segments([point[:2] for point in whole], period_s)
    for number, piece in enumerate(pieces):
        if number:
            _break(found, pieces[number - 1][-1][0], period_s)
        share = max(3, keep * len(piece) // max(1, len(whole)))
        _draw(found, piece, soft_from, late, limit, share)
    if is_filling:
        found.add(points[-1].at.timestamp(), part=points[-1].value)
    return found


def _break(found: Columns, last_at: datetime, period_s: int) -> None:
    """A time without any value, where the last bucket before a gap ends."""
    found.add(last_at.timestamp() + period_s)


def _draw(
    found: Columns,
    piece: list[series.Point],
    soft_from: datetime | None,
    late: dict[datetime, dict],
    limit: series.Limit,
    share: int,
) -> None:
    if len(piece) == 1:
        found.add(piece[0][0].timestamp(), lone=piece[0][1], **late.get(piece[0][0], {}))
        return
    firm = [point for point in piece if soft_from is None or point[0] < soft_from]
    soft = piece[len(firm) :]
    drawn = series.thin(firm, limit, share)
    for place, (at, value) in enumerate(drawn):
        meets = {"soft": value} if soft and place == len(drawn) - 1 else {}
        found.add(at.timestamp(), firm=value, **meets, **late.get(at, {}))
    for at, value in series.thin(soft, limit, share):
        found.add(at.timestamp(), soft=value, **late.get(at, {}))
