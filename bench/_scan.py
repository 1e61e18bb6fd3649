"""How many rows does the engine's due query touch? Asked of the database, not guessed."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction

from engagements.models import TimelineEntry
from escalation import engine
from escalation.models import ClockEvent, Deadline, Page
from iem_portal.notifications.models import Notification

TOUCHED = (ClockEvent, Deadline, Notification, Page, TimelineEntry)


def rows_written() -> dict[str, int]:
    """How many rows each table of a deadline holds; before and after a tick, the difference is what it wrote."""
    return {model._meta.db_table: model.objects.count() for model in TOUCHED}


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
