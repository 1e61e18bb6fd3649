"""One entry of the timeline with everything written beside it: its star, its corrections, both versions."""

from __future__ import annotations

from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import feed
from engagements.access import Permission, audience, requires
from engagements.timeline import sentence
from engagements.views.shared import base_version, see_other
from warroom.margins import folded
from warroom.models import EntryMark
from warroom.words import marking


@requires(Permission.POST_UPDATE)
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, reference: str, entry: int) -> HttpResponse:
    """What it says, said before, and why it was changed; a post stars or corrects it."""
    rows = feed.entries(request.engagement, audience=audience(request.user))
    row = get_object_or_404(rows.select_related("engagement"), pk=entry)
    if request.method == "GET":
        return _page(request, row)
    act, now = request.POST.get("act", ""), timezone.now()
    if act in ("star", "unstar"):
        marking.star(entry=row, is_on=act == "star", by=request.user, now=now)
        return see_other(_back(request, reference, row.pk))
    text, reason = request.POST.get("text", ""), request.POST.get("reason", "")
    words = {"text": text, "reason": reason, "version": base_version(request)}
    try:
        marking.correct(entry=row, by=request.user, now=now, **words)
    except marking.MarkError as error:
        typed = {"text": text, "reason": reason, "errors": {error.field or "all": str(error)}}
        return _page(request, row, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(reverse("warroom:entry", args=[reference, row.pk]))


def _back(request: HttpRequest, reference: str, pk: int) -> str:
    """To the place in the list where the star was set, in the same filter."""
    if request.POST.get("from") == "entry":
        return reverse("warroom:entry", args=[reference, pk])
    kind = request.POST.get("kind", "")
    query = f"?kind={kind}" if kind in feed.KINDS else ""
    return f"{reverse('engagements:timeline', args=[reference])}{query}#entry-{pk}"


def _page(request: HttpRequest, row, *, typed: dict | None = None, status: int = 200) -> HttpResponse:
    marks = list(row.marks.all())
    line = feed.as_lines(request.engagement, [row])[0]
    corrections = [mark for mark in marks if mark.kind == EntryMark.Kind.TEXT]
    context = {
        "tab_of": "engagements",
        "entry": row,
        "line": line,
        "original": sentence(row, ZoneInfo(request.engagement.time_zone)),
        "marks": marks,
        "margin": folded(marks),
        "corrections": corrections,
        "version": len(marks),
        "can_correct": marking.may_correct(row, request.user, request.permissions),
        "typed": typed or {"text": line.text, "reason": "", "errors": {}},
        "zone": request.engagement.time_zone,
    }
    return render(request, "warroom/words/entry.html", context, status=status)
