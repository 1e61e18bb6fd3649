"""Forms and sheets as the templates draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from workbook import types, words
from workbook.catalogue import FORM, SHEET, Field, Table
from workbook.due import Calendar
from workbook.reading import Reader, RowView
from workbook.types import FieldType, Setting


@dataclass(frozen=True)
class Column:
    """A field as a column head and as the help beside the sheet."""

    field: Field
    kind: FieldType
    who: str
    due_at: datetime
    suggestions: list[tuple[str, str]]
    is_locked: bool


@dataclass(frozen=True)
class FormView:
    """A form: its one row and the columns behind its questions."""

    table: Table
    row: RowView
    columns: list[Column]
    kind: str = FORM

    @property
    def questions(self) -> list[tuple[Column, object]]:
        """Each question with its cell."""
        return list(zip(self.columns, self.row.cells, strict=True))


#: Rows of a sheet that come with the page; the others follow when somebody scrolls to them.
PART = 60


@dataclass(frozen=True)
class SheetView:
    """A sheet: a part of its rows, how many there are in all and in need of action, and where the next part begins."""

    table: Table
    rows: list[RowView]
    columns: list[Column]
    total: int
    action: int
    shown: int
    next: int
    has_more_columns: bool
    kind: str = SHEET

    @property
    def left(self) -> int:
        """How many rows are not on the page yet."""
        return self.shown - self.next if self.next else 0


def columns(engagement: Engagement, fields: list[Field], setting: Setting) -> list[Column]:
    """The fields with who fills them, until when, and what may be offered."""
    calendar = Calendar.of(engagement)
    return [
        Column(
            field=field,
            kind=types.type_of(field),
            who=words.who(field.who),
            due_at=calendar.due_at(field.due),
            suggestions=types.type_of(field).suggestions(field, setting),
            is_locked=field.is_formula or bool(field.bound),
        )
        for field in fields
    ]


def form_view(table: Table, reader: Reader) -> FormView:
    """A form with its answers."""
    [row] = reader.rows(table, all_fields=True)
    return FormView(
        table, row, columns(reader.engagement, [cell.field for cell in row.cells], reader.setting)
    )


def sheet_view(
    table: Table,
    reader: Reader,
    *,
    all_columns: bool,
    only_action: bool,
    start: int = 0,
    has_all: bool = False,
) -> SheetView:
    """A sheet with the columns and rows that were asked for, a part of them from ``start``, or all."""
    rows = reader.rows(table, all_fields=all_columns)
    action = [row for row in rows if row.needs_action]
    shown = action if only_action else rows
    end = len(shown) if has_all else start + PART
    return SheetView(
        table=table,
        rows=shown[start:end],
        columns=columns(reader.engagement, reader.fields(table, all_fields=all_columns), reader.setting),
        total=len(rows),
        action=len(action),
        shown=len(shown),
        next=end if end < len(shown) else 0,
        has_more_columns=len(table.fields) > len(table.main_fields),
    )
