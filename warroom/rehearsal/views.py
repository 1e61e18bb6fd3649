"""The page that puts a rehearsal beside its plan and the real run, and the same as a file."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from warroom.rehearsal import export, reading
from warroom.runbook.views.shared import found


def _compared(request: HttpRequest, number: int) -> reading.Comparison | None:
    chosen = whole(request.GET.get("with", ""))
    return reading.compared(request.engagement, number, timezone.now(), chosen=chosen)


@requires(Permission.VIEW)
@require_GET
def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Planned, rehearsed and real, step by step; `?with=` names one of several rehearsals."""
    context = {
        "runbook": found(request, number),
        "found": _compared(request, number),
        "here": "rehearsal",
        "zone": request.engagement.time_zone,
        "now": timezone.now(),
    }
    return render(request, "warroom/rehearsal/page.html", context)


@requires(Permission.VIEW)
@require_GET
def file(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The comparison as CSV."""
    runbook, compared = found(request, number), _compared(request, number)
    copy = compared.rehearsed.runbook if compared else runbook
    name = re.sub(r"[^A-Za-z0-9._-]", "_", f"{reference}-rehearsal-{copy.number}.csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(export.as_csv(compared), content_type="text/csv; charset=utf-8", headers=headers)
