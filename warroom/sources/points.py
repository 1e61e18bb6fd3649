"""The points of thousands of series at once: what differs from what is stored is written by one statement.

A model instance and a comparison for each point took nearly all the time of a poll: of 55,000 points read again in a
minute one in ten is new. So the database compares, and nothing is read before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from warroom import series, windows
from warroom.models import MetricPoint

COLUMNS = ("series_id", "at", "value", "is_provisional", "late_s")
TYPES = ("bigint", "timestamptz", "double precision", "boolean", "integer")
AT_ONCE = 100_000  # rows of one statement on PostgreSQL: a few megabytes of text


@dataclass
class Batch:
    """Points of many series by columns, in the order of COLUMNS."""

    now: datetime
    rows: tuple[list, list, list, list, list] = field(default_factory=lambda: ([], [], [], [], []))
    _known: dict[tuple, tuple[dict, dict]] = field(default_factory=dict)

    def add(
        self, pk: int, points: dict[datetime, float], period_s: int, asked_until: datetime | None
    ) -> None:
        """The points of one series; up to `asked_until` AWS had answered it completely before this poll."""
        soft, late = self._known.setdefault((period_s, asked_until), ({}, {}))
        for at in points:
            if at not in soft:
                soft[at] = at >= windows.settled_before(self.now, period_s)
                late[at] = series.late_s(at, period_s, asked_until=asked_until, now=self.now)
        pks, ats, values, softs, lates = self.rows
        pks += [pk] * len(points)
        ats += points
        values += points.values()
        softs += [soft[at] for at in points]
        lates += [late[at] for at in points]

    def write(self) -> int:
        """Insert what is new, change what has another value or is settled now; how many of both.

        When a point arrived is written with its first value and stays.
        """
        if not self.rows[0]:
            return 0
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                return _each(cursor, self.rows)
            return sum(
                _together(cursor, [column[start : start + AT_ONCE] for column in self.rows])
                for start in range(0, len(self.rows[0]), AT_ONCE)
            )


def _words() -> dict[str, str]:
    quote = connection.ops.quote_name
    columns = [quote(name) for name in COLUMNS]
    return {
        "table": quote(MetricPoint._meta.db_table),
        "columns": ", ".join(columns),
        "given": ", ".join(f"given.{name}" for name in columns),
        "conflict": "ON CONFLICT (series_id, at) DO UPDATE SET value = excluded.value,"
        " is_provisional = excluded.is_provisional",
    }


_EACH = """INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s) {conflict}
    WHERE {table}.value <> excluded.value OR {table}.is_provisional <> excluded.is_provisional"""


def _each(cursor: Any, rows: Iterable[list]) -> int:
    pks, ats, values, softs, lates = rows
    known = {at: connection.ops.adapt_datetimefield_value(at) for at in set(ats)}
    # The driver looks for an adapter of everything that is no plain number or text, also of each boolean.
    plain = zip(pks, [known[at] for at in ats], values, map(int, softs), lates, strict=True)
    cursor.executemany(_EACH.format(**_words()), plain)
    return cursor.rowcount


# What is stored as it is never reaches the conflict: that would lock the row, and write it to the log, for nothing.
_TOGETHER = """INSERT INTO {table} ({columns})
    SELECT {given} FROM unnest({arrays}) AS given ({columns})
    LEFT JOIN {table} AS stored ON stored.series_id = given.series_id AND stored.at = given.at
    WHERE stored.id IS NULL OR stored.value <> given.value OR stored.is_provisional <> given.is_provisional
    {conflict}"""


def _together(cursor: Any, rows: Iterable[list]) -> int:
    arrays = ", ".join(f"%s::{kind}[]" for kind in TYPES)
    texts = [f"{{{','.join(_texts(column))}}}" for column in rows]
    cursor.execute(_TOGETHER.format(arrays=arrays, **_words()), texts)
    return cursor.rowcount


def _texts(column: list) -> list[str]:
    """Elements of PostgreSQL's array text; values that many rows share are written once."""
    known = {value: _text(value) for value in set(column)}
    return [known[value] for value in column]


def _text(value: Any) -> str:
    if value is None:
        return "NULL"
    return value.isoformat() if isinstance(value, datetime) else str(value)
