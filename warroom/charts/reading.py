"""Everything the page of one metric shows: its tile, its points over a span, lines, marks, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engagements.models import Engagement
from iem_portal.templatetags.portal import instant_text
from warroom import series
from warroom.charts import lines, marks, shaping
from warroom.models import MetricPoint
from warroom.panels import telemetry
from workbook.watches import Watch

TABLE_ROWS = 120


@dataclass(frozen=True)
class Opened:
    """One watch over one span, as one side reads it at ``now``."""

    engagement: Engagement
    watch: Watch
    tile: dict
    span: str
    start: datetime
    end: datetime
    now: datetime
    points: list[shaping.Reading]
    is_filling: bool
    lines: list[dict]
    marks: list[dict]
    marks_left_out: int
    criteria: list
    others: list

    @property
    def source(self) -> str:
        """Where the numbers come from, in AWS's words."""
        watch = self.watch
        dimensions = [f"{name}={value}" for name, value in watch.dimensions]
        words = [watch.namespace, watch.metric, *dimensions, f"{watch.stat}, {watch.period_s} s"]
        return " · ".join([*words, watch.account_id, watch.region])


def opened(engagement: Engagement, watch: Watch, *, span: str, audience: str, now: datetime) -> Opened:
    """Read it. Eight queries at most, however many points."""
    key, start, end = shaping.span_of(
        span, starts_at=engagement.starts_at, ends_at=engagement.ends_at, now=now
    )
    tile, found = telemetry.one(engagement, watch, now)
    points = points_of(found, start, end) if found else []
    known = lines.known(engagement, watch)
    mine = [criterion for criterion in known if criterion.is_drawn]
    happened, left_out = marks.marks(engagement, audience=audience, start=start, end=end)
    is_newest = bool(found and points and points[-1].at == found.last_at)
    return Opened(
        engagement,
        watch,
        tile,
        key,
        start,
        end,
        now,
        points,
        is_newest and series.is_filling(points, watch.stat, watch.period_s),
        lines.of(watch, mine),
        happened,
        left_out,
        mine,
        [criterion for criterion in known if not criterion.is_drawn],
    )


def points_of(found, start: datetime, end: datetime) -> list[shaping.Reading]:
    """The stored points of a series, oldest first. One query."""
    rows = MetricPoint.objects.filter(series=found, at__gte=start, at__lte=end).order_by("at")
    return [
        shaping.Reading(*row)
        for row in rows.values_list("at", "value", "is_provisional", "late_s").iterator()
    ]


def rows(one: Opened) -> list[dict]:
    """The newest values, newest first, as the table has them."""
    limit = one.tile["limit"]
    found = []
    for at, value, is_soft, late_s in reversed(one.points[-TABLE_ROWS:]):
        is_part = one.is_filling and at == one.points[-1].at
        found.append(
            {
                "at": at,
                "value": series.number(value),
                "level": "" if is_part else series.level(value, limit),
                "is_provisional": is_soft,
                "late": None if late_s is None else late_words(late_s),
            }
        )
    return found


def late_words(late_s: int) -> str:
    """How long after its end a value arrived: minutes and seconds, as the chart says it too."""
    return f"{late_s // 60}:{late_s % 60:02}"


def as_json(one: Opened, *, reader_zone: str) -> dict:
    """What the drawing asks for: columns, lines and marks; times in seconds since the epoch.

    The short names of both zones are those at the end of the span.
    """
    drawn = shaping.columns(
        one.points, period_s=one.watch.period_s, limit=one.tile["limit"], is_filling=one.is_filling
    )
    zone = one.engagement.time_zone
    until = one.tile["data_until"]
    return {
        "title": one.watch.title,
        "unit": one.watch.unit,
        "zone": zone,
        "zoneNames": {name: one.end.astimezone(ZoneInfo(name)).tzname() for name in (zone, reader_zone)},
        "source": one.source,
        "start": one.start.timestamp(),
        "end": one.end.timestamp(),
        "state": one.tile["state"],
        "value": one.tile["value"],
        "dataUntil": until.isoformat() if until else None,
        "dataUntilText": instant_text(until, zone) if until else None,
        "staleAfter": one.tile["stale_after_s"],
        "columns": vars(drawn),
        "lines": one.lines,
        "marks": [mark | {"at": mark["at"].timestamp()} for mark in one.marks],
        "t0": one.engagement.starts_at.timestamp(),
    }


def span_words(one: Opened) -> str:
    """From when to when, in the event's zone with the zone's name at the end."""
    zone = ZoneInfo(one.engagement.time_zone)
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    if start.date() == end.date():
        return f"{start:%H:%M}–{end:%H:%M} {end.tzname()}"
    return f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} {end.tzname()}"
