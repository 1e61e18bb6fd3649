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
_ASK = (
    f"WITH here AS (SELECT {', '.join(map(_QUOTE, _ROW_FIELDS))} FROM {_ROW}"  # noqa: S608 — our own names only
    f" WHERE engagement_id = %s AND section = %s AND {_QUOTE('table')} = %s AND deleted_at IS NULL AND {{which}} = %s)"
    f" SELECT here.*, {marks.hanging_on('(SELECT id FROM here)')},"
    f" EXISTS (SELECT 1 FROM {_LINK} WHERE engagement_id = %s AND section = %s AND revoked_at IS NULL"
    f" AND expires_at > %s), {', '.join(f'cell.{_QUOTE(name)}' for name in _CELL_FIELDS)}"
    f" FROM here LEFT JOIN {_CELL} cell ON cell.row_id = here.id"
)
_BY_NUMBER, _BY_KEY = _ASK.format(which="id"), _ASK.format(which=_QUOTE("key"))


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
    place = (engagement.pk, section.key, table.key, str(row) if number is None else number)
    guests = (engagement.pk, section.key, connection.ops.adapt_datetimefield_value(now))
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEY if number is None else _BY_NUMBER, (*place, *guests))
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
