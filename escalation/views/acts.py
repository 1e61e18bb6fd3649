"""What people do to an escalation: one small form each, refused beside its fields, never losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from escalation import actions, faces
from escalation.forms import (
    AnswerForm,
    CaseForm,
    HandOverForm,
    LaneForm,
    ResolveForm,
    RestoredForm,
    SayForm,
    SeverityForm,
)
from escalation.models import Escalation
from escalation.views.detail import context_of, levels_of
from escalation.views.pages import one_of, put_errors


def _act(request, number: int, name: str, form_class, verb: Callable, **form_words):
    """Check the form, call the verb, go back to the page; 422 or 409 with the form as it was typed."""
    now = timezone.now()
    escalation = one_of(request, number)
    with timezone.override(ZoneInfo(request.engagement.time_zone)):
        if callable(form_words.get("levels")):
            form_words["levels"] = form_words["levels"](request, escalation)
        form = form_class(request.POST, prefix=name, **form_words)
        status = 422
        if form.is_valid():
            try:
                verb(escalation=escalation, by=request.user, now=now, **form.cleaned_data)
            except ValidationError as error:
                put_errors(form, error)
            except actions.StaleWrite as stale:
                form, status = _retyped(form, stale.escalation), 409
            else:
                return redirect("escalation:detail", request.engagement.reference, number)
        return _refused(request, escalation, name, form, now, status)


def _retyped(form, current: Escalation):
    """The form with everything typed, now on top of the version that is stored."""
    data = form.data.copy()
    data[form.add_prefix("base_version")] = current.version
    again = type(form)(data, prefix=form.prefix)
    for field, old in form.fields.items():
        if hasattr(old, "choices"):
            again.fields[field].choices = old.choices
    again.full_clean()
    again.add_error(None, _("Somebody changed this meanwhile. Look at the page above, then send again."))
    return again


def _refused(request, escalation: Escalation, name: str, form, now, status: int):
    # Read again: a refusal may have come from what somebody else just saved.
    current = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    context = context_of(request, current, now, bound={name: form})
    return render(request, "escalation/detail.html", context, status=status)


@requires(Permission.ESCALATE)
@require_POST
def case(request, reference, number):
    """Note the support case; the first-answer clock starts at its creation."""
    return _act(request, number, "case", CaseForm, actions.case_opened)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def answer(request, reference, number):
    """Stop the first-answer clock."""
    return _act(request, number, "answer", AnswerForm, actions.answered)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def hand_over(request, reference, number):
    """Another level or owner."""
    return _act(request, number, "hand_over", HandOverForm, actions.hand_over, levels=levels_of)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def lane(request, reference, number):
    """The other lane."""
    return _act(request, number, "lane", LaneForm, actions.change_lane)


@requires(Permission.ESCALATE)
@require_POST
def restored(request, reference, number):
    """The service works again."""
    return _act(request, number, "restored", RestoredForm, actions.restored)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def resolve(request, reference, number):
    """The end of it."""
    return _act(request, number, "resolve", ResolveForm, actions.resolved)


@requires(Permission.ESCALATE)
@require_POST
def say(request, reference, number):
    """Log what was said."""

    def log(*, audience: str = "", **words):
        return actions.add_communication(audience=audience or "all", **words)

    return _act(request, number, "say", SayForm, log)


@requires(Permission.ESCALATE)
@require_POST
def severity(request, reference, number):
    """Show what another severity would do, and do it once that was seen."""
    now = timezone.now()
    form = SeverityForm(request.POST, prefix="severity")
    escalation = one_of(request, number)
    if (
        form.is_valid()
        and not form.cleaned_data["is_confirmed"]
        and form.cleaned_data["severity"] != escalation.severity
    ):
        try:
            preview = actions.preview_severity(
                escalation=escalation, severity=form.cleaned_data["severity"], now=now
            )
        except ValidationError as error:
            put_errors(form, error)
            return _refused(request, escalation, "severity", form, now, 422)
        context = context_of(request, escalation, now, bound={"severity": form}, preview=preview)
        return render(request, "escalation/detail.html", context)

    def change(*, is_confirmed: bool, **words):
        return actions.change_severity(**words)

    return _act(request, number, "severity", SeverityForm, change)
