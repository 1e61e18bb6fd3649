"""Hears where each open page is."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from workbook.together import presence
from workbook.views.finding import section_or_404


@require_POST
@requires(Permission.VIEW)
def here(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The page of this section is open, its cursor in ``row`` and ``field``; ``gone`` when it closes."""
    found = section_or_404(request.engagement, section)
    if request.POST.get("gone"):
        presence.gone(engagement=request.engagement, user=request.user)
    else:
        field = found.field(request.POST.get("field", ""))
        presence.here(
            engagement=request.engagement,
            user=request.user,
            section=found.key,
            row=request.POST.get("row", "")[:20],
            field=field.key if field else "",
            now=timezone.now(),
        )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
