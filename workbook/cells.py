"""Saves one cell: a conditional write on the version the writer saw, a merge, or a conflict to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default_of
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.numbers import whole
from iem_portal.rows import insert
from workbook import announcing, authors, editions, rows, settling, standing, types
from workbook.catalogue import Field, Section, Table
from workbook.models import Cell, CellChange, Row
from workbook.overwriting import overwrite
from workbook.rows import RowMissing
from workbook.settling import Kind
from workbook.standing import Standing
from workbook.types import InvalidValue

__all__ = ["Conflict", "InvalidValue", "Merged", "RowMissing", "Saved", "UnknownField", "save_cell"]

#: How often a write is tried again when others keep writing first; more means a storm, and a conflict is honest.
MAX_TRIES = 20


class UnknownField(LookupError):
    """The workbook of this engagement has no such section or field, or the field is kept elsewhere."""


@dataclass(frozen=True)
class Saved:
    """The cell holds what the writer meant; ``is_changed`` is false when it held it already.

    ``left`` is the row as this edit left it.
    """

    row_id: int
    field: str
    value: Any
    version: int
    is_changed: bool = True
    left: Standing | None = default_of(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Merged(Saved):
    """The cell holds the writer's edit and somebody else's, or only theirs when the writer changed nothing."""

    theirs_by: str = ""


@dataclass(frozen=True)
class Conflict:
    """Both changed the same cell; nothing was written. Values are as stored."""

    row_id: int
    field: str
    mine: Any
    theirs: Any
    base: Any
    version: int
    theirs_by: str
    theirs_at: datetime


def save_cell(
    *,
    engagement: Engagement,
    section: Section | str,
    row: int | str,
    field: str,
    value,
    base_version: int,
    by,
    now: datetime,
    how: str = CellChange.How.TYPED,
) -> Saved | Merged | Conflict:
    """Save one cell, given the version the writer last saw (0 for a cell that was never filled).

    ``row`` is a number or the key of a fixed row ("form", "event"); ``value`` is typed text or plain JSON.
    A section of the engagement that was read already, instead of its key, saves a query.
    Raises UnknownField, RowMissing, or InvalidValue with a message in the writer's words.
    """
    found, spec = _field(engagement, section, row, field)
    mine = types.clean(spec, value, types.Setting.bare(engagement))
    with transaction.atomic():
        table = found.table_of[field]
        known = standing.of_row(engagement, found, table, row, now)
        if known is None:
            made = rows.resolve(engagement=engagement, section=found, table=table, row=row, by=by, now=now)
            known = Standing(made, {})
        # A fixed row may be named by its number too.
        _check_given(table, known.row.key, field)
        return _settle(engagement, known, spec, mine, base_version, by, now, how)


def _field(
    engagement: Engagement, section: Section | str, row: int | str, field: str
) -> tuple[Section, Field]:
    found = section if isinstance(section, Section) else editions.section(engagement, section)
    spec = found.field(field) if found else None
    if spec is None or spec.bound or spec.is_formula:
        raise UnknownField(field)
    if whole(row) is None:
        _check_given(found.table_of[field], str(row), field)
    return found, spec


def _check_given(table: Table, key: str, field: str) -> None:
    """Raise UnknownField for what a fixed row has from the start or the engagement answers."""
    fixed = table.fixed_row(key) if key else None
    if fixed and (field in fixed.bound or field in fixed.values):
        raise UnknownField(field)


def _check_order(cells: Mapping[str, Cell], spec: Field, mine) -> None:
    """An end may not lie before its start. Raises InvalidValue."""
    start = cells.get(spec.options.get("not_before", ""))
    if start and start.value and mine is not None and mine < start.value:
        raise InvalidValue(_("This lies before the start."))


def _settle(engagement, known: Standing, spec: Field, mine, base_version: int, by, now: datetime, how: str):
    """Write, merge or refuse, against the newest state; another writer in between means another look."""
    row = known.row
    by = authors.of(row.section, by)
    for attempt in range(MAX_TRIES):
        if attempt:
            known = replace(known, cells={cell.field: cell for cell in row.cells.all()})
        _check_order(known.cells, spec, mine)
        cell = known.cells.get(spec.key)
        outcome, value = _decide(known, spec, mine, base_version)
        if outcome is not None:
            return outcome
        is_merge = value != mine
        line = rows.change(
            row,
            by,
            now,
            how=CellChange.How.MERGED if is_merge else how,
            field=spec.key,
            version=cell.version + 1 if cell else 1,
            value_from=cell.value if cell else None,
            value_to=value,
        )
        written = _write(row, cell, line)
        if written:
            announcing.changed(engagement, row.section, now=now, has_guests=known.has_guests)
            left = replace(known, cells=known.cells | {spec.key: written})
            if is_merge:
                return Merged(
                    row.pk, spec.key, value, written.version, left=left, theirs_by=cell.updated_by_name
                )
            return Saved(row.pk, spec.key, value, written.version, left=left)
    return _conflict(row, cell, spec, mine, cell.value)


def _decide(known: Standing, spec: Field, mine, base_version: int):
    """Either the finished outcome, or None and the value to write."""
    row, cell = known.row, known.cells.get(spec.key)
    theirs, version = (cell.value, cell.version) if cell else (None, 0)
    verdict = settling.decide(
        mine=mine,
        theirs=theirs,
        version=version,
        base_version=base_version,
        base=lambda: _value_at(row, spec.key, base_version),
        merges=types.type_of(spec).merges,
    )
    if verdict.is_write:
        return None, verdict.value
    if verdict.kind == Kind.CONFLICT:
        return _conflict(row, cell, spec, mine, verdict.base), None
    same = Saved(row.pk, spec.key, theirs, version, is_changed=False, left=known)
    if verdict.kind == Kind.SAME:
        return same, None
    return Merged(**vars(same), theirs_by=cell.updated_by_name), None


def _value_at(row: Row, field: str, version: int):
    """What the cell held in an earlier version, from its history; None for version 0."""
    lines = CellChange.objects.filter(row_id=row.pk, field=field, version=version)
    return lines.values_list("value_to", flat=True).first()


def _conflict(row: Row, cell: Cell, spec: Field, mine, base) -> Conflict:
    return Conflict(
        row.pk, spec.key, mine, cell.value, base, cell.version, cell.updated_by_name, cell.updated_at
    )


def _write(row: Row, cell: Cell | None, line: CellChange) -> Cell | None:
    """The cell in its new version, with the line in its history, or None when somebody else wrote first."""
    words = {"value": line.value_to, "version": line.version, "updated_at": line.at}
    words |= {"updated_by_id": line.by_id, "updated_by_name": line.by_name}
    if cell is None:
        try:
            with transaction.atomic():
                made = Cell.objects.create(row=row, field=line.field, **words)
        except IntegrityError:
            return None
        insert([line])
        return made
    return Cell(pk=cell.pk, row=row, field=line.field, **words) if overwrite(cell, line) else None
