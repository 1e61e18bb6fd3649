"""What would be sent tomorrow, and a person's wish to hear nothing of this engagement."""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from engagements.views.shared import see_other
from iem_portal.templatetags.portal import day_text
from workbook.scorecard import reminding
from workbook.scorecard.rhythm import rhythm


@require_safe
@requires(Permission.REVIEW_WORKBOOK)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Who would get which reminder tomorrow."""
    now = timezone.now()
    lines = [
        (reminder, day_text(datetime.combine(day, time(), UTC)), is_day, is_quiet)
        for reminder, day, is_day, is_quiet in reminding.preview(request.engagement, now)
    ]
    context = {
        "lines": sorted(
            lines, key=lambda line: (line[0].is_empty or line[3] or not line[2], line[0].member.user.name)
        ),
        "send_at": rhythm()["send_at"],
        "now": now,
    }
    return render(request, "workbook/scorecard/reminders.html", context)


@require_POST
@requires(Permission.VIEW)
def quiet(request: HttpRequest, reference: str) -> HttpResponse:
    """Stop or start one's own reminders about this engagement."""
    is_quiet = request.POST.get("quiet") == "1"
    reminding.be_quiet(
        engagement=request.engagement, user=request.user, is_quiet=is_quiet, now=timezone.now()
    )
    words = _("You get no reminders about this engagement") if is_quiet else _("You get reminders again")
    messages.success(request, words)
    return see_other(reverse("workbook:readiness", args=[reference]) + "#reminders")
