"""The page of attainment, its files, and the answer to where the time went."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires, signed_in
from escalation.attainment import board as boards
from escalation.attainment import causes, choosing, files, panel
from escalation.models import Escalation
from escalation.views.pages import put_errors


def _filters(request, now) -> choosing.Filters:
    today = now.astimezone(ZoneInfo(request.user.time_zone)).date()
    return choosing.Filters(request.GET, user=request.user, today=today)


@signed_in
@require_GET
def attainment(request):
    """Which promises were kept, in the engagements that the person may see."""
    now = timezone.now()
    form = _filters(request, now)
    if not form.is_valid():
        context = {"form": form, "now": now}
        return render(request, "escalation/attainment/page.html", context, status=422)
    board = boards.board(request.user, form.choice(), now)
    context = {
        "form": form,
        "board": board,
        "row_label": choosing.ROWS[board.choice.by],
        "query": request.GET.urlencode(),
        "now": now,
        "zone": request.user.time_zone,
    }
    return render(request, "escalation/attainment/page.html", context)


@signed_in
@require_GET
def attainment_csv(request, what):
    """The same choice as a file: `promises` or `escalations`."""
    now = timezone.now()
    form = _filters(request, now)
    if what not in files.KINDS:
        raise Http404
    if not form.is_valid():
        return render(request, "escalation/attainment/page.html", {"form": form, "now": now}, status=422)
    choice = form.choice()
    text = files.content(boards.board(request.user, choice, now), what)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"{what}-{choice.since:%Y%m%d}-{choice.until:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.HANDLE_ESCALATION)
@require_http_methods(["GET", "POST"])
def cause(request, reference, number):
    """Say what breaches of one escalation came from: a page of its own, and what the panel of others sends to."""
    now, zone = timezone.now(), request.engagement.time_zone
    wanted = Escalation.objects.filter(engagement=request.engagement).select_related("engagement")
    escalation = get_object_or_404(wanted, number=number)
    is_staff = Permission.SEE_INTERNAL in request.permissions
    found = panel.breaches_of(escalation, now, is_staff=is_staff)
    form = panel.form_for(found, zone, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            causes.name_cause(escalation=escalation, by=request.user, now=now, **form.cleaned_data)
        except ValidationError as error:
            put_errors(form, error)
        else:
            return redirect("escalation:detail", reference, number)
    context = {"escalation": escalation, "cause_form": form, "has_breaches": found, "now": now, "zone": zone}
    return render(request, "escalation/attainment/cause.html", context, status=422 if form.is_bound else 200)
