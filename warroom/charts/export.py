"""The points of one metric as CSV: every stored one of the span, in UTC and in the event's zone."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from warroom import series
from warroom.charts.reading import Opened
from workbook.exchange.neutral import neutral, writable

#: Keys of the file, alike in every language, so that a script reads it.
HEAD = (
    "metric", "time_utc", "time_local", "zone", "value", "unit", "status", "state", "statistic", "period_s",
    "namespace", "name", "dimensions", "account", "region", "late_s",
)  # fmt: skip


def as_csv(one: Opened) -> bytes:
    """UTF-8 with the mark that spreadsheets look for. Nothing in it begins a formula.

    ``status`` is final, provisional (AWS may still change it) or filling (the newest sum, a part of itself);
    ``state`` is ok, near or over the limits as they are now, empty for a filling one. A gap has no row. ``late_s`` are
    the seconds after its end at which a value came that was later than usual; empty for the others.
    """
    watch, zone = one.watch, ZoneInfo(one.engagement.time_zone)
    dimensions = "; ".join(f"{name}={value}" for name, value in watch.dimensions)
    behind = (watch.stat, str(watch.period_s), watch.namespace, watch.metric, dimensions)
    behind += (watch.account_id, watch.region)
    rows = [HEAD]
    for at, value, is_soft, late_s in one.points:
        is_part = one.is_filling and at == one.points[-1].at
        local = at.astimezone(zone)
        rows.append(
            (
                watch.title,
                f"{at:%Y-%m-%dT%H:%M:%SZ}",
                f"{local:%Y-%m-%d %H:%M:%S}",
                local.tzname() or one.engagement.time_zone,
                repr(value),
                watch.unit,
                "filling" if is_part else "provisional" if is_soft else "final",
                "" if is_part else series.level(value, one.tile["limit"]),
                *behind,
                "" if late_s is None else str(late_s),
            )
        )
    stream = io.StringIO(newline="")
    safe = ([neutral(writable(text), keeps_numbers=True) for text in row] for row in rows)
    csv.writer(stream, lineterminator="\r\n").writerows(safe)
    return ("\ufeff" + stream.getvalue()).encode("utf-8")
