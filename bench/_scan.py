"""How many rows does the engine touch, and what would writing them cost alone? Asked of the database, not guessed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from engagements.models import TimelineEntry
from escalation import engine
from escalation.models import ClockEvent, Deadline, Page
from iem_portal import rows
from iem_portal.notifications.models import Notification

TOUCHED = (ClockEvent, Deadline, Notification, Page, TimelineEntry)


def rows_written() -> dict[str, int]:
    """How many rows each table of a deadline holds; before and after a tick, the difference is what it wrote."""
    return {model._meta.db_table: model.objects.count() for model in TOUCHED}


def inserts_alone_ms(run: Callable[[], object]) -> float:
    """The floor under a tick: what it inserted, taken out again and written once more, ready as it is, in one go."""
    before = {
        model: model.objects.order_by("pk").values_list("pk", flat=True).last() or 0 for model in TOUCHED
    }
    written: list[tuple] = []
    insert = rows.insert_values

    def note(*what) -> None:
        written.append(what)
        insert(*what)

    rows.insert_values = note
    try:
        run()
    finally:
        rows.insert_values = insert
    seen_ms = []
    for _ in range(3):
        for model, last in before.items():
            model.objects.filter(pk__gt=last)._raw_delete(connection.alias)
        started = time.perf_counter()
        with transaction.atomic():
            for what in written:
                insert(*what)
        seen_ms.append((time.perf_counter() - started) * 1000)
    return sorted(seen_ms)[1]


class Undo(Exception):
    """Rolls a measurement back."""


def rows_read_per_due(now: datetime) -> float:
    """Rows read by the due query for each row it returns."""
    return _postgres(now) if connection.vendor == "postgresql" else _sqlite(now)


def _due_sql(now: datetime) -> tuple[str, tuple]:
    return engine._due(now).values_list("pk", flat=True).query.sql_with_params()


def _postgres(now: datetime) -> float:
    """EXPLAIN ANALYZE: the rows of the lowest node and those it filtered away, over the rows of the query."""
    sql, params = _due_sql(now)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    node = top
    while "Plans" in node:
        node = node["Plans"][0]
    return (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) / max(top["Actual Rows"], 1)


def _sqlite(now: datetime) -> float:
    """Steps of SQLite's machine, over those it takes when the table holds nothing but the due rows."""
    steps = _steps(now)
    try:
        with transaction.atomic():
            Deadline.objects.exclude(pk__in=engine._due(now).values("pk")).delete()
            alone = _steps(now)
            raise Undo
    except Undo:
        return steps / alone


def _steps(now: datetime) -> int:
    sql, params = _due_sql(now)
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 1)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return counted
