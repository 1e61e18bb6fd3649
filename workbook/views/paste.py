"""Many cells of one table at once: what would become of them, and the saving of what fits."""

from __future__ import annotations

import json
from collections import Counter
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook import bulk, once
from workbook.bulk import Edit, Outcome
from workbook.catalogue import Section, Table
from workbook.models import CellChange
from workbook.views.answering import cells_of, new_rows, order_of, reader_of
from workbook.views.finding import (
    is_another_reader,
    reader_name,
    section_or_404,
    signed_out,
    table_or_404,
)

#: Cells of one request: a paste of 100 rows with 20 columns.
MAX_EDITS = 2_000
#: More changed rows than these are fetched by the page itself, in parts.
MAX_ROWS = 100
_How = CellChange.How
_WAYS = {_How.TYPED, _How.PASTED, _How.FILLED_DOWN, _How.UNDONE}
#: Outcomes in the order in which a person wants to read them.
_GROUPS = ("conflict", "invalid", "locked", "gone", "unknown", "changed", "merged", "same")
_REFUSED = frozenset(_GROUPS[:5])


class BadEdits(ValueError):
    """The request is not what a page of ours sends; the message says how."""


@require_POST
@requires(Permission.FILL_WORKBOOK)
def preview(request: HttpRequest, reference: str, section: str, table: str) -> JsonResponse:
    """What would change, stay and not fit: counts by kind, a table to read, and the versions that were seen."""
    found = section_or_404(request.engagement, section)
    sheet = table_or_404(found, table)
    try:
        edits, _how = _edits_of(request)
    except BadEdits as error:
        return _refuse(error)
    outcomes = bulk.plan(engagement=request.engagement, section=found, table=sheet, edits=edits)
    return JsonResponse(
        {
            "outcome": "planned",
            "counts": _counts(outcomes),
            "results": [_plain(outcome) for outcome in outcomes],
            "html": render_to_string("workbook/_preview.html", _preview(sheet, outcomes), request),
        }
    )


@require_POST
@requires(Permission.FILL_WORKBOOK)
def save(request: HttpRequest, reference: str, section: str, table: str) -> JsonResponse:
    """Save all that fits. 200 with what became of each edit, the rows as they are now and their order.

    A request with a key is done once: sent again, because its answer was lost, it is answered alike.
    """
    if is_another_reader(request):
        return signed_out()
    found = section_or_404(request.engagement, section)
    sheet = table_or_404(found, table)
    try:
        edits, how = _edits_of(request)
        outcomes = _saved(request, found, sheet, edits, how)
    except BadEdits as error:
        return _refuse(error)
    words = {
        "outcome": "done",
        "counts": _counts(outcomes),
        "results": [_plain(outcome) for outcome in outcomes],
        "html": render_to_string("workbook/_refused.html", _preview(sheet, outcomes), request),
    }
    return JsonResponse(words | _now(request, found, sheet, outcomes))


def _saved(
    request: HttpRequest, section: Section, table: Table, edits: list[Edit], how: str
) -> list[Outcome]:
    """What became of each edit, now or when this request came first. Raises BadEdits."""
    now = timezone.now()

    def act() -> list[list]:
        """Only what a later answer needs: of what was taken, no texts."""
        done = bulk.save(
            engagement=request.engagement,
            section=section,
            table=table,
            edits=edits,
            by=request.user,
            now=now,
            how=how,
        )
        return [_kept(outcome) for outcome in done]

    key = once.key_of(json.loads(request.body).get("key"))
    reader, asked = reader_name(request), request.path.encode() + request.body
    try:
        kept = once.do(act, engagement=request.engagement, key=key, reader=reader, asked=asked, now=now)
    except once.AnotherRequest:
        raise BadEdits(_("This was sent before with other values.")) from None
    return [Outcome(edit, *words) for edit, words in zip(edits, kept, strict=True)]


def _kept(outcome: Outcome) -> list:
    texts = [outcome.shown_from, outcome.shown_to, outcome.message, outcome.theirs_by]
    return [outcome.kind, outcome.row_id, outcome.version, *(texts if outcome.kind in _REFUSED else ())]


def _now(request: HttpRequest, section: Section, table: Table, outcomes: list[Outcome]) -> dict:
    """The rows that were touched as they are now; of very many only their names."""
    added = [str(row) for row in dict.fromkeys(o.row_id for o in outcomes if o.row_id and o.edit.row is None)]
    held = list(dict.fromkeys(str(o.edit.row) for o in outcomes if o.row_id and o.edit.row is not None))
    drawn = held[:MAX_ROWS]
    reader = reader_of(request, section, drawn + added[:MAX_ROWS])
    all_columns = request.GET.get("columns") == "all"
    return {
        "cells": [cell for row in drawn if (found := reader.row(row)) for cell in cells_of(found[1])],
        "new": new_rows(request, reader, added[:MAX_ROWS], all_columns=all_columns),
        "later": {"rows": held[MAX_ROWS:], "new": added[MAX_ROWS:]},
        "order": order_of(request, section, table.key if added else ""),
    }


def _edits_of(request: HttpRequest) -> tuple[list[Edit], str]:
    """The edits of a request's JSON. Raises BadEdits in words for the person."""
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        raise BadEdits(_("This is not a list of cells.")) from None
    found = data.get("edits") if isinstance(data, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise BadEdits(_("This is not a list of cells."))
    if len(found) > MAX_EDITS:
        words = _("At most %(limit)s cells at once; these are %(count)s. Take fewer rows.")
        raise BadEdits(words % {"limit": MAX_EDITS, "count": len(found)})
    how = data.get("how")
    return [_edit(item) for item in found], how if how in _WAYS else _How.TYPED


def _edit(item: dict) -> Edit:
    row, base, value = item.get("row"), item.get("base"), item.get("value")
    return Edit(
        field=str(item.get("field", "")),
        value=value if isinstance(value, str | int | float | bool | list) else None,
        row=None if row is None else str(row),
        new_row=str(item.get("new_row", "")),
        base_version=None if base is None else whole(base) or 0,
    )


def _refuse(error: BadEdits) -> JsonResponse:
    return JsonResponse({"outcome": "invalid", "message": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _counts(outcomes: list[Outcome]) -> dict[str, int]:
    """How many edits came to which end, and how many rows are new."""
    counts = Counter(outcome.kind for outcome in outcomes)
    new = {o.edit.new_row for o in outcomes if o.edit.row is None and o.kind in {"changed", "merged"}}
    return {kind: counts[kind] for kind in _GROUPS} | {"rows": len(new)}


def _plain(outcome: Outcome) -> dict:
    edit = outcome.edit
    return {
        "row": edit.row,
        "new_row": edit.new_row,
        "field": edit.field,
        "kind": outcome.kind,
        "row_id": outcome.row_id,
        "version": outcome.version,
        "message": outcome.message,
        "by": outcome.theirs_by,
    }


def _preview(table: Table, outcomes: list[Outcome]) -> dict:
    """What a person reads: the edits by what becomes of them, the troublesome first."""
    groups = [
        (
            kind,
            [(outcome, table.by_key.get(outcome.edit.field)) for outcome in outcomes if outcome.kind == kind],
        )
        for kind in _GROUPS
    ]
    counts = _counts(outcomes)
    return {
        "table": table,
        "counts": counts,
        "fits": counts["changed"] + counts["merged"],
        "refused": [(kind, items) for kind, items in groups if items and kind in _REFUSED],
        "refused_count": sum(counts[kind] for kind in _REFUSED),
        "taken": [(kind, items) for kind, items in groups if items and kind in {"changed", "merged"}],
    }
