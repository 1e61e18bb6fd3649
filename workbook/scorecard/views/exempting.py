"""Cells that do not apply: asked by whoever fills, accepted or refused by AWS's side."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from engagements.errors import Conflict, InvalidValue
from engagements.views.shared import see_other
from workbook import editions
from workbook.models import NotApplicable
from workbook.rows import RowMissing
from workbook.scorecard import exempting
from workbook.scorecard.views.pages import missing_answers


@require_POST
@requires(Permission.FILL_WORKBOOK)
def ask(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Say with a reason that an empty cell does not apply."""
    found = editions.section(request.engagement, section)
    if found is None:
        raise Http404
    row, field = request.POST.get("row", ""), request.POST.get("field", "")
    reason = request.POST.get("reason", "")
    try:
        exempting.ask(
            engagement=request.engagement, section=found, row=row, field=field, reason=reason,
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except InvalidValue as invalid:
        return _again(request, row, field, reason, invalid.errors["reason"], 422)
    except RowMissing:
        return _again(request, row, field, reason, _("This row was deleted by somebody."), 422)
    except Conflict:
        return _again(request, row, field, reason, _("Somebody has said so already."), 409)
    return see_other(reverse("workbook:missing", args=[reference]) + "#exempt")


def _again(request: HttpRequest, row: str, field: str, reason: str, error: str, status: int) -> HttpResponse:
    refused = {"place": f"{row}-{field}", "reason": reason, "error": error}
    return missing_answers(request, status=status, refused=refused)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def decide(request: HttpRequest, reference: str, mark: int) -> HttpResponse:
    """Accept or refuse for AWS's side; whoever fills may take it back."""
    found = get_object_or_404(
        NotApplicable.objects.select_related("engagement__customer"), pk=mark, engagement=request.engagement
    )
    now = timezone.now()
    if request.POST.get("verb") == "accept":
        if Permission.REVIEW_WORKBOOK not in request.permissions:
            raise PermissionDenied
        exempting.accept(mark=found, by=request.user, now=now)
    else:
        exempting.end(mark=found, by=request.user, now=now)
    return see_other(reverse("workbook:missing", args=[reference]) + "#exempt")
