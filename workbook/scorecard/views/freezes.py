"""Freezes: make one by hand, look at one, compare two, or one with now; on paper and as CSV."""

from __future__ import annotations

import csv
import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from engagements.access import Permission, requires
from engagements.errors import InvalidValue
from engagements.models import Phase
from engagements.views.shared import see_other
from iem_portal.numbers import whole
from workbook import editions
from workbook.exchange.neutral import neutral
from workbook.models import Freeze
from workbook.scorecard import board, comparing, freezing, words
from workbook.scorecard.comparing import NOW, Comparison
from workbook.scorecard.results import KINDS

#: Lines of a difference on one page; the CSV has them all.
SHOWN = 600


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The freezes and the difference between two (?from=2&to=now); POST makes one by hand."""
    if request.method == "POST":
        return _make(request, reference)
    return _page(request)


def _make(request: HttpRequest, reference: str) -> HttpResponse:
    if Permission.FILL_WORKBOOK not in request.permissions:
        raise PermissionDenied
    name = request.POST.get("name", "")
    try:
        made = freezing.freeze(
            engagement=request.engagement, kind=Freeze.Kind.HAND, name=name, by=request.user,
            now=timezone.now(),
        )  # fmt: skip
    except InvalidValue as invalid:
        return _page(request, status=422, name=name, error=invalid.errors["name"])
    messages.success(request, _("Freeze no. %(number)d is made") % {"number": made.number})
    return see_other(reverse("workbook:freezes", args=[reference]))


def _page(request: HttpRequest, *, status: int = 200, **refused) -> HttpResponse:
    freezes = list(Freeze.objects.filter(engagement=request.engagement).defer("content"))
    numbers = [one.number for one in freezes]
    before = _chosen(request.GET.get("from"), numbers, numbers[0] if numbers else NOW)
    after = _chosen(request.GET.get("to"), numbers, NOW)
    comparison = comparing.compare(request.engagement, before, after) if numbers else None
    if comparison and request.GET.get("as") == "csv":
        return _csv(request, comparison)
    context = {
        "freezes": [(one, _kind(one), _counts(one)) for one in freezes],
        "before": before,
        "after": after,
        "now_key": NOW,
        "comparison": comparison,
        "lines": comparison.lines[:SHOWN] if comparison else [],
        "more": max(0, len(comparison.lines) - SHOWN) if comparison else 0,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }
    return render(request, "workbook/scorecard/freezes.html", context | refused, status=status)


def _kind(one: Freeze) -> str:
    """Why it was made, with the phase whose gate it stands at."""
    kind = str(KINDS.get(one.kind, one.kind))
    return f"{kind}, {Phase(one.from_phase).label}" if one.from_phase else kind


def _chosen(text: str | None, numbers: list[int], default: int | str) -> int | str:
    """The number of a freeze, or "now"; nonsense is the default."""
    if text == NOW:
        return NOW
    number = whole(text or "")
    return number if number in numbers else default


def _counts(one: Freeze) -> list[tuple[str, str, int]]:
    """Shape, word and count of each colour at that time."""
    found = board.counts(board.kept_lines(one.scorecard))
    return [(words.SHAPES[key], str(words.COLOURS[key]), count) for key, count in found.items() if count]


def _csv(request: HttpRequest, comparison: Comparison) -> HttpResponse:
    """The difference as CSV; a leading sign that a spreadsheet would compute is defused."""
    out = io.StringIO()
    writer = csv.writer(out)
    sides = (pgettext("version", "From"), pgettext("version", "To"))
    writer.writerow([_("Section"), _("Row"), _("Field"), *sides, pgettext("change", "By"), _("When (UTC)")])
    for line in comparison.lines:
        cells = (line.section, line.row, line.field, line.before, line.after, line.by, line.at)
        writer.writerow([neutral(str(cell)) for cell in cells])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{request.engagement.reference}-freezes-{comparison.before}-{comparison.after}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@requires(Permission.VIEW)
def one(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One freeze: its progress and its scorecard as they stood."""
    if number > 10**9:
        raise Http404
    found = get_object_or_404(Freeze, engagement=request.engagement, number=number)
    lines = board.kept_lines(found.scorecard)
    context = {
        "freeze": found,
        "kind": KINDS.get(found.kind, found.kind),
        "lines": [(line, words.SHAPES[line.colour], words.COLOURS[line.colour]) for line in lines],
        "parts": comparing.frozen_sections(found, editions.sections(request.engagement)),
    }
    return render(request, "workbook/scorecard/freeze.html", context)
