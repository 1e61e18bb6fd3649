"""The overview of one engagement, its edit page, and the fragments that load after it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements import actions, catalog, criteria, feed, overview, phases
from engagements.access import Permission, audience, requires
from engagements.errors import Conflict, InvalidValue
from engagements.forms import EditForm
from engagements.row_forms import AccountForm
from engagements.views.shared import base_version, see_other
from iem_portal.registry import figures

ACTIVITY = 8


@requires(Permission.VIEW)
@require_safe
def overview_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ruler, next actions, success criteria, gate, readiness, team and activity."""
    now, engagement = timezone.now(), request.engagement
    lines = overview.actions(engagement, now)
    pressing = [line for line in lines if overview.is_pressing(line, engagement.phase, now)]
    order = "due" if request.GET.get("by") == "due" else "owner"
    done = sum(1 for line in lines if line.milestone.done_at)
    context = {
        "now": now,
        "drawing": overview.drawing(engagement, now),
        "phase_notes": overview.phase_notes(engagement, done, len(lines)),
        "groups": overview.by_owner(pressing) if order == "owner" else [("", pressing)],
        "order": order,
        "open_count": sum(1 for line in lines if not line.milestone.done_at),
        "pressing_count": len(pressing),
        "overdue": sum(1 for line in lines if line.kind == "bad"),
        "criteria": list(criteria.of(engagement)),
        "team": overview.team(engagement),
        "lines": feed.lines(engagement, audience=audience(request.user), limit=ACTIVITY),
        "event_type": catalog.event_types().get(engagement.event_type, {}),
        "plan_row": catalog.support_plans().get(engagement.support_plan, {}),
        "accounts": list(engagement.aws_accounts.all()),
        "plan_ends_on": catalog.plan_ends_before(engagement.support_plan, engagement.ends_at.date()),
    }
    return render(request, "engagements/overview.html", context)


@requires(Permission.VIEW)
@require_safe
def figures_panel(request: HttpRequest, reference: str) -> HttpResponse:
    """What the other parts know about this engagement in a number; asked for after the page."""
    now, engagement = timezone.now(), request.engagement
    facts = {figure.key: figure.for_engagements([engagement], now).get(engagement.pk) for figure in figures}
    context = {"facts": {key: value for key, value in facts.items() if value}, "now": now}
    return render(request, "engagements/_figures.html", context)


@requires(Permission.DRIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Change the facts that need no new dates."""
    engagement = request.engagement
    if request.method != "POST":
        return _edit(request, EditForm.of(engagement))
    form = EditForm.of(engagement, request.POST)
    if not form.is_valid():
        return _edit(request, form, status=422)
    facts = {name: form.cleaned_data[name] for name in actions.EDITABLE}
    try:
        changed = actions.edit_engagement(
            engagement=engagement, facts=facts, base_version=form.cleaned_data["version"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except Conflict as conflict:
        both = [(form[name].label, conflict.theirs[name], mine) for name, mine in conflict.mine.items()]
        form.data = form.data.copy()
        # Saving again now means: I have seen theirs.
        form.data["version"] = str(conflict.current.version)
        return _edit(request, form, status=409, both=both)
    if changed:
        messages.success(request, _("Saved"))
    return see_other(reverse("engagements:overview", args=[reference]))


@requires(Permission.DRIVE)
@require_POST
def add_account(request: HttpRequest, reference: str) -> HttpResponse:
    """Put one more AWS account in scope; htmx gets the panel, so that nothing typed above it is lost."""
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            actions.add_account(
                engagement=request.engagement, new=form.wanted(), by=request.user, now=timezone.now()
            )
        except InvalidValue as invalid:
            for name, message in invalid.errors.items():
                form.add_error(name, message)
    status = 200 if form.is_valid() else 422
    if request.htmx:
        context = _accounts(request, AccountForm() if status == 200 else form)
        return render(request, "engagements/_accounts.html", context, status=status)
    if status == 422:
        return _edit(request, EditForm.of(request.engagement), status=422, account_form=form)
    return see_other(reverse("engagements:edit", args=[reference]) + "#accounts-panel")


def _accounts(request, form: AccountForm | None = None) -> dict:
    return {"accounts": list(request.engagement.aws_accounts.all()), "account_form": form or AccountForm()}


def _edit(request, form: EditForm, status: int = 200, both=(), account_form=None) -> HttpResponse:
    context = _accounts(request, account_form) | {
        "form": form,
        "both": both,
        "programmes": catalog.PROGRAMMES,
        "checked_on": catalog.support_plans_checked_on(),
    }
    return render(request, "engagements/edit.html", context, status=status)


@requires(Permission.DRIVE)
@require_POST
def standing(request: HttpRequest, reference: str) -> HttpResponse:
    """Postpone, cancel, or take up again."""
    try:
        phases.set_standing(
            engagement=request.engagement, standing=request.POST.get("standing", ""),
            reason=request.POST.get("reason", ""), base_version=base_version(request),
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except InvalidValue as invalid:
        messages.error(request, " ".join(invalid.errors.values()))
    except Conflict:
        messages.error(request, _("Somebody changed the engagement meanwhile. Look again."))
    return see_other(reverse("engagements:phase", args=[reference]))
