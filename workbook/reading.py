"""What a section page shows: tables, rows and cells, each cell with its value, version and state."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engagements.models import Engagement
from workbook import bound, drawing, marks, rowfacts, types
from workbook.catalogue import FORM, PANEL, Field, Section, Table
from workbook.formulas import FORMULAS
from workbook.hanging import ACCEPTED
from workbook.models import Cell
from workbook.standing import Standing
from workbook.types import FieldType, Setting

# Types whose values need room in a sheet; short texts do not.
_WIDE = {"longtext", "url", "link", "dimensions", "arn", "alarm_ref"}
# A day and a time stand in two lines; one counted from T0 is longer.
_TWO_LINES = {"datetime": "at", "offset": "at-t0"}
_SHORT_TEXT = 60
_UNBROKEN = {"aws_region", "aws_account", "date", "duration", "phone", "timezone"}


@dataclass(frozen=True)
class CellView:
    """One cell as drawn. ``row`` is a number or the key of a fixed row; version 0 means never filled."""

    row: str
    field: Field
    kind: FieldType
    value: Any
    version: int
    html: str
    edit: str
    is_locked: bool
    is_missing: bool
    #: Whether it stays empty because AWS's side accepted that it does not apply.
    is_exempt: bool = False
    home: str = ""
    by_name: str = ""
    at: Any = None
    #: What hangs on the cell; ``html`` has it too, but a question shows an editor instead.
    signs: str = ""

    @property
    def dom_id(self) -> str:
        """The cell's id on the page."""
        return f"c-{self.row}-{self.field.key}"

    @property
    def is_wide(self) -> bool:
        """Whether the column needs room."""
        if self.field.type == "text":
            return int(self.field.options.get("max", _SHORT_TEXT + 1)) > _SHORT_TEXT
        return self.field.type in _WIDE

    @property
    def css(self) -> str:
        """Classes of the table cell."""
        words = {
            "n": self.kind.is_number and not self.field.choices,
            "c-b": self.field.options.get("formula") == "quota_gap",
            "wide": self.is_wide,
            "nb": self.field.type in _UNBROKEN,
            _TWO_LINES.get(self.field.type, ""): True,
            "ro": self.is_locked,
            "ed": not self.is_locked,
            "is-miss": self.is_missing and not self.is_locked,
        }
        return " ".join(word for word, is_on in words.items() if is_on)

    @property
    def state(self) -> str:
        """The state of a question, as shape and word."""
        filled = self.value is not None
        return drawing.answer_state(is_missing=self.is_missing, is_filled=filled, is_exempt=self.is_exempt)

    @property
    def chosen(self) -> list[str]:
        """The values of a cell with several answers."""
        return self.value if isinstance(self.value, list) else []


@dataclass(frozen=True)
class RowView:
    """One row; its cells are drawn when somebody looks at them, for a long sheet is shown in parts."""

    row: str
    pk: int | None
    number: int
    draw: Callable[[], list[CellView]]
    values: dict
    is_fixed: bool
    needs_action: bool
    note: Any = None
    home: str = ""
    #: Numbers of fields that are not shown but worked with, as JSON.
    unseen: str = ""

    @cached_property
    def cells(self) -> list[CellView]:
        """The cells of the fields that are shown."""
        return self.draw()

    def cell(self, key: str) -> CellView | None:
        """The cell of a field."""
        return next((cell for cell in self.cells if cell.field.key == key), None)


class Reader:
    """Reads the rows of one section of one engagement. Accounts and people are only read when a field names them.

    ``rows_of`` gives (primary key, fixed key) pairs by section and table, in order, as readiness.progress does;
    all ``sections`` of the engagement save a query where they are known.
    """

    def __init__(
        self,
        engagement: Engagement,
        section: Section,
        rows_of: dict,
        *,
        sees_internal: bool = False,
        sections: Iterable[Section] | None = None,
    ):
        self.engagement = engagement
        self.section = section
        self.sees_internal = sees_internal
        self.live = {table.key: rows_of.get((section.key, table.key), []) for table in section.tables}
        self.setting = Setting.of(engagement, sections)

    @cached_property
    def _cells(self) -> dict[int, dict[str, Cell]]:
        """Every cell of the section by row and field. One query."""
        cells: dict[int, dict[str, Cell]] = defaultdict(dict)
        for cell in Cell.objects.filter(row__in=[pk for pairs in self.live.values() for pk, _key in pairs]):
            cells[cell.row_id][cell.field] = cell
        return cells

    @cached_property
    def _marks(self) -> dict:
        """What hangs on the cells. One query a source of marks."""
        return marks.of_section(self.engagement, self.section, sees_internal=self.sees_internal)

    def rows(self, table: Table, *, all_fields: bool = False) -> list[RowView]:
        """The fixed rows and then the others, in order."""
        pairs = self.live[table.key]
        kept = {key: pk for pk, key in pairs if key}
        ordered = [(kept.get(key), key) for key in table.keys_for(self.engagement.event_type)]
        ordered += [(pk, "") for pk, key in pairs if not key]
        fields = self.fields(table, all_fields=all_fields)
        return [
            self._row(table, fields, pk, key, number, self._cells.get(pk, {}))
            for number, (pk, key) in enumerate(ordered, start=1)
        ]

    def row(self, row: str) -> tuple[Table, RowView] | None:
        """One row with all its fields, by number or fixed key; None when it is not there."""
        return self._by_name.get(row)

    def of_standing(self, table: Table, known: Standing, fields: Iterable[Field]) -> RowView:
        """A row that was read already, with some of its fields; its number in the sheet is not known."""
        asked = [field for field in fields if field.is_asked_of(self.engagement.event_type)]
        if not known.has_marks:
            self._marks = {}
        return self._row(table, asked, known.row.pk, known.row.key, 0, known.cells)

    @cached_property
    def _by_name(self) -> dict[str, tuple[Table, RowView]]:
        """Every row with its table, by number and by fixed key, without its cells being drawn."""
        found: dict[str, tuple[Table, RowView]] = {}
        for table in self.section.tables:
            if table.kind != PANEL:
                for view in self.rows(table, all_fields=True):
                    found.setdefault(view.row, (table, view))
                    found.setdefault(str(view.pk or view.row), (table, view))
        return found

    def fields(self, table: Table, *, all_fields: bool) -> list[Field]:
        """The fields that this type of event is asked, all of them or the main ones; what names the row comes first."""
        chosen = table.fields if all_fields else table.main_fields
        chosen = sorted(chosen, key=lambda field: field.key != table.title)
        return [field for field in chosen if field.is_asked_of(self.engagement.event_type)]

    def _row(self, table: Table, fields: list[Field], pk, key: str, number: int, cells: dict) -> RowView:
        fixed = table.fixed_row(key) if key else None
        given = self._given(table, key)
        values = {field: cell.value for field, cell in cells.items()} | given
        about = self._about(table, pk, cells, values)
        for field in table.fields:
            if field.is_formula:
                values[field.key] = FORMULAS[field.options["formula"]](values | about)
        name = key or str(pk)
        missing = self._unexempt(pk, self._missing(table, values))
        rule = table.attention
        return RowView(
            row=name,
            pk=pk,
            number=number,
            draw=lambda: [
                self._cell(table, name, field, values, cells.get(field.key), given, missing, pk)
                for field in fields
            ],
            values=values,
            is_fixed=bool(key),
            needs_action=bool(missing) or bool(rule and values.get(rule["field"]) in rule["in"]),
            note=fixed.note if fixed else None,
            home=fixed.home if fixed else "",
            unseen=self._unseen(table, fields, values),
        )

    def _unseen(self, table: Table, fields: list[Field], values: dict) -> str:
        """What a page needs besides the shown cells to work out the others as somebody types."""
        if not any(field.is_formula for field in fields):
            return ""
        hidden = [field for field in table.fields if field not in fields and types.type_of(field).is_number]
        found = {field.key: str(values[field.key]) for field in hidden if values.get(field.key) is not None}
        return json.dumps(found) if found else ""

    def _about(self, table: Table, pk: int | None, cells: dict, values: dict) -> dict:
        """What formulas may need besides the row's values."""
        about = rowfacts.of_row(pk, cells)
        if rowfacts.needs_forecast(table):
            about |= rowfacts.compared_with(values.get("ts_traffic"), self._forecasts)
        return about

    @cached_property
    def _forecasts(self) -> dict[str, str]:
        return rowfacts.forecasts(self.engagement)

    def _given(self, table: Table, key: str) -> dict:
        """What the engagement itself answers in this row."""
        if table.kind == FORM:
            return bound.of_form(self.engagement, table)
        return bound.of_fixed_row(self.engagement, table.fixed_row(key)) if key else {}

    def _missing(self, table: Table, values: dict) -> set[str]:
        return {
            field.key
            for field in table.fields
            if values.get(field.key) is None
            and not field.is_formula
            and field.is_asked_of(self.engagement.event_type)
            and field.is_required(values)
        }

    def _unexempt(self, pk: int | None, missing: set[str]) -> set[str]:
        """Without the fields that do not apply to this row."""
        if not missing or pk is None:
            return missing
        return {key for key in missing if not self._is_exempt(pk, key)}

    def _is_exempt(self, pk: int | None, key: str) -> bool:
        return any(mark.kind == ACCEPTED for mark in self._marks.get((pk, key), ()))

    def _cell(
        self, table: Table, row: str, field: Field, values: dict, cell: Cell | None, given: dict, missing, pk
    ):
        is_missing = field.key in missing
        if field.key == table.title:
            subtitle = table.by_key.get(table.subtitle)
            html = drawing.title(field, subtitle, values, self.setting, is_missing=is_missing)
        else:
            html = drawing.inside(field, values, self.setting, is_missing=is_missing)
        value = values.get(field.key)
        is_exempt = value is None and self._is_exempt(pk, field.key)
        hanging = self._marks.get((pk, field.key), [])
        if field.key == table.title:
            hanging = [*hanging, *self._marks.get((pk, ""), [])]
        signs = marks.draw(hanging)
        return CellView(
            row=row,
            field=field,
            kind=types.type_of(field),
            value=value,
            version=cell.version if cell else 0,
            html=html + signs,
            signs=signs,
            edit=types.edit(field, value, self.setting),
            is_locked=field.is_formula or field.key in given,
            is_missing=is_missing,
            is_exempt=is_exempt,
            home=field.home,
            by_name=cell.updated_by_name if cell else "",
            at=cell.updated_at if cell else None,
        )
