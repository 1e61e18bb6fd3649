"""The history beside a sheet, and bringing an earlier value back."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook import history
from workbook.cells import Conflict, InvalidValue, RowMissing, UnknownField, save_cell
from workbook.models import CellChange, Row
from workbook.types import Setting
from workbook.views.finding import section_or_404

#: Lines of a history at first, and when somebody asks for older ones.
NEWEST, OLDER = 10, 500


@require_GET
@requires(Permission.VIEW)
def of(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The newest changes of a section, a row (?row=) or a cell (?row=&field=); deleted rows with the section's."""
    found = section_or_404(request.engagement, section)
    row, field = request.GET.get("row", ""), request.GET.get("field", "")
    if row and whole(row) is None:
        fixed = Row.objects.filter(engagement=request.engagement, section=found.key, key=row).first()
        row = str(fixed.pk) if fixed else "0"
    limit = OLDER if request.GET.get("older") else NEWEST
    lines = history.lines(request.engagement, found, row=row, field=field, limit=limit + 1)
    context = {
        "section": found,
        "field": found.field(field),
        "lines": lines[:limit],
        "has_older": len(lines) > limit,
        "row": request.GET.get("row", ""),
        "deleted": [] if row else _deleted(request, found),
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "workbook/_history.html" if is_part else "workbook/history.html", context)


def _deleted(request: HttpRequest, section) -> list[tuple[Row, str]]:
    """Rows put aside, newest first, with what they were about."""
    gone = list(
        Row.objects.filter(
            engagement=request.engagement, section=section.key, deleted_at__isnull=False
        ).order_by("-deleted_at")[:20]
    )
    named = history.titles(section, [row.pk for row in gone], Setting.of(request.engagement))
    return [(row, named.get(row.pk, "")) for row in gone]


@require_POST
@requires(Permission.FILL_WORKBOOK)
def restore(request: HttpRequest, reference: str, section: str, change: int) -> HttpResponse:
    """Make an earlier value the present one; what stands there now stays in the history."""
    found = section_or_404(request.engagement, section)
    line = get_object_or_404(CellChange, pk=change, engagement_id=request.engagement.pk, section=found.key)
    row = Row.objects.filter(pk=line.row_id, engagement=request.engagement).first()
    if row is None or not line.field:
        raise Http404
    version = row.cells.filter(field=line.field).values_list("version", flat=True).first() or 0
    try:
        outcome = save_cell(
            engagement=request.engagement,
            section=found.key,
            row=row.key or row.pk,
            field=line.field,
            value=line.value_to,
            base_version=version,
            by=request.user,
            now=timezone.now(),
            how=CellChange.How.RESTORED,
        )
    except (InvalidValue, RowMissing, UnknownField):
        outcome = None
    if outcome is None or isinstance(outcome, Conflict):
        messages.error(request, _("The earlier value could not be brought back."))
    else:
        messages.success(request, _("The earlier value is back."))
    place = reverse("workbook:section", args=[reference, found.key])
    return HttpResponseRedirect(f"{place}#c-{row.key or row.pk}-{line.field}", status=HTTPStatus.SEE_OTHER)
