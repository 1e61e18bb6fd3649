"""What broke on this escalation, and the question where the time went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.access import Permission
from escalation.attainment import causes, reading
from escalation.attainment.judging import Promise
from escalation.models import BreachCause, Clock, Escalation
from iem_portal.spans import seconds_text
from iem_portal.templatetags.portal import instant_text


@dataclass(frozen=True)
class Breach:
    """A promise that was broken, as a page tells it."""

    promise: Promise
    name: str
    cause: BreachCause | None
    may_know: bool = True


class CauseForm(forms.Form):
    """One cause for one breach or several."""

    breaches = forms.MultipleChoiceField(
        label=_("Breaches that this explains"), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(
        label=_("Where the time went"), choices=[("", _("Choose")), *BreachCause.Kind.choices]
    )
    text = forms.CharField(
        label=_("In a sentence"),
        max_length=causes.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Goes into the review report. The customer reads it, unless it is about a level inside AWS."
        ),
    )

    def __init__(self, *args, breaches: list[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["breaches"].choices = breaches


def breaches_of(escalation: Escalation, now: datetime, *, is_staff: bool) -> list[Breach]:
    """Its breaches with their causes, oldest first. Three queries, one when none broke."""
    broken = [
        one for one in causes.of_escalation(escalation, now) if reading.may_know(one, is_staff=is_staff)
    ]
    known = reading.causes_of(clock__escalation=escalation) if broken else {}
    found = []
    for promise in broken:
        may_know = reading.may_know(promise, is_staff=is_staff)
        cause = known.get((promise.clock, promise.cycle)) if may_know else None
        found.append(Breach(promise, _name(promise, escalation), cause, may_know))
    return found


def breach(case: reading.Case, promise: Promise, *, is_staff: bool) -> Breach:
    """A broken promise of a case that was read as a whole."""
    may_know = reading.may_know(promise, is_staff=is_staff)
    return Breach(promise, _name(promise, case.escalation), case.cause_of(promise), may_know)


def context(escalation: Escalation, request, now: datetime, *, form: CauseForm | None = None) -> dict:
    """The panel; without a broken promise it says nothing."""
    can_see = Permission.SEE_INTERNAL in request.permissions
    found = breaches_of(escalation, now, is_staff=can_see)
    asks = Permission.HANDLE_ESCALATION in request.permissions and found
    return {
        "breaches": found,
        "unexplained": sum(one.may_know and one.cause is None for one in found),
        "cause_form": (form or form_for(found, request.engagement.time_zone)) if asks else None,
        "is_cause_refused": form is not None,
        "zone": request.engagement.time_zone,
    }


def form_for(found: list[Breach], zone: str, data=None) -> CauseForm:
    """The form about these breaches; those without a cause are chosen already, but never both sides at once."""
    choices = [(one.promise.key, choice_text(one, zone)) for one in found]
    left = [one for one in found if one.cause is None]
    seen = [one for one in left if reading.may_know(one.promise, is_staff=False)]
    open_ones = [one.promise.key for one in seen or left]
    return CauseForm(data, prefix="cause", initial={"breaches": open_ones}, breaches=choices)


def choice_text(breach: Breach, zone: str) -> str:
    """First answer, due 14:02, 3 min late."""
    due = breach.promise.breached_at or breach.promise.due_at
    parts = [breach.name, instant_text(due, zone) if due else ""]
    late = breach.promise.late_s
    if late:
        parts.append("+" + seconds_text(late))
    return " · ".join(part for part in parts if part)


def _name(promise: Promise, escalation: Escalation) -> str:
    label = str(Clock.Kind(promise.kind).label)
    level = causes.level_words(promise, escalation.lane)
    return f"{label}: {level}" if level else label
