"""Who changed what, from what to what, and by which way: the history of a section, a row or one cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from iem_portal.accounts.actors import shown
from iem_portal.numbers import whole
from iem_portal.templatetags.portal import pick
from workbook import editions, types
from workbook.catalogue import FORM, Field, Section
from workbook.models import Cell, CellChange, Row
from workbook.types import Setting
from workbook.words import HOW


@dataclass(frozen=True)
class Line:
    """One change in the reader's words; ``field`` is None for a change of the row itself."""

    change: CellChange
    field: Field | None
    place: str
    before: str
    after: str
    how: str

    @property
    def at(self) -> datetime:
        """When it was saved."""
        return self.change.at

    @property
    def proposed_by(self) -> str:
        """Who suggested the value that somebody else accepted."""
        return shown(self.change.proposed_by_name)


def lines(
    engagement: Engagement, section: Section, *, row: str = "", field: str = "", limit: int = 20
) -> list[Line]:
    """The newest changes first. ``row`` is a number as text. Two queries."""
    found = CellChange.objects.filter(engagement_id=engagement.pk, section=section.key)
    if not row:
        # A row and its first values are one event: "row added".
        found = found.exclude(how__in=[CellChange.How.WITH_ROW, CellChange.How.DUPLICATED])
    if row:
        found = found.filter(row_id=whole(row) or 0)
    if field:
        found = found.filter(field=field)
    changes = list(found[:limit])
    setting = Setting.of(engagement)
    named = titles(section, {change.row_id for change in changes}, setting)
    is_known = all(section.field(change.field) for change in changes if change.field)
    retired = {} if is_known else editions.retired_fields(engagement, section)
    return [_line(section, change, named, setting, retired) for change in changes]


def titles(section: Section, rows: Iterable[int], setting: Setting) -> dict[int, str]:
    """What each row is about, by its title cell, or by the words that a fixed row has from the start.

    One query, two when a section has such fixed rows; two more when a title is a reference.
    """
    fields = {table.title: table.by_key[table.title] for table in section.tables if table.title}
    cells = Cell.objects.filter(row_id__in=rows, field__in=fields)
    found = {
        row: types.show(fields[key], value, setting)
        for row, key, value in cells.values_list("row_id", "field", "value")
    }
    return _given_titles(section, set(rows) - found.keys()) | found


def _given_titles(section: Section, rows: set[int]) -> dict[int, str]:
    given = {
        (table.key, row.key): pick(row.values[table.title])
        for table in section.tables
        for row in table.fixed_rows
        if table.title in row.values
    }
    if not given or not rows:
        return {}
    places = Row.objects.filter(pk__in=rows).exclude(key="").values_list("pk", "table", "key")
    return {pk: given[table, key] for pk, table, key in places if (table, key) in given}


def _line(
    section: Section, change: CellChange, named: dict[int, str], setting: Setting, retired: dict
) -> Line:
    field = section.field(change.field) or retired.get(change.field)
    is_form = any(table.key == change.table and table.kind == FORM for table in section.tables)
    return Line(
        change=change,
        field=field,
        place="" if is_form else named.get(change.row_id, ""),
        before=_shown(field, change.value_from, setting),
        after=_shown(field, change.value_to, setting),
        how=str(HOW.get(change.how, change.how)),
    )


def _shown(field: Field | None, value, setting: Setting) -> str:
    if value is None:
        return ""
    try:
        return types.show(field, value, setting) if field else str(value)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
        # Written while an earlier version of the section asked for another kind of answer.
        return str(value)
