"""Saves one cell for a page that edits in place, and says what cells hold now."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook import types
from workbook.cells import Conflict, InvalidValue, Merged, RowMissing, UnknownField, save_cell
from workbook.models import Row
from workbook.reading import CellView, Reader, RowView
from workbook.types import Setting
from workbook.views.finding import section_or_404, sees_internal

#: How many rows one question about changes may name.
MAX_ROWS = 100


@require_POST
@requires(Permission.FILL_WORKBOOK)
def save(request: HttpRequest, reference: str, section: str) -> JsonResponse:
    """Save one cell. 200 with the row as it is now, 409 with both values, 422 with the error in words."""
    found = section_or_404(request.engagement, section)
    post = request.POST
    row, field, base = post.get("row", ""), post.get("field", ""), post.get("base_version", "0")
    try:
        outcome = save_cell(
            engagement=request.engagement,
            section=found.key,
            row=row,
            field=field,
            value=", ".join(post.getlist("value")),
            base_version=whole(base) or 0,
            by=request.user,
            now=timezone.now(),
        )
    except InvalidValue as error:
        return _refused("invalid", str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except RowMissing:
        return _refused("gone", _("This row was deleted. Your text is kept here."), HTTPStatus.CONFLICT)
    except UnknownField:
        return _refused("gone", _("This value is kept elsewhere."), HTTPStatus.CONFLICT)
    if isinstance(outcome, Conflict):
        return _conflict(request, found, outcome)
    reader = Reader(
        request.engagement, found, _live_rows(request, found, [row]), sees_internal=sees_internal(request)
    )
    _table, view = reader.row(row)
    words = {"outcome": "saved", "version": outcome.version, "cells": _cells(view)}
    if isinstance(outcome, Merged):
        words |= {"outcome": "merged", "by": outcome.theirs_by}
    return JsonResponse(words)


def _refused(outcome: str, message: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"outcome": outcome, "message": message}, status=status)


def _conflict(request: HttpRequest, section, outcome: Conflict) -> JsonResponse:
    """Both values as people read them, and as they would be edited."""
    field = section.field(outcome.field)
    setting = Setting.bare(request.engagement)
    sides = {"mine": outcome.mine, "theirs": outcome.theirs, "base": outcome.base}
    shown = {side: types.show(field, value, setting) for side, value in sides.items()}
    context = {"field": field, "by": outcome.theirs_by, "at": outcome.theirs_at, "zone": setting.zone.key}
    words = {
        "outcome": "conflict",
        "version": outcome.version,
        "shown": shown,
        "edit": {side: types.edit(field, value, setting) for side, value in sides.items()},
        "html": render_to_string("workbook/_conflict.html", context | shown, request),
    }
    return JsonResponse(words, status=HTTPStatus.CONFLICT)


def _live_rows(request: HttpRequest, section, rows: list[str]) -> dict:
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


def _cells(view: RowView) -> list[dict]:
    return [_plain(cell) for cell in view.cells]


def _plain(cell: CellView) -> dict:
    return {
        "id": cell.dom_id,
        "version": cell.version,
        "edit": cell.edit,
        "html": cell.html,
        "missing": cell.is_missing,
        "state": cell.state,
    }


@require_GET
@requires(Permission.VIEW)
def changes(request: HttpRequest, reference: str, section: str) -> JsonResponse:
    """What rows hold now: cells of ``rows`` (on the page), all of ``new`` ones, and which are gone."""
    found = section_or_404(request.engagement, section)
    known = [row for row in request.GET.get("rows", "").split(",") if row][:MAX_ROWS]
    new = [row for row in request.GET.get("new", "").split(",") if whole(row) is not None][:MAX_ROWS]
    reader = Reader(
        request.engagement,
        found,
        _live_rows(request, found, known + new),
        sees_internal=sees_internal(request),
    )
    rows = {row: reader.row(row) for row in known + new}
    all_columns = request.GET.get("columns") == "all"
    # A fixed row is on every page already, under its key.
    added = [row for row in new if rows[row] and not rows[row][1].is_fixed]
    held = [row for row in known + new if rows[row] and row not in added]
    return JsonResponse(
        {
            "cells": [cell for row in held for cell in _cells(rows[row][1])],
            "gone": [row for row in known if not rows[row]],
            "new": [_new_row(request, reader, *rows[row], all_columns) for row in added],
        }
    )


def _new_row(request: HttpRequest, reader: Reader, table, view: RowView, all_columns: bool) -> dict:
    """A row for a sheet that does not have it yet."""
    shown = {field.key for field in reader.fields(table, all_fields=all_columns)}
    cells = [cell for cell in view.cells if cell.field.key in shown]
    context = {
        "row": view,
        "cells": cells,
        "table": table,
        "section": reader.section,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }
    return {
        "row": view.row,
        "table": table.key,
        "html": render_to_string("workbook/_row.html", context, request),
    }
