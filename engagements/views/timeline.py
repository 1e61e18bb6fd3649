"""Everything that happened in an engagement, and the note a person adds to it."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements import actions, feed
from engagements.access import Permission, audience, check, requires
from engagements.views.shared import see_other

PAGE = 100
LONGEST_NOTE = 2000
LONGEST_ID = 40


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def timeline_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The entries this side may read, a hundred a page; a post adds a note."""
    if request.method == "POST":
        return _post(request, reference)
    return _page(request)


def _page(
    request, *, status: int = 200, text: str = "", error: str = "", client_id: str = ""
) -> HttpResponse:
    kind = request.GET.get("kind", "")
    rows = feed.entries(request.engagement, audience=audience(request.user), kind=kind)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": feed.as_lines(request.engagement, page.object_list),
        "kind": kind if kind in feed.KINDS else "",
        "text": text,
        "error": error,
        "client_id": client_id or uuid4(),
        "now": timezone.now(),
    }
    return render(request, "engagements/timeline.html", context, status=status)


def _post(request, reference: str) -> HttpResponse:
    check(request.user, request.engagement, Permission.POST_UPDATE)
    text, client_id = request.POST.get("text", "").strip(), request.POST.get("client_id", "")[:LONGEST_ID]
    if not text or len(text) > LONGEST_NOTE:
        error = _("At most %(limit)d characters.") if text else _("Write something first.")
        words = {"text": text, "error": error % {"limit": LONGEST_NOTE} if text else error}
        return _page(request, status=422, client_id=client_id, **words)
    is_internal = bool(request.POST.get("internal")) and Permission.SEE_INTERNAL in request.permissions
    actions.post_note(
        engagement=request.engagement, text=text, by=request.user, now=timezone.now(),
        audience="aws" if is_internal else "all", client_id=client_id,
    )  # fmt: skip
    messages.success(request, _("The note is on the timeline."))
    return see_other(reverse("engagements:timeline", args=[reference]))
