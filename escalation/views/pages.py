"""The pages of escalations: mine, of one engagement, one alone, and a new one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires, signed_in
from escalation import actions, faces, inside, matrix, panels, promises
from escalation.forms import OpenForm
from escalation.models import Escalation
from escalation.views.detail import (
    acts_of,
    context_of,
    facts_of,
    fragment_of,
    head_of,
    modules_of,
    more_of,
    read,
    said_of,
    sees_inside,
    side_of,
    told_of,
)

# Facts for the case that are written with the opening; the others are words of the verb itself.
FACTS = ("impact", "service", "region", "account_id", "resources", "tried", "wanted")
PARTS = {
    "": ("escalation/_state.html", head_of),
    "path": ("escalation/_path.html", fragment_of),
    "said": ("escalation/_log.html", said_of),
    "facts": ("escalation/_facts.html", facts_of),
    "acts": ("escalation/_acts.html", acts_of),
    "more": ("escalation/_acts.html", more_of),
    "steps": ("escalation/_steps.html", read),
    "told": ("escalation/_told.html", told_of),
    "side": ("escalation/_side.html", side_of),
}


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
    everything = Escalation.objects.filter(engagement=request.engagement)
    found = panels.cards(everything, now, is_staff=sees_inside(request))
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
    """A part of the page that others change (``?part=``): asked for again when the stream says so."""
    escalation, now = one_of(request, number), timezone.now()
    template, context = PARTS.get(request.GET.get("part", ""), PARTS[""])
    with timezone.override(ZoneInfo(request.engagement.time_zone)):
        return render(request, template, context(request, escalation, now))


@requires(Permission.ESCALATE)
@require_http_methods(["GET", "POST"])
def open_new(request, reference):
    """Open an escalation, and note its case when there is one already."""
    now, engagement = timezone.now(), request.engagement
    with timezone.override(ZoneInfo(engagement.time_zone)):
        known = modules_of(engagement.pk)
        form = OpenForm(request.POST or None, initial=_first_guess(request, now, known))
        if request.method == "POST" and form.is_valid():
            escalation = _opened(request, form, now)
            if escalation:
                return redirect("escalation:detail", reference, escalation.number)
        policy = promises.freeze(engagement, now=now)
        context = {"form": form, "severities": panels.severity_rows(policy), "now": now, "modules": known}
        return render(request, "escalation/open.html", context, status=422 if form.errors else 200)


def _first_guess(request, now, known: list) -> dict:
    """What is known already: the signal that led here, the module's severity and target, whom WB22 names first."""
    given = request.GET
    guess = {
        "detected_at": now,
        "lane": "technical",
        "owner_name": request.user.name,
        "title": given.get("title", "")[:200],
        "module": given.get("module", "")[:120],
        "signal_type": given.get("signal", "")[:20],
        "signal_id": given.get("id", "")[:200],
        "signal_label": given.get("title", "")[:200],
    }
    first = matrix.read(request.engagement.pk).at(guess["lane"], 0)
    if first:
        guess["owner_name"] = first[0].who[:120]
    for module in known:
        if guess["module"] and module.name == guess["module"]:
            guess |= {"severity": module.severity, "restore_target_min": module.restore_min}
    return guess


def _opened(request, form: OpenForm, now) -> Escalation | None:
    """The new escalation, or None with the reasons put beside the fields."""
    words = dict(form.cleaned_data)
    case_id, case_at, why = words.pop("case_id"), words.pop("case_at"), words.pop("case_reason")
    facts = {name: words.pop(name) for name in FACTS if name in words}
    signal = {name: words.pop(f"signal_{name}") for name in ("type", "id", "label")}
    try:
        with transaction.atomic():
            escalation = actions.open_escalation(
                engagement=request.engagement,
                by=request.user,
                now=now,
                signal=signal if signal["type"] and signal["id"] else None,
                facts=facts,
                **words,
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
    """The escalation of this number in the request's engagement as this side may know it, or 404."""
    escalations = faces.with_clocks(Escalation.objects.filter(engagement=request.engagement))
    return inside.seen(get_object_or_404(escalations, number=number), is_staff=sees_inside(request))
