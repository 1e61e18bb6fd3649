"""The page of one metric, its points as JSON and CSV, and the criteria drawn on it."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from engagements.access import Permission, audience, requires
from iem_portal.registry import tiles
from warroom.charts import export, lines, reading, shaping
from warroom.tiles import with_room
from workbook.watches import Watch, watches

SPANS = (
    ("1h", _("1 hour")),
    ("3h", _("3 hours")),
    ("12h", _("12 hours")),
    (shaping.WINDOW, pgettext_lazy("span of a chart", "Event window")),
)
GROUPS = {
    "step": _("Runbook"),
    "escalation": _("Escalation"),
    "alarm": _("Alarm"),
    "health": _("AWS Health"),
}
MOST_DIGITS = 18


def found(request: HttpRequest, row: int) -> Watch:
    """The watch of this row of the workbook; raises Http404."""
    watch = next((watch for watch in watches(request.engagement) if watch.row_id == row), None)
    if watch is None:
        raise Http404
    return watch


def _opened(request: HttpRequest, row: int) -> reading.Opened:
    request.engagement = with_room(request.engagement.pk)
    span = request.GET.get("span", "")
    side = audience(request.user)
    return reading.opened(
        request.engagement, found(request, row), span=span, audience=side, now=timezone.now()
    )


@requires(Permission.VIEW)
@require_GET
def metric(request: HttpRequest, reference: str, row: int) -> HttpResponse:
    """One watch in detail: its chart, its values as a table, and what happened meanwhile."""
    return _page(request, _opened(request, row))


def _page(request: HttpRequest, one: reading.Opened, *, error: str = "", status: int = 200) -> HttpResponse:
    pulse = tiles.get("pulse").draw(one.engagement, audience=audience(request.user), now=one.now)
    context = {
        "one": one,
        "tile": one.tile,
        "watch": one.watch,
        "rows": reading.rows(one),
        "spans": SPANS,
        "marks": [mark | {"word": GROUPS[mark["group"]]} for mark in reversed(one.marks)],
        "others": one.others if Permission.FILL_WORKBOOK in request.permissions else [],
        "error": error,
        "pulse_tile": pulse,
        "span_words": reading.span_words(one),
        "now": one.now,
    }
    return render(request, "warroom/metric.html", context, status=status)


@requires(Permission.VIEW)
@require_GET
def points(request: HttpRequest, reference: str, row: int) -> HttpResponse:
    """The same as JSON for the drawing; read again while the page is open."""
    drawn = reading.as_json(_opened(request, row), reader_zone=timezone.get_current_timezone_name())
    answer = JsonResponse(drawn, json_dumps_params={"separators": (",", ":")})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(Permission.VIEW)
@require_GET
def points_csv(request: HttpRequest, reference: str, row: int) -> HttpResponse:
    """Every stored point of the span as a file."""
    one = _opened(request, row)
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", f"{reference}-{one.watch.title}-{one.span}").strip("_")[:120]
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return HttpResponse(export.as_csv(one), content_type="text/csv; charset=utf-8", headers=headers)


@requires(Permission.FILL_WORKBOOK)
@require_POST
def metric_line(request: HttpRequest, reference: str, row: int) -> HttpResponse:
    """Draw a success criterion on the chart, or take it away."""
    watch = found(request, row)
    text = request.POST.get("criterion", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
    try:
        if request.POST.get("action") == "erase":
            lines.erase(engagement=request.engagement, watch=watch, criterion_id=number)
        else:
            lines.draw(
                engagement=request.engagement,
                watch=watch,
                criterion_id=number,
                by=request.user,
                now=timezone.now(),
            )
    except lines.LineError as error:
        return _page(request, _opened(request, row), error=str(error), status=422)
    place = reverse("warroom:metric", args=[reference, row])
    return HttpResponseRedirect(f"{place}#lines", status=303)
