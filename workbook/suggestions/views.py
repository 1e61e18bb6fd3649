"""The page of a section's suggestions, the chip beside a cell, and everything that can be done to a suggestion."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from iem_portal.templatetags.portal import pick
from workbook import rows, types
from workbook.catalogue import SHEET, Section
from workbook.cells import UnknownField
from workbook.models import Suggestion
from workbook.readiness import progress
from workbook.suggestions import cell as cells
from workbook.suggestions import deciding, making, reading
from workbook.types import InvalidValue
from workbook.views.finding import section_or_404, table_or_404
from workbook.views.pages import find
from workbook.views.tables import columns


def reader_of(request: HttpRequest) -> reading.Reader:
    """Who looks, and whose suggestions they may decide."""
    return reading.Reader(request.user.pk, deciding.sources_of(request.role, request.permissions))


@require_GET
@requires(Permission.VIEW)
def page(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Every open suggestion of a section, with now and proposed side by side."""
    return _page(request, section)


def _page(request: HttpRequest, key: str, *, error: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    now = timezone.now()
    whole_book = progress(request.engagement, now)
    part = find(whole_book, key)
    groups = reading.groups(request.engagement, part.section, reader_of(request))
    context = {
        "progress": whole_book,
        "part": part,
        "section": part.section,
        "now": now,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "changes": [group for group in groups if not group.is_new],
        "additions": [group for group in groups if group.is_new],
        "is_deciding": any(group.may_decide for group in groups),
        "has_people": any(item.may_decide and not item.origin for group in groups for item in group.items),
        "sheets": [table for table in part.section.tables if table.kind == SHEET],
        "error": error,
    }
    return render(request, "workbook/suggestions/page.html", context, status=status)


@require_GET
@requires(Permission.VIEW)
def bar(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The button of the section's bar, with the number of places that wait."""
    found = section_or_404(request.engagement, section)
    context = {"section": found, "count": reading.count(request.engagement, found)}
    return render(request, "workbook/suggestions/_button.html", context)


@require_POST
@requires(Permission.VIEW)
def add(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Suggest a value for one cell; 422 with the message and everything typed when it does not fit."""
    found = section_or_404(request.engagement, section)
    post = request.POST
    row, field = post.get("row", ""), post.get("field", "")
    typed = {"value": ", ".join(post.getlist("value")), "words": post.get("words", "")}
    try:
        making.suggest(
            engagement=request.engagement,
            section=found,
            row=row,
            field=field,
            **typed,
            by=request.user,
            now=timezone.now(),
        )
    except (UnknownField, rows.RowMissing):
        raise Http404 from None
    except InvalidValue as error:
        return _chip(request, found, row, field, error=str(error), typed=typed)
    return _chip(request, found, row, field, said=_("Suggested."))


def _chip(request: HttpRequest, section: Section, row: str, field: str, *, said="", **words) -> HttpResponse:
    """The suggestions of the cell again for a script, the way back to the cell for everybody else."""
    error = words.get("error", "")
    if request.htmx:
        context = cells.context(request, section, row, field) | words | {"said": said}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        answer = render(request, "workbook/suggestions/_cell.html", context, status=status)
        # The bar's number and the history listen; a name with a colon has to come as JSON.
        answer.headers["HX-Trigger"] = '{"wb:suggested": {}, "wb:saved": {}}'
        return answer
    if error:
        messages.error(request, error)
    elif said:
        messages.success(request, said)
    place = reverse("workbook:suggestions", args=[request.engagement.reference, section.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


@require_POST
@requires(Permission.VIEW)
def withdraw(request: HttpRequest, reference: str, section: str, pk: int) -> HttpResponse:
    """Take one's own suggestion back."""
    found = section_or_404(request.engagement, section)
    get_object_or_404(Suggestion, pk=pk, engagement=request.engagement, section=found.key)
    count = making.withdraw(engagement=request.engagement, pk=pk, by=request.user, now=timezone.now())
    words = {"said": _("Taken back.")} if count else {"error": _("There is nothing of yours to take back.")}
    return _chip(request, found, request.POST.get("row", ""), request.POST.get("field", ""), **words)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def decide(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Accept or decline what was ticked (``pick``), or accept all that nothing is in the way of."""
    found = section_or_404(request.engagement, section)
    verb = request.POST.get("verb", "")
    if verb == "decline":
        return _decline(request, found)
    if verb not in {"accept", "accept-clear"}:
        raise Http404
    return _accept(request, found, is_all=verb == "accept-clear")


def _picked(request: HttpRequest) -> list[int]:
    return [pk for text in request.POST.getlist("pick") if (pk := whole(text)) is not None]


def _accept(request: HttpRequest, section: Section, *, is_all: bool) -> HttpResponse:
    reader = reader_of(request)
    seen = _clear(request, section, reader) if is_all else {pk: _seen(request, pk) for pk in _picked(request)}
    decided = deciding.accept(
        engagement=request.engagement,
        section=section,
        seen={pk: version for pk, version in seen.items() if version is not None},
        sources=reader.sources,
        by=request.user,
        now=timezone.now(),
    )
    taken = sum(each.outcome.is_taken for each in decided)
    words = ngettext("%(count)s suggestion accepted.", "%(count)s suggestions accepted.", taken)
    refused = [each for each in decided if not each.outcome.is_taken]
    return _after(request, section, words % {"count": taken} if taken else "", _refusals(section, refused))


def _seen(request: HttpRequest, pk: int) -> int | None:
    """The version of the cell as it stood on the page that the person pressed."""
    return whole(request.POST.get(f"seen-{pk}", ""))


def _clear(request: HttpRequest, section: Section, reader: reading.Reader) -> dict[int, int | None]:
    """All that stood on the page and that nothing is in the way of now, as it was seen there."""
    items = [
        item
        for group in reading.groups(request.engagement, section, reader)
        for item in group.items
        if item.may_decide and not item.conflict
    ]
    return {item.pk: _seen(request, item.pk) for item in items}


def _refusals(section: Section, refused: list[deciding.Decided]) -> str:
    """What was not taken and why, in one line."""
    lines = []
    for each in refused[:5]:
        field = section.field(each.suggestion.field)
        label = pick(field.heading) if field else each.suggestion.field
        lines.append(f"{label}: {each.outcome.message}")
    more = len(refused) - len(lines)
    return " ".join(lines) + (f" +{more}" if more > 0 else "")


def _decline(request: HttpRequest, section: Section) -> HttpResponse:
    try:
        count = deciding.decline(
            engagement=request.engagement,
            section=section,
            chosen=_picked(request),
            sources=reader_of(request).sources,
            answer=request.POST.get("answer", ""),
            by=request.user,
            now=timezone.now(),
        )
    except deciding.NoWords as error:
        if request.htmx:
            return _after(request, section, "", str(error))
        return _page(request, section.key, error=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = ngettext("%(count)s suggestion declined.", "%(count)s suggestions declined.", count)
    return _after(request, section, words % {"count": count} if count else "", "")


def _after(request: HttpRequest, section: Section, said: str, error: str) -> HttpResponse:
    """Where the person pressed the button: beside the cell, or on the page of all suggestions."""
    if request.htmx:
        row, field = request.POST.get("row", ""), request.POST.get("field", "")
        return _chip(request, section, row, field, said=said, error=error)
    if said:
        messages.success(request, said)
    if error:
        messages.warning(request, error)
    if not (said or error):
        messages.info(request, _("Nothing was ticked, or nothing could be taken."))
    place = reverse("workbook:suggestions", args=[request.engagement.reference, section.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW)
def new_row(request: HttpRequest, reference: str, section: str, table: str) -> HttpResponse:
    """Suggest a whole new row of a sheet."""
    found = section_or_404(request.engagement, section)
    sheet = table_or_404(found, table)
    if sheet.kind != SHEET:
        raise Http404
    typed = {
        name[2:]: ", ".join(request.POST.getlist(name)) for name in request.POST if name.startswith("f-")
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            making.suggest_row(
                engagement=request.engagement,
                section=found,
                table=sheet,
                values=typed,
                words=request.POST.get("words", ""),
                by=request.user,
                now=timezone.now(),
            )
        except UnknownField:
            raise Http404 from None
        except InvalidValue as error:
            errors[getattr(error, "field", "")] = str(error)
        else:
            return _after(request, found, _("The row is suggested."), "")
    context = {
        "section": found,
        "table": sheet,
        "questions": _questions(request, sheet, typed, errors),
        "error": errors.get("", ""),
        "words": request.POST.get("words", ""),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render(request, "workbook/suggestions/new_row.html", context, status=status)


def _questions(request: HttpRequest, table, typed: dict, errors: dict) -> list[dict]:
    """The columns that a person may fill, with what was typed and what is wrong with it."""
    asked = [
        field
        for field in table.fields
        if not field.is_formula and not field.bound and field.is_asked_of(request.engagement.event_type)
    ]
    made = columns(request.engagement, asked, types.Setting.of(request.engagement))
    return [
        {
            "column": column,
            "text": typed.get(column.field.key, ""),
            "chosen": typed.get(column.field.key, "").split(", "),
            "error": errors.get(column.field.key, ""),
        }
        for column in made
    ]
