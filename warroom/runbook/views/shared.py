"""What every page of a runbook begins with: finding it, its tabs, and answering an act."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from warroom import runbook as verbs
from warroom.models import Runbook

TABS = ("run", "sheet", "chart", "nodes", "log", "turn")


def found(request: HttpRequest, number: int) -> Runbook:
    """The runbook of this number in the request's engagement, else 404."""
    try:
        runbook = verbs.runbook_of(request.engagement, number)
    except Runbook.DoesNotExist:
        raise Http404 from None
    runbook.engagement = request.engagement
    return runbook


def page(request: HttpRequest, runbook: Runbook, here: str, context: dict, status: int = 200) -> HttpResponse:
    """A page of the runbook with its tabs; `here` is the current one."""
    context |= {"runbook": runbook, "here": here, "zone": request.engagement.time_zone}
    return render(request, f"warroom/run/{here}.html", context, status=status)


def see_other(request: HttpRequest, name: str, *args, fragment: str = "") -> HttpResponse:
    """303 to a page of the engagement."""
    location = reverse(f"warroom:{name}", args=[request.engagement.reference, *args])
    return HttpResponse(status=303, headers={"Location": location + fragment})
