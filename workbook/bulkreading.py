"""Everything that has to be known about the cells of many edits, read in three queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.numbers import whole
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


@dataclass(frozen=True)
class Batch:
    """The edits of one table among those of several."""

    section: Section
    table: Table
    edits: list[Edit]


def read(
    engagement: Engagement, section: Section, table: Table, edits: list[Edit], *, is_locking: bool = False
) -> Known:
    """What these edits speak of. Three queries; ``is_locking`` holds rows and cells until the transaction ends."""
    [known] = read_all(engagement, [Batch(section, table, edits)], is_locking=is_locking)
    return known


def read_all(
    engagement: Engagement,
    batches: list[Batch],
    *,
    is_locking: bool = False,
    setting: Setting | None = None,
) -> list[Known]:
    """The same for the edits of several tables, one each in their order. Three queries however many tables.

    ``setting`` saves looking up names that the caller has looked up already.
    """
    live = _live(engagement, batches, is_locking=is_locking)
    rows = [_named(batch, live) for batch in batches]
    cells = _cells(batches, live, is_locking=is_locking)
    every = [(own, edit) for own, batch in zip(rows, batches, strict=True) for edit in batch.edits]
    bases = _bases(every, cells)
    setting = setting or Setting.bare(engagement)
    return [
        Known(engagement, batch.section, batch.table, setting, own, cells, bases)
        for batch, own in zip(batches, rows, strict=True)
    ]


def _live(engagement: Engagement, batches: list[Batch], *, is_locking: bool) -> list[Row]:
    """The rows that these edits name, of all tables."""
    named = {str(edit.row) for batch in batches for edit in batch.edits if edit.row is not None}
    if not named:
        return []
    numbers = [number for name in named if (number := whole(name)) is not None]
    keys = named & {key for batch in batches for key in batch.table.fixed_keys}
    found = Row.objects.filter(
        engagement=engagement,
        section__in={batch.section.key for batch in batches},
        table__in={batch.table.key for batch in batches},
        deleted_at=None,
    )
    found = found.filter(Q(pk__in=numbers) | Q(key__in=keys)).order_by("pk")
    # Weaker than FOR UPDATE: who inserts a cell looks at its row's key when it commits, and must not wait for us.
    return list(found.select_for_update(no_key=True) if is_locking else found)


def _named(batch: Batch, live: list[Row]) -> dict[str, Row]:
    """The rows of one table by number and, for fixed ones, by key."""
    own = [row for row in live if (row.section, row.table) == (batch.section.key, batch.table.key)]
    return {str(row.pk): row for row in own} | {row.key: row for row in own if row.key}


def _cells(batches: list[Batch], live: list[Row], *, is_locking: bool) -> dict[tuple[int, str], Cell]:
    if not live:
        return {}
    fields: set[str] = set()
    for batch in batches:
        known = batch.table.by_key
        asked = {edit.field for edit in batch.edits if edit.field in known}
        fields |= asked | {start for key in asked if (start := known[key].options.get("not_before"))}
    found = Cell.objects.filter(row__in={row.pk for row in live}, field__in=fields).order_by("pk")
    return {
        (cell.row_id, cell.field): cell
        for cell in (found.select_for_update(no_key=True) if is_locking else found)
    }


def _bases(every: list[tuple[dict[str, Row], Edit]], cells: dict) -> dict[tuple[int, str, int], Any]:
    """Only of the cells that somebody else changed since. No query when there are none."""
    wanted = set()
    for rows, edit in every:
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
