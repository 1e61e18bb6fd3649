"""Everything that has to be known about the cells of many edits, read in three queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import types
from workbook.catalogue import PANEL, SHEET, Field, Section, Table
from workbook.edits import Edit
from workbook.models import Cell, CellChange, Row
from workbook.types import InvalidValue, Setting


@dataclass(frozen=True)
class Known:
    """The rows and cells that some edits speak of, as they are."""

    engagement: Engagement
    section: Section
    table: Table
    setting: Setting
    #: Live rows by their number as text; fixed rows by their key too.
    rows: dict[str, Row]
    cells: dict[tuple[int, str], Cell]
    #: Earlier values by row, field and version.
    bases: dict[tuple[int, str, int], Any]

    def row(self, edit: Edit) -> Row | None:
        """The row of an edit; None when it has to be made or is gone."""
        return None if edit.row is None else self.rows.get(str(edit.row))

    def cell(self, row: Row | None, field: str) -> Cell | None:
        """The cell as it is; None when it was never filled."""
        return self.cells.get((row.pk, field)) if row else None

    def base(self, cell: Cell | None, version: int | None):
        """What the cell held in an earlier version; None for version 0."""
        return self.bases.get((cell.row_id, cell.field, version)) if cell else None

    def is_gone(self, edit: Edit) -> bool:
        """Whether there is no such row: deleted, another table's, or none that could be added."""
        if edit.row is None:
            return self.table.kind != SHEET
        return self.row(edit) is None and str(edit.row) not in self.table.fixed_keys

    def is_locked(self, edit: Edit, spec: Field) -> bool:
        """Whether the value is kept with the engagement, given, or worked out."""
        if self.table.kind == PANEL or spec.bound or spec.is_formula:
            return True
        row = self.row(edit)
        fixed = self.table.fixed_row(row.key if row else str(edit.row or ""))
        return bool(fixed) and (spec.key in fixed.bound or spec.key in fixed.values)

    def check_order(self, edit: Edit, spec: Field, value, start) -> None:
        """An end may not lie before its start, typed beside it or kept. Raises InvalidValue."""
        start_field = spec.options.get("not_before")
        if not start_field or value is None:
            return
        kept = self.cell(self.row(edit), start_field)
        start = start or (kept.value if kept else None)
        if start and value < start:
            raise InvalidValue(_("This lies before the start."))


def read(
    engagement: Engagement, section: Section, table: Table, edits: list[Edit], *, is_locking: bool = False
) -> Known:
    """What these edits speak of. Three queries; ``is_locking`` holds rows and cells until the transaction ends."""
    rows = _rows(engagement, section, table, edits, is_locking=is_locking)
    cells = _cells(table, rows, edits, is_locking=is_locking)
    setting = types.Setting.bare(engagement)
    return Known(engagement, section, table, setting, rows, cells, _bases(rows, cells, edits))


def _rows(engagement, section, table, edits: list[Edit], *, is_locking: bool) -> dict[str, Row]:
    named = {str(edit.row) for edit in edits if edit.row is not None}
    numbers = [number for name in named if (number := whole(name)) is not None]
    keys = [name for name in named if name in table.fixed_keys]
    if not named:
        return {}
    found = Row.objects.filter(engagement=engagement, section=section.key, table=table.key, deleted_at=None)
    found = found.filter(Q(pk__in=numbers) | Q(key__in=keys)).order_by("pk")
    # Weaker than FOR UPDATE: who inserts a cell looks at its row's key when it commits, and must not wait for us.
    live = list(found.select_for_update(no_key=True) if is_locking else found)
    return {str(row.pk): row for row in live} | {row.key: row for row in live if row.key}


def _cells(table: Table, rows: dict[str, Row], edits: list[Edit], *, is_locking: bool) -> dict:
    if not rows:
        return {}
    fields = {edit.field for edit in edits if edit.field in table.by_key}
    fields |= {start for key in fields if (start := table.by_key[key].options.get("not_before"))}
    found = Cell.objects.filter(row__in={row.pk for row in rows.values()}, field__in=fields).order_by("pk")
    return {
        (cell.row_id, cell.field): cell
        for cell in (found.select_for_update(no_key=True) if is_locking else found)
    }


def _bases(rows: dict[str, Row], cells: dict, edits: list[Edit]) -> dict[tuple[int, str, int], Any]:
    """Only of the cells that somebody else changed since. No query when there are none."""
    wanted = set()
    for edit in edits:
        row = rows.get(str(edit.row))
        cell = cells.get((row.pk, edit.field)) if row else None
        if cell and edit.base_version not in (None, cell.version):
            wanted.add((row.pk, edit.field, edit.base_version))
    if not wanted:
        return {}
    lines = CellChange.objects.filter(
        row_id__in={row for row, _field, _version in wanted},
        field__in={field for _row, field, _version in wanted},
        version__in={version for _row, _field, version in wanted},
    )
    found = lines.order_by().values_list("row_id", "field", "version", "value_to")
    return {(row, field, version): value for row, field, version, value in found}
