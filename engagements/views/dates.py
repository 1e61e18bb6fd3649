"""The milestones, and the page that shows what a new window moves before it is saved."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import catalog, overview, schedule
from engagements.access import Permission, requires
from engagements.errors import Conflict
from engagements.forms import MoveForm
from engagements.models import Milestone
from engagements.views.shared import base_version, see_other


@requires(Permission.VIEW)
@require_safe
def milestones_page(request: HttpRequest, reference: str) -> HttpResponse:
    """All milestones in their groups."""
    now = timezone.now()
    lines = overview.actions(request.engagement, now)
    groups = [
        (label, [line for line in lines if line.milestone.group == key])
        for key, label in overview.GROUPS.items()
    ]
    context = {
        "groups": [(label, rows) for label, rows in groups if rows],
        "done": sum(1 for line in lines if line.milestone.done_at),
        "total": len(lines),
        "now": now,
    }
    return render(request, "engagements/milestones.html", context)


@requires(Permission.DRIVE)
@require_POST
def milestone(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Tick a milestone off, or open it again."""
    row = get_object_or_404(
        Milestone.objects.select_related("engagement"), engagement=request.engagement, code=code
    )
    try:
        schedule.set_done(
            milestone=row, is_done=request.POST.get("done") == "1", base_version=base_version(request),
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except Conflict:
        messages.error(
            request, _("Somebody changed %(code)s meanwhile. This is how it is now.") % {"code": code}
        )
    page = "overview" if request.POST.get("back") == "overview" else "milestones"
    anchor = "#actions" if page == "overview" else f"#ms-{code}"
    return see_other(reverse(f"engagements:{page}", args=[reference]) + anchor)


@requires(Permission.DRIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def window_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the new window, show what it moves, then save it: two posts, one page."""
    now, engagement = timezone.now(), request.engagement
    if request.method != "POST":
        return render(request, "engagements/window.html", {"form": _form(engagement, None, now), "now": now})
    form = _form(engagement, request.POST, now)
    if not form.is_valid():
        return render(request, "engagements/window.html", {"form": form, "now": now}, status=422)
    window = form.cleaned_data["window"]
    if request.POST.get("do") == "save":
        return _save(request, form, window, now)
    return _preview(request, form, window, now, engagement.version)


def _form(engagement, data, now) -> MoveForm:
    zone = ZoneInfo(engagement.time_zone)
    initial = {
        "starts_at": engagement.starts_at.astimezone(zone).replace(tzinfo=None),
        "ends_at": engagement.ends_at.astimezone(zone).replace(tzinfo=None),
        "time_zone": engagement.time_zone,
    }
    return MoveForm(data, initial=initial, now=now)


def _preview(request, form, window, now, version: int, status: int = 200, is_conflict=False) -> HttpResponse:
    preview = schedule.preview_window(request.engagement, window, now=now, by=request.user)
    context = {
        "form": form,
        "preview": preview,
        "moves": [(move, title) for move in preview.moves if (title := _title(request.engagement, move))],
        "version": version,
        "is_conflict": is_conflict,
        "now": now,
    }
    return render(request, "engagements/window.html", context, status=status)


def _title(engagement, move) -> dict:
    titles = catalog.milestone_titles(engagement.milestones_version)
    return titles.get(move.milestone.code, {"en": move.milestone.code})


def _save(request, form, window, now) -> HttpResponse:
    try:
        preview = schedule.move_window(
            engagement=request.engagement, window=window, base_version=base_version(request),
            by=request.user, now=now, reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except Conflict as conflict:
        request.engagement.refresh_from_db()
        return _preview(request, form, window, now, conflict.current.version, 409, is_conflict=True)
    messages.success(
        request, _("The window is moved; %(count)d milestones moved with it.") % {"count": len(preview.moved)}
    )
    return see_other(reverse("engagements:overview", args=[request.engagement.reference]))
