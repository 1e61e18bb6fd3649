"""How every act on an escalation is taken: checked, done, or refused beside its fields without losing a letter."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from escalation import actions
from escalation.models import Escalation
from escalation.views.detail import context_of
from escalation.views.pages import one_of, put_errors


def act(request, number: int, name: str, form_class, verb: Callable, *, shows_result=False, **form_words):
    """Check the form, call the verb, go back to the page; 422 or 409 with the form as it was typed.

    ``shows_result``: the verb answers another escalation, whose page is shown.
    Values of ``form_words`` that can be called are called with the request and the escalation.
    """
    now = timezone.now()
    escalation = one_of(request, number)
    with timezone.override(ZoneInfo(request.engagement.time_zone)):
        words = {
            key: value(request, escalation) if callable(value) else value for key, value in form_words.items()
        }
        form = form_class(request.POST, prefix=name, **words)
        status = 422
        if form.is_valid():
            try:
                done = verb(escalation=escalation, by=request.user, now=now, **form.cleaned_data)
            except ValidationError as error:
                put_errors(form, error)
            except actions.StaleWrite as stale:
                form, status = _retyped(form, stale.escalation, words), 409
            else:
                shown = done.number if shows_result else number
                return redirect("escalation:detail", request.engagement.reference, shown)
        return refused(request, escalation, name, form, now, status)


def _retyped(form, current: Escalation, words: dict):
    """The form with everything typed, now on top of the version that is stored."""
    data = form.data.copy()
    data[form.add_prefix("base_version")] = current.version
    again = type(form)(data, prefix=form.prefix, **words)
    again.full_clean()
    again.add_error(None, _("Somebody changed this meanwhile. Look at the page above, then send again."))
    return again


def refused(request, escalation: Escalation, name: str, form, now, status: int):
    """The whole page again, with this form open."""
    # Read again: a refusal may have come from what somebody else just saved.
    current = one_of(request, escalation.number)
    context = context_of(request, current, now, bound={name: form})
    return render(request, "escalation/detail.html", context, status=status)
