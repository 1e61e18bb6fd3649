"""The pages of the exchange: files out, a file in, its columns assigned, its differences reviewed and applied."""

from __future__ import annotations

import re
from http import HTTPStatus

from django.contrib import messages
from django.db.models import Case, F, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook import editions
from workbook.catalogue import PANEL
from workbook.exchange import applying, foreign, lines, posted, receiving, writing
from workbook.exchange import review as reviewing
from workbook.exchange import words as said
from workbook.exchange.safezip import Unreadable
from workbook.models import Import
from workbook.views.finding import section_or_404, table_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = Import.State
#: How many earlier imports the page lists.
RECENT = 10


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "") or get_language() or "en"
    return wanted if wanted in writing.LANGUAGES else "en"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    tidy = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    headers = {"Content-Disposition": f'attachment; filename="{tidy}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_GET
@requires(Permission.VIEW)
def export(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole workbook as .xlsx (?language=en or ko; the reader's own by default)."""
    return export_file(request)


def export_file(request: HttpRequest) -> HttpResponse:
    """The workbook of the request's engagement, in the language asked for, as an answer."""
    now, language = timezone.now(), _language(request)
    content = writing.export(request.engagement, by_name=request.user.name, now=now, language=language)
    return _file(content, XLSX, f"{request.engagement.reference}-workbook-{now:%Y%m%d-%H%M}-{language}.xlsx")


@require_GET
@requires(Permission.VIEW)
def export_table(request: HttpRequest, reference: str, section: str, table: str) -> HttpResponse:
    """One table as CSV, in the reader's language."""
    found = section_or_404(request.engagement, section)
    if table_or_404(found, table).kind == PANEL:
        raise Http404
    content = lines.export(request.engagement, found, table, _language(request))
    return _file(content, "text/csv; charset=utf-8", f"{reference}-{found.code}-{table}.csv")


@require_http_methods(["GET", "POST"])
@requires(Permission.FILL_WORKBOOK)
def importing(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a file; a file that can be read leads to its review, any other is answered in words."""
    if request.method == "GET":
        return _upload_page(request)
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, said.refused("missing", {}))
    try:
        found = receiving.receive(
            engagement=request.engagement,
            file=file,
            file_name=file.name or "",
            by=request.user,
            now=timezone.now(),
        )
    except Unreadable as error:
        return _upload_page(request, said.refused(error.code, error.values))
    _tell_closed(request, found)
    return _to(found)


def _tell_closed(request: HttpRequest, found: Import) -> None:
    """Say which earlier import the new one has closed, when something of it was not applied."""
    mine = Import.objects.filter(
        engagement=request.engagement, by_id=request.user.pk, ended_at=found.created_at
    )
    for each in mine.exclude(pk=found.pk):
        left = sum(reviewing.open_counts(each).values())
        if left:
            words = ngettext(
                "Your import of %(file)s was closed with %(n)d change left. It can be read below earlier imports.",
                "Your import of %(file)s was closed with %(n)d changes left. They can be read below earlier imports.",
                left,
            )
            messages.info(request, words % {"file": each.file_name, "n": left})


def may_decide(request: HttpRequest, found: Import) -> bool:
    """Whether this reader may apply and close: whoever uploaded it, and the TAM."""
    return found.by_id == request.user.pk or Permission.DRIVE in request.permissions


def _upload_page(request: HttpRequest, error: str = "") -> HttpResponse:
    bare = Import.objects.filter(engagement=request.engagement).defer("content", "settled", "made")
    bare = bare.annotate(has_left=Case(When(content={}, then=False), default=True))
    # Those that wait for somebody stand first, however old they are.
    recent = bare.order_by(F("ended_at").desc(nulls_first=True), "-created_at", "-pk")[:RECENT]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "workbook/exchange/import.html", {"error": error, "recent": recent}, status=status)


def _to(found: Import, section: str = "") -> HttpResponseRedirect:
    url = reverse("workbook:import-review", args=[found.engagement.reference, found.pk])
    return HttpResponseRedirect(f"{url}?section={section}" if section else url, status=HTTPStatus.SEE_OTHER)


def _import_or_404(request: HttpRequest, pk: int) -> Import:
    found = Import.objects.filter(engagement=request.engagement, pk=pk).first()
    if found is None:
        raise Http404
    found.engagement = request.engagement
    return found


@require_GET
@requires(Permission.FILL_WORKBOOK)
def review(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """What the file would change, section by section; before that, which column is which field."""
    found = _import_or_404(request, pk)
    if found.state == State.MAPPING:
        return _mapping_page(request, found)
    sections = editions.sections(request.engagement)
    counts = reviewing.open_counts(found)
    open_ones = [(section, counts[section.key]) for section in sections if section.key in counts]
    wanted = request.GET.get("section", "")
    shown = next(
        (section for section, _n in open_ones if section.key == wanted),
        open_ones[0][0] if open_ones else None,
    )
    context = {
        "found": found,
        "can_decide": found.ended_at is None and may_decide(request, found),
        "sections": open_ones,
        "total": sum(counts.values()),
        "part": reviewing.of_section(request.engagement, found, shown, sections) if shown else None,
        "notices": [said.notice(code, values) for code, values in found.notices],
        "applied": sum(kind in {"changed", "merged"} for kind in found.settled.values()),
    }
    return render(request, "workbook/exchange/review.html", context)


def _mapping_page(request: HttpRequest, found: Import, error: str = "") -> HttpResponse:
    known = foreign.candidates(editions.sections(request.engagement), request.engagement.event_type)
    by_key = {each.key: each for each in known}
    sheets = []
    for number, (sheet, choice) in enumerate(
        zip(found.content["sheets"], found.content["mapping"], strict=True)
    ):
        each = by_key.get(choice["table"])
        offered = posted.places(sheet, choice, each).items() if each else ()
        chosen = choice["fields"]
        rows = [(place, name, example, chosen.get(str(place), "")) for place, (name, example) in offered]
        sheets.append({"number": number, "sheet": sheet, "each": each, "places": rows, "count": len(chosen)})
    can_decide = may_decide(request, found)
    context = {"found": found, "sheets": sheets, "known": known, "error": error, "can_decide": can_decide}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "workbook/exchange/mapping.html", context, status=status)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def assign(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a person's choice of tables and columns; "compare" ends the choosing."""
    found = _import_or_404(request, pk)
    receiving.check_decides(request.engagement, found, request.user)
    if found.state != State.MAPPING:
        return _to(found)
    known = foreign.candidates(editions.sections(request.engagement), request.engagement.event_type)
    mapping = posted.mapping_of(request.POST, found.content, known)
    before = [choice["table"] for choice in found.content["mapping"]]
    # A sheet whose table was only just chosen has to be looked at before it is compared.
    is_final = "compare" in request.POST and [choice["table"] for choice in mapping] == before
    if is_final and not any(choice["fields"] for choice in mapping):
        found.content["mapping"] = mapping
        return _mapping_page(request, found, _("Choose a table for one sheet at least."))
    try:
        found = receiving.remap(
            engagement=request.engagement,
            found=found,
            mapping=mapping,
            by=request.user,
            now=timezone.now(),
            is_final=is_final,
        )
    except Unreadable as error:
        return _mapping_page(request, found, said.refused(error.code, error.values))
    return _to(found)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def apply(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Apply what was ticked, or all that fits; the rest stays on the page."""
    found = _import_or_404(request, pk)
    picks = posted.picks_of(request.POST)
    try:
        counts = applying.apply(
            engagement=request.engagement, found=found, picks=picks, by=request.user, now=timezone.now()
        )
    except applying.Overtaken:
        messages.warning(
            request, _("Somebody else worked on this import at the same moment. This is what is left.")
        )
        return _to(found, picks.section)
    _tell(request, counts)
    return _to(found, request.POST.get("shown", "")[:20])


def _tell(request: HttpRequest, counts) -> None:
    saved = counts["changed"] + counts["merged"] + counts["same"]
    words = ngettext("%(count)s cell saved.", "%(count)s cells saved.", saved) % {"count": saved}
    if counts["deleted"]:
        gone = counts["deleted"]
        words += " " + ngettext("%(count)s row deleted.", "%(count)s rows deleted.", gone) % {"count": gone}
    left = sum(counts[kind] for kind in ("conflict", "invalid", "locked", "gone", "unknown"))
    if left:
        words += " " + ngettext(
            "%(count)s could not be saved and stays here.",
            "%(count)s could not be saved and stay here.",
            left,
        ) % {"count": left}
    (messages.warning if left else messages.success)(request, words)


@require_http_methods(["GET", "POST"])
@requires(Permission.FILL_WORKBOOK)
def end(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask, with what would stay unapplied, and close the import as it was shown then."""
    found = _import_or_404(request, pk)
    if request.method == "GET":
        return _closing_page(request, found)
    try:
        receiving.close(
            engagement=request.engagement,
            found=found,
            base_version=whole(request.POST.get("version", "")) or 0,
            by=request.user,
            now=timezone.now(),
        )
    except receiving.Overtaken:
        messages.warning(request, _("This import went on meanwhile. This is what is left."))
        url = reverse("workbook:import-end", args=[reference, pk])
        return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)
    messages.success(request, _("Import closed."))
    return HttpResponseRedirect(reverse("workbook:index", args=[reference]), status=HTTPStatus.SEE_OTHER)


def _closing_page(request: HttpRequest, found: Import) -> HttpResponse:
    """What stays unapplied by section; an import that has ended, or is somebody else's, is only read."""
    if found.ended_at or not may_decide(request, found):
        return _to(found)
    counts = reviewing.open_counts(found)
    left = [(part, counts[part.key]) for part in editions.sections(request.engagement) if part.key in counts]
    context = {"found": found, "left": left, "total": sum(counts.values())}
    return render(request, "workbook/exchange/closing.html", context)
