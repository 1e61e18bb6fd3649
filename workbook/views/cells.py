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
from workbook import merge, types
from workbook.cells import Conflict, InvalidValue, Merged, RowMissing, UnknownField, save_cell
from workbook.models import CellChange
from workbook.types import Setting
from workbook.views.answering import cells_after, cells_of, new_rows, order_of, reader_of
from workbook.views.finding import is_another_reader, section_or_404, signed_out

#: How many rows one question about changes may name.
MAX_ROWS = 100
#: What a page may say of how a value came.
_WAYS = {CellChange.How.TYPED, CellChange.How.FILLED_DOWN, CellChange.How.UNDONE, CellChange.How.PASTED}


@require_POST
@requires(Permission.FILL_WORKBOOK)
def save(request: HttpRequest, reference: str, section: str) -> JsonResponse:
    """Save one cell. 200 with the cells that it changed, 409 with both values, 422 with the error in words."""
    if is_another_reader(request):
        return signed_out()
    found = section_or_404(request.engagement, section)
    post = request.POST
    row, field, base = post.get("row", ""), post.get("field", ""), post.get("base_version", "0")
    how = post.get("how", "")
    try:
        outcome = save_cell(
            engagement=request.engagement,
            section=found,
            row=row,
            field=field,
            value=", ".join(post.getlist("value")),
            base_version=whole(base) or 0,
            by=request.user,
            now=timezone.now(),
            how=how if how in _WAYS else CellChange.How.TYPED,
        )
    except InvalidValue as error:
        return _refused("invalid", str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except RowMissing:
        return _refused("gone", _("This row was deleted. Your text is kept here."), HTTPStatus.CONFLICT)
    except UnknownField:
        return _refused("gone", _("This value is kept elsewhere."), HTTPStatus.CONFLICT)
    if isinstance(outcome, Conflict):
        return _conflict(request, found, outcome, whole(base) or 0)
    words = {"outcome": "saved", "version": outcome.version, "cells": cells_after(request, found, outcome)}
    if isinstance(outcome, Merged):
        words |= {"outcome": "merged", "by": outcome.theirs_by}
    return JsonResponse(words)


def _refused(outcome: str, message: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"outcome": outcome, "message": message}, status=status)


def _conflict(request: HttpRequest, section, outcome: Conflict, base: int) -> JsonResponse:
    """Both values as people read them, and as they would be edited."""
    field = section.field(outcome.field)
    setting = Setting.bare(request.engagement)
    sides = {"mine": outcome.mine, "theirs": outcome.theirs, "base": outcome.base}
    shown = {side: types.show(field, value, setting) for side, value in sides.items()}
    context = {"field": field, "by": outcome.theirs_by, "at": outcome.theirs_at, "zone": setting.zone.key}
    edit = {side: types.edit(field, value, setting) for side, value in sides.items()}
    if types.type_of(field).merges and outcome.mine and outcome.theirs:
        texts = [value or "" for value in (outcome.base, outcome.mine, outcome.theirs)]
        context |= {"both": merge.both(*texts)}
        context |= {f"{side}_parts": merge.parts(texts[0], sides[side]) for side in ("mine", "theirs")}
        edit["both"] = context["both"]
    words = {
        "outcome": "conflict",
        "version": outcome.version,
        "by": outcome.theirs_by,
        "is_own": _is_own(request, outcome, base),
        "shown": shown,
        "edit": edit,
        "html": render_to_string("workbook/_conflict.html", context | shown, request),
    }
    return JsonResponse(words, status=HTTPStatus.CONFLICT)


def _is_own(request: HttpRequest, outcome: Conflict, base: int) -> bool:
    """Whether everything since ``base`` is this person's own, from a page whose answer never arrived or another tab.

    The newest value alone does not say it: a person's merge holds others' words, and guests have no number.
    """
    since = CellChange.objects.filter(row_id=outcome.row_id, field=outcome.field, version__gt=base)
    return request.user.pk is not None and set(since.values_list("by_id", flat=True)) == {request.user.pk}


@require_GET
@requires(Permission.VIEW)
def changes(request: HttpRequest, reference: str, section: str) -> JsonResponse:
    """What rows hold now: cells of ``rows`` (on the page), all of ``new`` ones, and which are gone."""
    found = section_or_404(request.engagement, section)
    known = [row for row in request.GET.get("rows", "").split(",") if row][:MAX_ROWS]
    new = [row for row in request.GET.get("new", "").split(",") if whole(row) is not None][:MAX_ROWS]
    reader = reader_of(request, found, known + new)
    rows = {row: reader.row(row) for row in known + new}
    # A fixed row is on every page already, under its key.
    added = [row for row in new if rows[row] and not rows[row][1].is_fixed]
    held = [row for row in known + new if rows[row] and row not in added]
    all_columns = request.GET.get("columns") == "all"
    return JsonResponse(
        {
            "cells": [cell for row in held for cell in cells_of(rows[row][1])],
            "gone": [row for row in known if not rows[row]],
            "new": new_rows(request, reader, added, all_columns=all_columns),
            "order": order_of(request, found, request.GET.get("order", "")),
        }
    )
