"""The pages of escalations: mine, of one engagement, one alone, and a new one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires, signed_in
from escalation import actions, faces, panels, promises
from escalation.forms import OpenForm
from escalation.models import Escalation
from escalation.views.detail import context_of, fragment_of


@signed_in
@require_GET
def mine(request):
    """Every open escalation the person may see."""
    now = timezone.now()
    return render(request, "escalation/mine.html", {"cards": panels.of_person(request.user, now), "now": now})


@requires(Permission.VIEW)
@require_GET
def listing(request, reference):
    """The escalations of one engagement, open ones first."""
    now = timezone.now()
    found = panels.cards(Escalation.objects.filter(engagement=request.engagement), now)
    return render(request, "escalation/list.html", {"cards": found, "now": now})


@requires(Permission.VIEW)
@require_GET
def detail(request, reference, number):
    """One escalation with its clock, path, log and everything one may do."""
    escalation = one_of(request, number)
    return render(request, "escalation/detail.html", context_of(request, escalation, timezone.now()))


@requires(Permission.VIEW)
@require_GET
def state(request, reference, number):
    """The part of the page that others change: asked for again when the stream says so."""
    escalation = one_of(request, number)
    return render(request, "escalation/_state.html", fragment_of(request, escalation, timezone.now()))


@requires(Permission.ESCALATE)
@require_http_methods(["GET", "POST"])
def open_new(request, reference):
    """Open an escalation, and note its case when there is one already."""
    now, engagement = timezone.now(), request.engagement
    with timezone.override(ZoneInfo(engagement.time_zone)):
        form = OpenForm(request.POST or None, initial=_first_guess(request, now))
        if request.method == "POST" and form.is_valid():
            escalation = _opened(request, form, now)
            if escalation:
                return redirect("escalation:detail", reference, escalation.number)
        policy = promises.freeze(engagement, now=now)
        context = {"form": form, "severities": panels.severity_rows(policy), "now": now}
        return render(request, "escalation/open.html", context, status=422 if form.errors else 200)


def _first_guess(request, now) -> dict:
    """What is known already: the signal that led here, and the present time."""
    return {
        "detected_at": now,
        "lane": "technical",
        "owner_name": request.user.name,
        "title": request.GET.get("title", "")[:200],
    }


def _opened(request, form: OpenForm, now) -> Escalation | None:
    """The new escalation, or None with the reasons put beside the fields."""
    words = dict(form.cleaned_data)
    case_id, case_at, why = words.pop("case_id"), words.pop("case_at"), words.pop("case_reason")
    try:
        with transaction.atomic():
            escalation = actions.open_escalation(
                engagement=request.engagement, by=request.user, now=now, **words
            )
            if case_id:
                actions.case_opened(
                    escalation=escalation, case_id=case_id, at=case_at, reason=why, by=request.user, now=now
                )
    except ValidationError as error:
        put_errors(form, error, {"at": "case_at", "reason": "case_reason"})
        return None
    return escalation


def put_errors(form, error: ValidationError, names: dict[str, str] | None = None) -> None:
    """Put a verb's refusal beside the fields it speaks of; what speaks of none goes on top."""
    by_field = getattr(error, "error_dict", None)
    if by_field is None:
        form.add_error(None, error)
        return
    for field, errors in by_field.items():
        name = (names or {}).get(field, field)
        form.add_error(name if name in form.fields else None, errors)


def one_of(request, number: int) -> Escalation:
    """The escalation of this number in the request's engagement, or 404."""
    escalations = faces.with_clocks(Escalation.objects.filter(engagement=request.engagement))
    return get_object_or_404(escalations, number=number)
