"""The page of one row, which works without a script, and everything that can be done to a row."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from iem_portal.templatetags.portal import pick
from workbook import once, rows, types
from workbook.catalogue import FORM, Section, Table
from workbook.models import Row
from workbook.reading import Reader, RowView
from workbook.rowform import answers_of, save_answers
from workbook.types import InvalidValue
from workbook.views.answering import new_rows, order_of, reader_of
from workbook.views.finding import (
    is_another_reader,
    reader_name,
    section_or_404,
    section_reader,
    signed_out,
    table_or_404,
)
from workbook.views.pages import surroundings
from workbook.views.tables import FormView, columns


@require_GET
@requires(Permission.VIEW)
def page(request: HttpRequest, reference: str, section: str, row: str) -> HttpResponse:
    """One row with all its fields, as questions."""
    return _page(request, section, row, {})


@require_POST
@requires(Permission.FILL_WORKBOOK)
def save(request: HttpRequest, reference: str, section: str, row: str) -> HttpResponse:
    """Save every changed field of a row that was posted as a form; each refused one keeps its text."""
    found = section_or_404(request.engagement, section)
    answers = answers_of(request.POST)
    try:
        refused = save_answers(request.engagement, found, row, answers, by=request.user, now=timezone.now())
    except rows.RowMissing:
        raise Http404 from None
    if refused:
        for key in refused:
            if found.field(key) is None:
                words = _("Not saved, because the question is gone: %(text)s")
                messages.error(request, words % {"text": refused[key].text})
        return _page(request, section, row, refused)
    if "go" in request.POST:
        return _see(_next_open(request, found, row, request.POST["go"]))
    messages.success(request, _("Saved."))
    return _see(_place(request, found, row))


def _next_open(request: HttpRequest, section: Section, row: str, key: str) -> str:
    """The next open question after this one, required ones first, then from the top; the foot when there is none."""
    place = _place(request, section, row)
    found = reader_of(request, section, [row]).row(row)
    cells = [cell for cell in found[1].cells if not cell.is_locked] if found else []
    at = next((number for number, cell in enumerate(cells, start=1) if cell.field.key == key), 0)
    open_cells = [cell for cell in cells[at:] + cells[:at] if cell.value is None]
    target = next((cell for cell in open_cells if cell.is_missing), open_cells[0] if open_cells else None)
    return f"{place}#{target.dom_id}" if target else f"{place}#wb-foot"


def _place(request: HttpRequest, section: Section, row: str) -> str:
    """Where a row is edited: a form on its section's page, anything else on a page of its own."""
    if any(table.kind == FORM and row in table.fixed_keys for table in section.tables):
        return reverse("workbook:section", args=[request.engagement.reference, section.key])
    return reverse("workbook:row", args=[request.engagement.reference, section.key, row])


def _see(url: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)


def _page(request: HttpRequest, section: str, row: str, refused: dict) -> HttpResponse:
    context = surroundings(request, section)
    every = [part.section for part in context["parts"]]
    reader = section_reader(request, context["section"], sections=every)
    found = reader.row(row)
    if found is None:
        raise Http404
    table, view = found
    order = [each.row for each in reader.rows(table) if not each.is_fixed]
    context |= {
        "view": FormView(
            table, view, columns(request.engagement, [cell.field for cell in view.cells], reader.setting)
        ),
        "title": _title(table, view, reader) or _("Row %(number)s") % {"number": view.number},
        "refused": refused,
        "is_first": not order or order[0] == row,
        "is_last": not order or order[-1] == row,
    }
    return render(request, "workbook/row.html", context, status=_worst(refused))


def _title(table: Table, view: RowView, reader: Reader) -> str:
    """What the row is about, as people read it."""
    field = table.by_key.get(table.title)
    return types.show(field, view.values.get(table.title), reader.setting) if field else ""


def _worst(refused: dict) -> int:
    if any(answer.conflict for answer in refused.values()):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


@require_http_methods(["GET", "POST"])
@requires(Permission.FILL_WORKBOOK)
def add(request: HttpRequest, reference: str, section: str, table: str) -> HttpResponse:
    """Add an empty row, or the starter rows that were ticked; once, however often a request with a key is sent."""
    if is_another_reader(request):
        return signed_out()
    found = section_or_404(request.engagement, section)
    sheet = table_or_404(found, table)
    chosen = [number for item in request.POST.getlist("starter") if (number := whole(item)) is not None]
    if request.method == "GET":
        return render(request, "workbook/add.html", {"section": found, "table": sheet})
    try:
        made = _once(
            request,
            lambda: [_add(request, found, sheet, values) for values in _values(sheet, chosen) or [{}]],
        )
    except (rows.RowMissing, InvalidValue):
        raise Http404 from None
    except once.AnotherRequest:
        return _sent_before()
    if _wants_data(request):
        return _rows_now(request, found, made, new=made)
    words = ngettext("%(count)s row added.", "%(count)s rows added.", len(made)) % {"count": len(made)}
    messages.success(request, words)
    place = reverse("workbook:section", args=[reference, found.key])
    return _see(f"{place}#row-{made[0].pk}")


def _once(request: HttpRequest, act) -> list[Row]:
    """The rows that ``act`` makes, or that it made when this request came first."""
    asked = repr([request.path, sorted(request.POST.lists())]).encode(errors="replace")
    made = once.do(
        lambda: [row.pk for row in act()],
        engagement=request.engagement,
        key=once.key_of(request.POST.get("key")),
        reader=reader_name(request),
        asked=asked,
        now=timezone.now(),
    )
    known = Row.objects.in_bulk(made)
    return [known[pk] for pk in made]


def _sent_before() -> JsonResponse:
    words = {"outcome": "invalid", "message": _("This was sent before with other values.")}
    return JsonResponse(words, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _values(table: Table, chosen: list[int]) -> list[dict]:
    """The values of the chosen starter rows, in the reader's language."""
    starters = [table.starters[number] for number in chosen if number < len(table.starters)]
    return [{key: pick(value) for key, value in starter.values.items()} for starter in starters]


def _add(request: HttpRequest, section: Section, table: Table, values: dict) -> Row:
    return rows.add(
        engagement=request.engagement,
        section=section,
        table=table,
        by=request.user,
        now=timezone.now(),
        values=_with_place(request, table, values),
    )


def _with_place(request: HttpRequest, table: Table, values: dict) -> dict:
    """A starter row begins in the engagement's only account and first Region, when it names none itself."""
    if not values:
        return values
    setting = types.Setting.of(request.engagement)
    known = {"aws_account": setting.accounts[0][0] if len(setting.accounts) == 1 else ""}
    known["aws_region"] = setting.regions[0] if setting.regions else ""
    return {field.key: known[field.type] for field in table.fields if known.get(field.type)} | values


@require_POST
@requires(Permission.FILL_WORKBOOK)
def change(request: HttpRequest, reference: str, section: str, row: int, verb: str) -> HttpResponse:
    """Delete, restore, duplicate or move a row."""
    if is_another_reader(request):
        return signed_out()
    found = section_or_404(request.engagement, section)
    if not Row.objects.filter(pk=row, engagement=request.engagement, section=found.key).exists():
        raise Http404
    try:
        act = _VERBS[verb]
        target = _once(request, lambda: [act(request, row)])[0] if verb == "duplicate" else act(request, row)
    except (KeyError, rows.RowMissing):
        raise Http404 from None
    except once.AnotherRequest:
        return _sent_before()
    if _wants_data(request):
        is_new = verb in {"restore", "duplicate"}
        return _rows_now(request, found, [target], new=[target] if is_new else [], is_gone=verb == "delete")
    place = reverse("workbook:section", args=[reference, found.key])
    return _see(place if verb == "delete" else f"{place}#row-{target.pk}")


def _wants_data(request: HttpRequest) -> bool:
    """Whether a page asks that draws the answer itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def _rows_now(request: HttpRequest, section: Section, touched: list[Row], *, new: list, is_gone=False):
    """What a sheet has to draw: new rows, those that went, and the order of all."""
    names = [str(row.pk) for row in new]
    reader = reader_of(request, section, names)
    all_columns = request.GET.get("columns") == "all"
    return JsonResponse(
        {
            "outcome": "rows",
            "row": str(touched[0].pk),
            "new": new_rows(request, reader, names, all_columns=all_columns),
            "gone": [str(touched[0].pk)] if is_gone else [],
            "order": order_of(request, section, touched[0].table),
        }
    )


def _context(request: HttpRequest, row: int) -> dict:
    return {"engagement": request.engagement, "row": row, "by": request.user, "now": timezone.now()}


def _delete(request: HttpRequest, row: int) -> Row:
    gone = rows.delete(**_context(request, row))
    if not _wants_data(request):
        messages.success(request, _("Row deleted. It can be brought back in the history."))
    return gone


def _move(request: HttpRequest, row: int, step: int) -> Row:
    found = Row.objects.get(pk=row)
    sheet = Row.objects.filter(
        engagement=request.engagement, section=found.section, table=found.table, key="", deleted_at=None
    )
    order = list(sheet.values_list("pk", flat=True))
    place = order.index(row) if row in order else 0
    order.remove(row)
    place = max(0, min(place + step, len(order)))
    return rows.move(**_context(request, row), after=order[place - 1] if place else None)


_VERBS = {
    "delete": _delete,
    "restore": lambda request, row: rows.restore(**_context(request, row)),
    "duplicate": lambda request, row: rows.duplicate(**_context(request, row)),
    "up": lambda request, row: _move(request, row, -1),
    "down": lambda request, row: _move(request, row, +1),
}
