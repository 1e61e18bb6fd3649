"""The plan as a chart and as a map of nodes, and the log of the run: read-only pages of one runbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements.access import Permission, requires
from warroom.outlook import outlook
from warroom.panels import chart as charts
from warroom.panels import nodes as maps
from warroom.panels import runlog
from warroom.runbook.views.shared import found, page


@requires(Permission.VIEW)
@require_GET
def chart(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Plan, forecast and actual of every step on one axis, by stream, with the critical path."""
    now = timezone.now()
    view = outlook(request.engagement, now, number)
    context = {"view": view, "now": now} | (charts.chart(view, now) if view else {})
    return page(request, found(request, number), "chart", context)


@requires(Permission.VIEW)
@require_GET
def nodes(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What waits for what."""
    now = timezone.now()
    view = outlook(request.engagement, now, number)
    context = {"view": view, "now": now} | (maps.nodes(view) if view else {})
    return page(request, found(request, number), "nodes", context)


@requires(Permission.VIEW)
@require_GET
def log(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Everything that was done to this runbook, newest first; of one step or one kind of act when asked."""
    runbook = found(request, number)
    context = runlog.entries(
        runbook, code=request.GET.get("code", "")[:20], before=request.GET.get("before", "")
    )
    return page(request, runbook, "log", context | {"now": timezone.now()})
