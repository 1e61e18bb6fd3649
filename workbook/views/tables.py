"""Forms and sheets as the templates draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from engagements.models import Engagement
from workbook import types, words
from workbook.catalogue import FORM, SHEET, Field, Table
from workbook.due import Calendar
from workbook.reading import CellView, Reader, RowView
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
    """A form: its one row, the columns behind its questions, and how far its writers are."""

    table: Table
    row: RowView
    columns: list[Column]
    only_open: bool = False
    kind: str = FORM

    @property
    def questions(self) -> list[tuple[int, Column, CellView]]:
        """Each question with its number and its cell; those without an answer, when only they are asked for."""
        pairs = zip(self.columns, self.row.cells, strict=True)
        numbered = [(number, column, cell) for number, (column, cell) in enumerate(pairs, start=1)]
        return [each for each in numbered if not self.only_open or _is_open(each[2])]

    @property
    def is_guided(self) -> bool:
        """Whether the questions are a section's own, not the fields of one row of a sheet."""
        return self.table.kind == FORM

    @cached_property
    def _answerable(self) -> list[CellView]:
        return [cell for cell in self.row.cells if not cell.is_locked]

    @property
    def asked(self) -> int:
        """How many questions can be answered here."""
        return len(self._answerable)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return sum(cell.value is not None for cell in self._answerable)

    @property
    def percent(self) -> int:
        """The share of answers; 100 when nothing is asked."""
        return self.answered * 100 // self.asked if self.asked else 100

    @property
    def required_open(self) -> int:
        """Required questions without an answer."""
        return sum(cell.is_missing for cell in self._answerable)

    @property
    def next_open(self) -> str:
        """The place of the first open question, required ones first; nothing when all are answered."""
        unanswered = [cell for cell in self._answerable if cell.value is None]
        missing = [cell for cell in unanswered if cell.is_missing]
        return (missing or unanswered)[0].dom_id if unanswered else ""


def _is_open(cell: CellView) -> bool:
    return not cell.is_locked and cell.value is None


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


def form_view(table: Table, reader: Reader, *, only_open: bool = False) -> FormView:
    """A form with its answers, or only its open questions."""
    [row] = reader.rows(table, all_fields=True)
    fields = [cell.field for cell in row.cells]
    return FormView(table, row, columns(reader.engagement, fields, reader.setting), only_open)


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
