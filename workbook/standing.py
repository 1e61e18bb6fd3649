"""A row as it stands before one of its cells is written: all that saving and answering need, in one trip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import marks
from workbook.catalogue import Section, Table
from workbook.models import Cell, GuestLink, Row

_QUOTE = connection.ops.quote_name
_ROW, _CELL, _LINK = (_QUOTE(model._meta.db_table) for model in (Row, Cell, GuestLink))
#: In the order of the model, which from_db goes by.
_ROW_FIELDS = ("id", "engagement_id", "section", "table", "key")
_CELL_FIELDS = tuple(field.attname for field in Cell._meta.concrete_fields)
#: Django takes longer to word these joins, and to make a row beside each of its cells, than the database to answer.
_COLUMNS = ", ".join([f"here.{_QUOTE(name)}" for name in _ROW_FIELDS])
_CELLS = ", ".join([f"cell.{_QUOTE(name)}" for name in _CELL_FIELDS])


def _ask(column: str, row: str) -> str:
    """Asks for the row with a value in a column; ``row`` is its number, for PostgreSQL plans that in half the time."""
    return (
        f"SELECT {_COLUMNS}, {marks.hanging_on(row)},"  # noqa: S608 — our own names only
        f" EXISTS (SELECT 1 FROM {_LINK} WHERE engagement_id = %(engagement)s AND section = %(section)s"
        f" AND revoked_at IS NULL AND expires_at > %(now)s), {_CELLS}"
        f" FROM {_ROW} here LEFT JOIN {_CELL} cell ON cell.row_id = here.id"
        f" WHERE here.engagement_id = %(engagement)s AND here.section = %(section)s"
        f" AND here.{_QUOTE('table')} = %(table)s AND here.deleted_at IS NULL AND here.{_QUOTE(column)} = %(row)s"
    )


_BY_NUMBER, _BY_KEY = _ask("id", "%(row)s"), _ask("key", "here.id")


@dataclass(frozen=True)
class Standing:
    """A live row with its cells by field, whether anything may hang on it, and whether its section has guests."""

    row: Row
    cells: Mapping[str, Cell]
    has_marks: bool = True
    has_guests: bool = True


def of_row(
    engagement: Engagement, section: Section, table: Table, row: int | str, now: datetime
) -> Standing | None:
    """The live row of this table with this number or key; None when there is none. One query.

    Other columns of the row than its place are read when somebody asks for them.
    """
    number = whole(row)
    if number is None and table.fixed_row(str(row)) is None:
        return None  # rows without a key are known by their number alone: an empty one would be all of them
    asked = {
        "engagement": engagement.pk,
        "section": section.key,
        "table": table.key,
        "row": str(row) if number is None else number,
        "now": connection.ops.adapt_datetimefield_value(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEY if number is None else _BY_NUMBER, asked)
        lines = cursor.fetchall()
    if not lines:
        return None
    end = len(_ROW_FIELDS)
    found = Row.from_db(connection.alias, _ROW_FIELDS, lines[0][:end])
    cells = [_cell(line[end + 2 :]) for line in lines if line[end + 2] is not None]
    return Standing(found, {cell.field: cell for cell in cells}, *map(bool, lines[0][end : end + 2]))


def _cell(values: tuple) -> Cell:
    """A cell from its columns as the database's driver gives them."""
    cell = Cell.from_db(connection.alias, _CELL_FIELDS, values)
    cell.value = None if cell.value is None else json.loads(cell.value)
    if cell.updated_at.tzinfo is None:
        cell.updated_at = cell.updated_at.replace(tzinfo=UTC)
    return cell
