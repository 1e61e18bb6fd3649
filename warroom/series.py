"""How does one metric look and how does it stand: thinned line, threshold, word, and age of the data.

Pure: standard library only. Instants are aware UTC; a missing point is a gap and never a zero.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_POINTS = 60
NEAR_SHARE = 0.9  # near a ceiling from 90 % of it on; the same distance above a floor
MISSED_INTERVALS = 3
PUBLISH_DELAY_S = 60  # CloudWatch shows a finished bucket about a minute after its end

# Statistics that add up what a bucket has seen so far: AWS's first answer for a bucket is a part of it.
ADDING_STATS = ("Sum", "SampleCount")

Point = tuple[datetime, float]


@dataclass(frozen=True)
class Limit:
    """The thresholds of one watch; `direction` says on which side of them trouble lies."""

    warn: float | None = None
    crit: float | None = None
    direction: str = "above"

    @property
    def shown(self) -> float | None:
        """The value drawn as the line: critical when there is one, else warning."""
        return self.crit if self.crit is not None else self.warn


def stale_after_s(period_s: int) -> int:
    """Seconds after the end of the newest bucket from which its value counts as no new data."""
    return MISSED_INTERVALS * period_s + PUBLISH_DELAY_S


def data_until(last_at: datetime | None, period_s: int) -> datetime | None:
    """The end of the newest bucket: the instant up to which the series speaks."""
    return last_at + timedelta(seconds=period_s) if last_at else None


def is_stale(last_at: datetime | None, period_s: int, now: datetime) -> bool:
    """True when three intervals were missed since the newest bucket ended."""
    until = data_until(last_at, period_s)
    return until is None or (now - until).total_seconds() > stale_after_s(period_s)


def usual_delay_s(period_s: int) -> int:
    """Seconds after its end within which a bucket usually arrives: two more of them, and the minute of publishing."""
    return 2 * period_s + PUBLISH_DELAY_S


def late_s(at: datetime, period_s: int, *, asked_until: datetime | None, now: datetime) -> int | None:
    """Seconds after its end at which the bucket that begins at `at` first arrived, if that is later than usual.

    Late is what a complete answer up to `asked_until` should have had and had not. None: on time, or nobody had asked
    (the first read of a series, or the first one after an outage of ours), so that nobody knows.
    """
    end = at + timedelta(seconds=period_s)
    if asked_until is None or end + timedelta(seconds=usual_delay_s(period_s)) > asked_until:
        return None
    return max(0, int((now - end).total_seconds()))


def level(value: float, limit: Limit) -> str:
    """`ok`, `near` or `over` for one value. Without a limit nothing is ever more than ok."""
    crit, warn = limit.crit, limit.warn
    if limit.direction == "below":
        if crit is not None and value < crit:
            return "over"
        near = warn if warn is not None else _near_floor(crit)
        return "near" if near is not None and value < near else "ok"
    if crit is not None and value > crit:
        return "over"
    near = warn if warn is not None else _near_ceiling(crit)
    return "near" if near is not None and value >= near else "ok"


def _near_ceiling(crit: float | None) -> float | None:
    """Where 'near' starts under a ceiling that has no warning threshold of its own."""
    return None if crit is None else crit * NEAR_SHARE if crit >= 0 else crit / NEAR_SHARE


def _near_floor(crit: float | None) -> float | None:
    """Where 'near' starts above a floor that has no warning threshold of its own."""
    return None if crit is None else crit + abs(crit) * (1 - NEAR_SHARE)


def status(last: Point | None, period_s: int, limit: Limit, now: datetime) -> str:
    """The state of a tile: `never`, `stale`, `over`, `near` or `ok`."""
    if last is None:
        return "never"
    if is_stale(last[0], period_s, now):
        return "stale"
    return level(last[1], limit)


def is_filling(points: Sequence[tuple], stat: str, period_s: int) -> bool:
    """True when the newest bucket of a sum is only a part of itself yet, so that it would read as a fall.

    Points are (start, value, is_provisional, …). A part that is above the bucket before is news already.
    """
    if stat not in ADDING_STATS or len(points) < 2 or not points[-1][2]:
        return False
    (before_at, before), (at, value) = (point[:2] for point in points[-2:])
    return value < before and (at - before_at).total_seconds() <= 1.5 * period_s


def segments(points: Sequence[Point], period_s: int) -> list[list[Point]]:
    """Cut sorted points where at least one whole bucket is missing: gaps stay gaps."""
    pieces: list[list[Point]] = []
    for point in points:
        near = pieces and (point[0] - pieces[-1][-1][0]).total_seconds() <= 1.5 * period_s
        if near:
            pieces[-1].append(point)
        else:
            pieces.append([point])
    return pieces


def thin(points: Sequence[Point], limit: Limit, keep: int = MAX_POINTS) -> list[Point]:
    """At most `keep` points of one unbroken piece; of each bunch the one nearest to trouble stays.

    The first and the last point always stay, and so does every extreme toward the limit: a picture
    that hides a spike is worse than none.
    """
    if len(points) <= keep:
        return list(points)
    if keep < 3:
        return [points[0], points[-1]][:keep]
    inner = points[1:-1]
    bunches = keep - 2
    worst = min if limit.direction == "below" else max
    kept = [points[0]]
    for number in range(bunches):
        bunch = inner[number * len(inner) // bunches : (number + 1) * len(inner) // bunches]
        kept.append(worst(bunch, key=lambda point: point[1]))
    kept.append(points[-1])
    return kept


@dataclass(frozen=True)
class Spark:
    """Geometry of a sparkline in percent of its box (0 is left and top)."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    last: tuple[float, float] | None
    threshold_y: float | None
    t0_x: float | None
    gap: tuple[float, float] | None
    ahead: tuple[float, float] | None  # the running bucket: from `last` level to here, value not known yet
    low: float | None
    high: float | None
    tails: tuple[str, ...] = ()  # the parts of lines that AWS may still change
    is_open: bool = False  # the newest value may still change: its dot is hollow
    late: tuple[tuple[float, float], ...] = ()  # from where to where values arrived later than usual


EMPTY_SPARK = Spark((), (), None, None, None, None, None, None, None)


def spark(
    points: Sequence[Point],
    *,
    period_s: int,
    limit: Limit,
    start: datetime,
    end: datetime,
    t0: datetime | None = None,
    keep: int = MAX_POINTS,
    is_filling: bool = False,
    provisional_from: datetime | None = None,
    late: Collection[datetime] = (),
) -> Spark:
    """Draw sorted points between `start` and `end`; the value axis always holds the threshold.

    A newest bucket that is still filling is not drawn with its part of a value: the line waits before it. Points
    from `provisional_from` on may still change, those at the times of `late` came late; both are drawn as such.
    """
    inside = [point for point in points if start <= point[0] <= end]
    filling_at = inside.pop()[0] if is_filling and len(inside) > 1 else None
    x = _axis(start.timestamp(), end.timestamp())
    t0_x = round(x(t0.timestamp()), 2) if t0 and start <= t0 <= end else None
    if not inside:
        return Spark((), (), None, None, t0_x, None, None, None, None)
    low, high = _bounds([value for _, value in inside], limit.shown)
    y = _axis(high, low)  # upside down: large values at the top
    lines, dots, tails = _draw(inside, period_s, limit, keep, provisional_from, x, y)
    last_at, last_value = inside[-1]
    last = (round(x(last_at.timestamp()), 2), round(y(last_value), 2))
    behind = is_stale(filling_at or last_at, period_s, end)
    gap = (last[0], round(100 - last[0], 2)) if behind else None
    ahead = (round(x(filling_at.timestamp()), 2), last[1]) if filling_at else None
    shown = limit.shown
    return Spark(
        lines,
        dots,
        last,
        round(y(shown), 2) if shown is not None else None,
        t0_x,
        gap,
        ahead,
        low,
        high,
        tails,
        provisional_from is not None and last_at >= provisional_from,
        _stretches([point for point in inside if point[0] in late], period_s, x),
    )


def _stretches(points: list[Point], period_s: int, x) -> tuple[tuple[float, float], ...]:
    """From where to where unbroken pieces go, each to the end of its last bucket."""
    return tuple(
        (round(x(piece[0][0].timestamp()), 2), round(min(x(piece[-1][0].timestamp() + period_s), 100), 2))
        for piece in segments(points, period_s)
    )


def _draw(
    inside: list[Point], period_s: int, limit: Limit, keep: int, soft_from: datetime | None, x, y
) -> tuple:
    """Lines, single dots, and the lines of what may still change."""
    lines, dots, tails = [], [], []
    for piece in segments(inside, period_s):
        share = max(2, keep * len(piece) // len(inside))
        firm, soft = _cut(piece, soft_from)
        drawn = [(round(x(at.timestamp()), 2), round(y(value), 2)) for at, value in thin(firm, limit, share)]
        if len(drawn) == 1 and len(soft) < 2:
            dots.append(drawn[0])
        elif len(drawn) > 1:
            lines.append(" ".join(f"{px:g},{py:g}" for px, py in drawn))
        if soft:
            places = [(x(at.timestamp()), y(value)) for at, value in thin(soft, limit, share)]
            tails.append(" ".join(f"{round(px, 2):g},{round(py, 2):g}" for px, py in places))
    return tuple(lines), tuple(dots), tuple(tails)


def _cut(piece: list[Point], soft_from: datetime | None) -> tuple[list[Point], list[Point]]:
    """The settled part of an unbroken piece, and the part that may change with the point before it, so that the two
    lines meet."""
    if soft_from is None or piece[-1][0] < soft_from or len(piece) < 2:
        return piece, []
    first = next(place for place, point in enumerate(piece) if point[0] >= soft_from)
    return piece[:first], piece[max(first - 1, 0) :]


def _axis(first: float, last: float):
    """Map [first, last] onto 0 … 100; a flat range sits in the middle."""
    width = last - first
    return (lambda value: (value - first) / width * 100) if width else (lambda value: 50.0)


def _bounds(values: Sequence[float], shown: float | None) -> tuple[float, float]:
    """Lowest and highest value of the axis, with room of a tenth on both sides."""
    everything = [*values, shown] if shown is not None else list(values)
    low, high = min(everything), max(everything)
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return low - room, high + room


def number(value: float) -> str:
    """A value as people read it: three significant figures below a thousand, thousands separated."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:.0f}"
    text = f"{value:.3g}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if "e" in text else text
