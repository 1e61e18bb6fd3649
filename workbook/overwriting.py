"""Writes a cell's next version and its line of history: the hottest write of the portal, in as few trips as can be."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, models

from iem_portal.rows import insert
from workbook.models import Cell, CellChange

_QUOTE = connection.ops.quote_name
_CELL, _CHANGE = (_QUOTE(model._meta.db_table) for model in (Cell, CellChange))
_KEPT = tuple(field for field in CellChange._meta.concrete_fields if not field.primary_key)
_COLUMNS = ", ".join(_QUOTE(field.column) for field in _KEPT)
_UPDATE = (
    f"UPDATE {_CELL} SET value = %s, version = %s, updated_at = %s, updated_by_id = %s, updated_by_name = %s"  # noqa: S608 — our own names only
    " WHERE id = %s AND version = %s"
)
#: One trip instead of two: no line is kept when no cell was written.
_BOTH = (
    f"WITH written AS ({_UPDATE} RETURNING id) INSERT INTO {_CHANGE} ({_COLUMNS}) "  # noqa: S608
    f"SELECT {', '.join(['%s'] * len(_KEPT))} FROM written"
)


def overwrite(cell: Cell, line: CellChange) -> bool:
    """Give a cell the value, version, time and writer of a line of history, and keep the line.

    False, and nothing is written, when the cell has another version by now. Call it inside a transaction.
    In plain SQL, for Django takes longer to word an UPDATE than the database to run it.
    """
    words = [_json(line.value_to), line.version, _time(line.at), line.by_id, line.by_name]
    words += [cell.pk, cell.version]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_BOTH, words + [_prepared(field, line) for field in _KEPT])
            return cursor.rowcount == 1
        cursor.execute(_UPDATE, words)
        if cursor.rowcount != 1:
            return False
    insert([line])
    return True


def _prepared(field: models.Field, line: CellChange) -> object:
    value = getattr(line, field.attname)
    if isinstance(field, models.JSONField):
        return _json(value)
    return _time(value) if isinstance(field, models.DateTimeField) else value


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def _time(value: datetime) -> object:
    return connection.ops.adapt_datetimefield_value(value)
