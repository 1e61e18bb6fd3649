"""What a page that edits in place is answered with: rows and cells as they are now, and where rows stand."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.template.loader import render_to_string

from engagements.access import Permission
from iem_portal.numbers import whole
from workbook.catalogue import Field, Section, Table
from workbook.cells import Saved
from workbook.models import Row
from workbook.reading import CellView, Reader, RowView
from workbook.views.finding import sees_internal


def reader_of(request: HttpRequest, section: Section, rows: Iterable[str]) -> Reader:
    """Reads only the named live rows, by number or fixed key."""
    live = _live_rows(request, section, list(rows))
    return Reader(request.engagement, section, live, sees_internal=sees_internal(request))


def _live_rows(request: HttpRequest, section: Section, rows: list[str]) -> dict:
    """The named live rows by section and table, as a Reader wants them. One query."""
    numbers = [number for row in rows if (number := whole(row)) is not None]
    keys = [row for row in rows if row and whole(row) is None]
    live = Row.objects.filter(engagement=request.engagement, section=section.key, deleted_at=None)
    found: dict = {}
    for table, pk, key in (live.filter(pk__in=numbers) | live.filter(key__in=keys)).values_list(
        "table", "pk", "key"
    ):
        found.setdefault((section.key, table), []).append((pk, key))
    return found


def cells_after(request: HttpRequest, section: Section, saved: Saved) -> list[dict]:
    """The cells of a row that look different after one was saved, as data. Queries for signs only where one may be."""
    table = section.table_of[saved.field]
    reader = Reader(request.engagement, section, {}, sees_internal=sees_internal(request))
    return cells_of(reader.of_standing(table, saved.left, following(table, saved.field)))


def following(table: Table, key: str) -> list[Field]:
    """The fields that may look different when this one of their row changed, itself included.

    These are the worked-out ones, those that must be filled or not by the answer, and a name whose second line it is.
    """
    changed = {key} | {field.key for field in table.fields if field.is_formula}
    if key == table.subtitle:
        changed.add(table.title)
    return [field for field in table.fields if field.key in changed or field.depends_on & changed]


def cells_of(view: RowView) -> list[dict]:
    """Every cell of a row as data."""
    return [_plain(cell) for cell in view.cells]


def _plain(cell: CellView) -> dict:
    return {
        "id": cell.dom_id,
        "row": cell.row,
        "field": cell.field.key,
        "version": cell.version,
        "edit": cell.edit,
        "html": cell.html,
        "missing": cell.is_missing,
        "state": cell.state,
    }


def new_rows(request: HttpRequest, reader: Reader, rows: Iterable[str], *, all_columns: bool) -> list[dict]:
    """Rows for a sheet that does not have them yet; fixed rows are on every page already."""
    found = [reader.row(row) for row in rows]
    return [
        _new_row(request, reader, table, view, all_columns=all_columns)
        for table, view in filter(None, found)
        if not view.is_fixed
    ]


def _new_row(request: HttpRequest, reader: Reader, table: Table, view: RowView, *, all_columns: bool) -> dict:
    shown = {field.key for field in reader.fields(table, all_fields=all_columns)}
    context = {
        "row": view,
        "cells": [cell for cell in view.cells if cell.field.key in shown],
        "table": table,
        "section": reader.section,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }
    html = render_to_string("workbook/_row.html", context, request)
    return {"row": view.row, "table": table.key, "html": html}


def order_of(request: HttpRequest, section: Section, table: str) -> dict[str, list[str]]:
    """The numbers of a sheet's rows in their order. One query; nothing for no table."""
    if not table:
        return {}
    rows = Row.objects.filter(
        engagement=request.engagement, section=section.key, table=table, key="", deleted_at=None
    )
    return {table: [str(pk) for pk in rows.values_list("pk", flat=True)]}
