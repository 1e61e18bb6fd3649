"""Open proposals as pages show them: what stands in the cell now, what is proposed, by whom, and what is in the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.accounts.actors import shown
from workbook import types
from workbook.catalogue import FORM, Field, Section, Table
from workbook.models import Cell, Row, Suggestion
from workbook.suggestions import words
from workbook.types import Setting

State, Source = Suggestion.State, Suggestion.Source


@dataclass(frozen=True)
class Item:
    """One proposal. ``version`` is the cell's now; ``conflict`` says what is in the way of taking it unseen."""

    pk: int
    field: Field
    now: str
    proposed: str
    version: int
    conflict: str
    words: str
    by_name: str
    origin: str
    at: datetime
    may_decide: bool
    is_mine: bool

    @property
    def is_from_aws(self) -> bool:
        """Whether AWS's own figures are proposed."""
        return bool(self.origin)


@dataclass(frozen=True)
class Group:
    """The proposals for one row, or for one new row."""

    key: str
    title: str
    table: Table
    row: str
    items: list[Item]

    @property
    def is_new(self) -> bool:
        """Whether the row would be added."""
        return not self.row

    @property
    def may_decide(self) -> bool:
        """Whether the reader may accept or decline something of it."""
        return any(item.may_decide for item in self.items)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is in the way of a whole new row."""
        return not any(item.conflict for item in self.items)


@dataclass(frozen=True)
class Reader:
    """Who looks: the number of their account, and whose proposals they may decide."""

    pk: int | None
    sources: frozenset[str]


def count(engagement: Engagement, section: Section) -> int:
    """How many places have open proposals: cells, and new rows as one each. One query."""
    live = Suggestion.objects.filter(engagement=engagement, section=section.key, state=State.OPEN)
    places = live.exclude(row__deleted_at__isnull=False).values_list("row_id", "field", "new_row")
    return len({new or (row, field) for row, field, new in places})


def groups(
    engagement: Engagement, section: Section, reader: Reader, *, row: int | None = None, field: str = ""
) -> list[Group]:
    """Open proposals of a section (or of one cell), by row, in the order of the sheet. Four queries at most."""
    live = Suggestion.objects.filter(engagement=engagement, section=section.key, state=State.OPEN)
    live = live.filter(row=row, field=field) if row else live
    found = [one for one in live.select_related("row") if _is_askable(section, one)]
    cells = _cells(section, {one.row_id for one in found if one.row_id})
    setting = Setting.of(engagement)
    rivals = Counter((one.row_id, one.field) for one in found if one.row_id)
    grouped: dict[tuple, list[Suggestion]] = {}
    for one in sorted(found, key=_place):
        grouped.setdefault((one.table, one.row_id, one.new_row), []).append(one)
    return [_group(section, some, cells, setting, reader, rivals) for some in grouped.values()]


def _is_askable(section: Section, one: Suggestion) -> bool:
    """Whether its field and its row are still there."""
    return section.field(one.field) is not None and not (one.row and one.row.deleted_at)


def _place(one: Suggestion) -> tuple:
    """Rows in the order of their sheet, new ones after them as they were made."""
    if one.row is None:
        return (one.table, True, 0, 0, one.pk)
    return (one.table, False, one.row.position, one.row_id, one.pk)


def _cells(section: Section, rows: set[int]) -> dict[tuple[int, str], Cell]:
    """Every cell of these rows that is needed. One query."""
    return {(cell.row_id, cell.field): cell for cell in Cell.objects.filter(row__in=rows)} if rows else {}


def _group(
    section: Section, some: list[Suggestion], cells, setting: Setting, reader: Reader, rivals
) -> Group:
    first = some[0]
    table = section.table(first.table)
    order = {field.key: number for number, field in enumerate(table.fields)}
    items = [_item(section, one, cells, setting, reader, rivals) for one in some]
    return Group(
        key=first.new_row or str(first.row_id),
        title=_title(table, first.row, some, cells, setting),
        table=table,
        row=(first.row.key or str(first.row_id)) if first.row else "",
        items=sorted(items, key=lambda item: (order[item.field.key], item.pk)),
    )


def _title(table: Table, row: Row | None, some: list[Suggestion], cells, setting: Setting) -> str:
    """What the row is about: its title cell, or the title that a new row would have."""
    if table.kind == FORM:
        return ""
    named = {one.field: one.value for one in some}
    title = table.by_key.get(table.title)
    cell = cells.get((row.pk, table.title)) if row else None
    value = cell.value if cell else (None if row else named.get(table.title))
    return types.show(title, value, setting) if title else ""


def _item(section: Section, one: Suggestion, cells, setting: Setting, reader: Reader, rivals) -> Item:
    spec = section.field(one.field)
    cell = cells.get((one.row_id, one.field))
    return Item(
        pk=one.pk,
        field=spec,
        now=_shown(spec, cell.value if cell else None, setting),
        proposed=_shown(spec, one.value, setting),
        version=cell.version if cell else 0,
        conflict=_conflict(one, cell, rivals),
        words=one.words,
        by_name=shown(one.by_name),
        origin=words.origin(one.origin, one.account_id, one.region) if one.origin else "",
        at=one.made_at,
        may_decide=one.source in reader.sources,
        is_mine=one.source == Source.PERSON and one.by_id == reader.pk,
    )


def _conflict(one: Suggestion, cell: Cell | None, rivals: Counter) -> str:
    """What stands in the way, in words; nothing when the value may be taken unseen."""
    if one.row_id and rivals[one.row_id, one.field] > 1:
        return _("Several values are suggested.")
    if cell and cell.version != one.base_version and cell.value != one.value:
        return _("Changed since by %(name)s.") % {"name": shown(cell.updated_by_name)}
    return ""


def _shown(spec: Field, value: Any, setting: Setting) -> str:
    try:
        return types.show(spec, value, setting)
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
        # Proposed while an earlier version of the section asked for another kind of answer.
        return str(value)
