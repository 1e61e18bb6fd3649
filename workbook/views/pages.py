"""The pages of the workbook: the list of sections, a section, one row, and a tile for the overview."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagements.access import Permission, requires
from iem_portal.numbers import whole as whole_number
from workbook import editions, presets
from workbook.catalogue import FORM, PANEL, SHEET, Section
from workbook.due import Calendar
from workbook.readiness import Progress, SectionProgress, progress
from workbook.views.finding import section_or_404, section_reader, table_or_404
from workbook.views.tables import FormView, SheetView, form_view, sheet_view


@require_safe
@requires(Permission.VIEW)
def index(request: HttpRequest, reference: str) -> HttpResponse:
    """Every section with its state, what is missing, who owns it and when it is due."""
    preset = presets.of(request.engagement.event_type)
    return render(request, "workbook/index.html", _shell(request, timezone.now()) | {"preset": preset})


@require_safe
@requires(Permission.VIEW)
def tile(request: HttpRequest, reference: str) -> HttpResponse:
    """The progress of the workbook as a tile that other pages load by URL."""
    return render(request, "workbook/_progress.html", _shell(request, timezone.now()))


@require_safe
@requires(Permission.VIEW)
def section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """One section: its forms as questions, its tables as sheets. Cells of other sections are not read."""
    context = surroundings(request, section)
    context |= {
        "views": _views(request, context["section"], [part.section for part in context["parts"]]),
        "columns": request.GET.get("columns", ""),
        "show": request.GET.get("show", ""),
    }
    return render(request, "workbook/section.html", context)


@require_safe
@requires(Permission.VIEW)
def nav(request: HttpRequest, reference: str) -> HttpResponse:
    """The list of sections with their states, and the state of one (?section=), loaded beside its page."""
    context = _shell(request, timezone.now())
    key = request.GET.get("section", "")
    part = next((part for part in context["progress"].sections if part.section.key == key), None)
    context |= {"part": part, "section": part.section if part else None}
    return render(request, "workbook/_nav_loaded.html", context)


def surroundings(request: HttpRequest, key: str) -> dict:
    """A section with its neighbours, owner and due date, without its progress. One query; Http404 for none."""
    calendar = Calendar.of(request.engagement)
    parts = [
        SectionProgress(section=each, due_at=calendar.due_at(each.due))
        for each in editions.sections(request.engagement)
    ]
    part = next((part for part in parts if part.section.key == key.lower()), None)
    if part is None:
        raise Http404
    place = parts.index(part)
    return {
        "parts": parts,
        "part": part,
        "section": part.section,
        "place": place + 1,
        "before": parts[place - 1] if place else None,
        "after": parts[place + 1] if place + 1 < len(parts) else None,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "now": timezone.now(),
    }


def _shell(request: HttpRequest, now: datetime) -> dict:
    """What every page of the workbook shows around its middle."""
    return {
        "progress": progress(request.engagement, now),
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "now": now,
    }


def find(whole: Progress, key: str) -> SectionProgress:
    """The section of this key in the workbook; Http404 when it has none."""
    for part in whole.sections:
        if part.section.key == key.lower():
            return part
    raise Http404


def _asked(request: HttpRequest) -> dict:
    """Which columns and rows of a sheet the address asks for (?columns=all, ?show=action, ?rows=all)."""
    return {
        "all_columns": request.GET.get("columns") == "all",
        "only_action": request.GET.get("show") == "action",
        "has_all": request.GET.get("rows") == "all",
    }


def _views(
    request: HttpRequest, section: Section, sections: list[Section]
) -> list[FormView | SheetView | dict]:
    """The tables of a section as they are drawn; ``sections`` are all of the workbook."""
    reader = section_reader(request, section, sections=sections)
    asked = _asked(request)
    makers = {
        FORM: lambda table: form_view(table, reader, only_open=request.GET.get("show") == "open"),
        SHEET: lambda table: sheet_view(table, reader, **asked),
        PANEL: lambda table: {"kind": PANEL, "table": table},
    }
    return [makers[table.kind](table) for table in section.tables]


@require_safe
@requires(Permission.VIEW)
def more(request: HttpRequest, reference: str, section: str, table: str) -> HttpResponse:
    """The next rows of a sheet (?from=100), to be put below those that are shown."""
    found = section_or_404(request.engagement, section)
    sheet = table_or_404(found, table)
    if sheet.kind != SHEET:
        raise Http404
    reader = section_reader(request, found, sheet.key)
    view = sheet_view(sheet, reader, **_asked(request), start=whole_number(request.GET.get("from")) or 0)
    context = {"view": view, "section": found, "can_fill": Permission.FILL_WORKBOOK in request.permissions}
    return render(request, "workbook/_more.html", context)
