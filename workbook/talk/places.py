"""Where something is said: a cell, a row or a whole section, found from an address and named for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import editions, rows, types
from workbook.catalogue import FORM, Field, Section, Table
from workbook.models import Cell, Row

#: The live tile that tells open pages where something was said.
TILE = "talk"


class PlaceMissing(LookupError):
    """There is no such section, row or field in this engagement, or the row was deleted."""


@dataclass(frozen=True)
class Place:
    """A cell, a row (no field) or a section (no row). A fixed row that holds nothing yet has a key and no number."""

    engagement: Engagement
    section: Section
    table: Table | None = None
    row_id: int | None = None
    row_key: str = ""
    field: Field | None = None

    @property
    def row(self) -> str:
        """The row as addresses name it: its fixed key or its number; empty for the section."""
        return self.row_key or (str(self.row_id) if self.row_id else "")

    @property
    def field_key(self) -> str:
        """The field's key; empty for a row or a section."""
        return self.field.key if self.field else ""

    @property
    def columns(self) -> dict:
        """What a kept thing of this place holds."""
        return {
            "engagement": self.engagement,
            "section": self.section.key,
            "row_id": self.row_id,
            "field": self.field_key,
        }

    @property
    def query(self) -> str:
        """The place as the query of an address."""
        return urlencode({"row": self.row, "field": self.field_key})

    @property
    def path(self) -> str:
        """The way straight to the place on the page of its section."""
        return path_to(
            self.engagement.reference, self.section, table=self.table, row=self.row, field=self.field_key
        )

    @property
    def panel_path(self) -> str:
        """The page about this place alone; it needs no script."""
        found = reverse("workbook:cell", args=[self.engagement.reference, self.section.key])
        return f"{found}?{self.query}" if self.row else found


def path_to(reference: str, section: Section, *, table: Table | None, row: str, field: str) -> str:
    """The address of a cell or row on its section's page, with all columns when the main ones leave the field out."""
    page = reverse("workbook:section", args=[reference, section.key])
    if not row:
        return page
    is_hidden = table and table.kind != FORM and field and field not in {f.key for f in table.main_fields}
    return f"{page}{'?columns=all' if is_hidden else ''}#{f'c-{row}-{field}' if field else f'row-{row}'}"


def find(engagement: Engagement, section: str, *, row: str = "", field: str = "") -> Place:
    """The place that an address names; writes nothing. At most two queries. Raises PlaceMissing."""
    found = editions.section(engagement, section)
    if found is None:
        raise PlaceMissing(section)
    return within(engagement, found, row=row, field=field)


def within(engagement: Engagement, section: Section, *, row: str = "", field: str = "") -> Place:
    """The place in a section that is known already. One query at most. Raises PlaceMissing."""
    if not row:
        if field:
            raise PlaceMissing(field)
        return Place(engagement, section)
    live = Row.objects.filter(engagement=engagement, section=section.key, deleted_at=None)
    number = whole(row)
    kept = live.filter(pk=number).first() if number is not None else None
    if number is not None and kept is None:
        raise PlaceMissing(row)
    table = section.table(kept.table) if kept else _table_of_fixed(section, row, field)
    if table is None or (field and field not in table.by_key):
        raise PlaceMissing(field or row)
    if kept is None:
        kept = live.filter(table=table.key, key=row).first()
    key = kept.key if kept else row
    return Place(engagement, section, table, kept.pk if kept else None, key, table.by_key.get(field))


def _table_of_fixed(section: Section, key: str, field: str) -> Table | None:
    if field:
        table = section.table_of.get(field)
        return table if table and key in table.fixed_keys else None
    return next((table for table in section.tables if key in table.fixed_keys), None)


def hold(place: Place, *, by, now: datetime) -> Place:
    """The same place with a row in the database: a fixed row is made when something is first said about it.

    Raises PlaceMissing when the row was deleted meanwhile.
    """
    if place.table is None:
        return place
    try:
        row = rows.resolve(
            engagement=place.engagement,
            section=place.section,
            table=place.table,
            row=place.row,
            by=by,
            now=now,
        )
    except rows.RowMissing as error:
        raise PlaceMissing(place.row) from error
    return Place(place.engagement, place.section, place.table, row.pk, row.key, place.field)


def row_titles(engagement: Engagement, sections: Iterable[Section], row_ids: Iterable[int]) -> dict[int, str]:
    """What rows are about, by number: the text of their title cells. One query, more where a title is a reference."""
    tables = [table for section in sections for table in section.tables if table.title]
    by_key = {table.title: table.by_key[table.title] for table in tables}
    cells = Cell.objects.filter(row_id__in=list(row_ids), field__in=by_key, value__isnull=False)
    setting = types.Setting.of(engagement)
    return {
        pk: types.show(by_key[key], value, setting)
        for pk, key, value in cells.values_list("row_id", "field", "value")
    }
