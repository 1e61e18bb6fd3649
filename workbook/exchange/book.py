"""The whole workbook of one engagement, read for a file: every table with its rows, values and versions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from engagements.models import Engagement, SuccessCriterion
from workbook import bound, editions
from workbook.catalogue import FORM, PANEL, Field, Section, Table
from workbook.exchange.values import is_kept_elsewhere, is_secret
from workbook.formulas import FORMULAS
from workbook.models import Cell, Row
from workbook.types import Setting


@dataclass(frozen=True)
class Line:
    """One row: its number or fixed key ("" in a panel), values and versions by field, and what is given."""

    row: str
    values: dict[str, Any]
    versions: dict[str, int]
    given: frozenset[str] = frozenset()

    def is_locked(self, field: Field) -> bool:
        """Whether this cell is for reading only."""
        return not self.row or field.key in self.given or is_kept_elsewhere(field)


@dataclass(frozen=True)
class Block:
    """One table as it goes into a file: the fields that are asked and no secret, and its rows in order."""

    section: Section
    table: Table
    fields: tuple[Field, ...]
    lines: tuple[Line, ...]

    @property
    def is_form(self) -> bool:
        """Whether it is drawn as questions."""
        return self.table.kind == FORM

    @property
    def is_panel(self) -> bool:
        """Whether it is kept elsewhere and only shown."""
        return self.table.kind == PANEL


@dataclass(frozen=True)
class Book:
    """A workbook as read at one moment."""

    engagement: Engagement
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    setting: Setting
    template: str


def fields_of(table: Table, event_type: str) -> tuple[Field, ...]:
    """The columns that go into a file, the one that names the row first."""
    asked = [field for field in editions.asked_fields(table, event_type) if not is_secret(field)]
    return tuple(sorted(asked, key=lambda field: field.key != table.title))


def read(engagement: Engagement, *, only: tuple[str, str] | None = None) -> Book:
    """The workbook, or ``only`` one table of it by keys of section and table.

    At most seven queries, however many sections and rows: sections, rows, cells, criteria, titles, accounts, people.
    """
    sections = tuple(editions.sections(engagement))
    reader = _Reader(engagement, only)
    blocks = [
        Block(section, table, fields_of(table, engagement.event_type), reader.lines(section, table))
        for section in sections
        for table in section.tables
        if only in (None, (section.key, table.key))
    ]
    return Book(
        engagement=engagement,
        sections=sections,
        blocks=tuple(block for block in blocks if block.fields and (not block.is_panel or block.lines)),
        setting=Setting.of(engagement, sections),
        template=str(editions.frozen(engagement)),
    )


class _Reader:
    """Rows and cells of an engagement by table."""

    def __init__(self, engagement: Engagement, only: tuple[str, str] | None):
        self.engagement = engagement
        self.only = only
        rows = self._only(Row.objects.filter(engagement=engagement, deleted_at=None))
        self.rows: dict = defaultdict(list)
        for section, table, pk, key in rows.values_list("section", "table", "pk", "key"):
            self.rows[section, table].append((pk, key))
        self.cells = self._cells()

    def _only(self, found, prefix: str = ""):
        if self.only is None:
            return found
        section, table = self.only
        return found.filter(**{f"{prefix}section": section, f"{prefix}table": table})

    def _cells(self) -> dict[int, dict[str, tuple[Any, int]]]:
        live = Cell.objects.filter(row__engagement=self.engagement, row__deleted_at=None)
        cells: dict = defaultdict(dict)
        found = self._only(live, "row__").values_list("row_id", "field", "value", "version")
        for row, field, value, version in found:
            cells[row][field] = (value, version)
        return cells

    def lines(self, section: Section, table: Table) -> tuple[Line, ...]:
        """The rows of a table: fixed ones, then the others in order."""
        if table.kind == PANEL:
            return self._criteria(table)
        pairs = self.rows[section.key, table.key]
        kept = {key: pk for pk, key in pairs if key}
        ordered = [(kept.get(key), key) for key in table.keys_for(self.engagement.event_type)]
        ordered += [(pk, "") for pk, key in pairs if not key]
        return tuple(self._line(table, pk, key) for pk, key in ordered)

    def _line(self, table: Table, pk: int | None, key: str) -> Line:
        cells = self.cells.get(pk, {})
        given = self._given(table, key)
        values = {field: value for field, (value, _version) in cells.items()} | given
        for field in table.fields:
            if field.is_formula:
                values[field.key] = FORMULAS[field.options["formula"]](values)
        versions = {field: version for field, (_value, version) in cells.items()}
        return Line(key or str(pk), values, versions, frozenset(given))

    def _given(self, table: Table, key: str) -> dict:
        if table.kind == FORM:
            return bound.of_form(self.engagement, table)
        return bound.of_fixed_row(self.engagement, table.fixed_row(key)) if key else {}

    def _criteria(self, table: Table) -> tuple[Line, ...]:
        """The success criteria, kept with the engagement. One query."""
        if not all(field.bound for field in table.fields):
            return ()
        kept = SuccessCriterion.objects.filter(engagement=self.engagement, removed_at=None)
        rows = bound.of_criteria(list(kept), table)
        return tuple(Line("", values, {}) for values in rows)
