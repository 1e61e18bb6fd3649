"""What people do to an escalation, typed; times are read in the active time zone (the engagement's)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import TimelineEntry
from escalation import catalog
from escalation.forms._base import NOW, ActForm, Instant, area
from escalation.models import Communication, Escalation


def _lanes() -> list[tuple[str, str]]:
    return [(code, code) for code in catalog.lanes()]


class CaseForm(ActForm):
    """The support case, opened here or elsewhere."""

    case_id = forms.CharField(label=_("Support case number"), max_length=80)
    at = Instant(label=_("Opened"), required=False, help_text=NOW)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Needed when the case is older than five minutes, or changes."),
    )


class AnswerForm(ActForm):
    """AWS's first answer."""

    how = forms.ChoiceField(label=_("How AWS answered"), choices=Escalation.Answer)
    at = Instant(label=_("Answered"), required=False, help_text=NOW)
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when a recorded time or breach is corrected.")
    )


class HandOverForm(ActForm):
    """Another level or owner."""

    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    note = forms.CharField(
        label=_("Hand-over note"),
        widget=area(2),
        required=False,
        help_text=_("What is known, what was tried, what is needed next."),
    )
    told = forms.CharField(
        label=_("What the customer hears"),
        widget=area(2),
        required=False,
        help_text=_("Counts as an update. Left empty, the path says that the customer was not told."),
    )

    def __init__(self, *args, levels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels


class LaneForm(ActForm):
    """The other lane."""

    lane = forms.ChoiceField(choices=_lanes, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why the lane changes"))
    told = forms.CharField(label=_("What the customer hears"), widget=area(2), required=False)


class SeverityForm(ActForm):
    """Another severity; ``is_confirmed`` comes with the preview."""

    severity = forms.ChoiceField(
        label=_("Severity"), choices=lambda: [(code, code) for code in catalog.severities()]
    )
    reason = forms.CharField(label=_("Why the severity changes"))
    is_confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class RestoredForm(ActForm):
    """The service works again."""

    at = Instant(label=_("Works again since"), required=False, help_text=NOW)
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when a recorded time is corrected.")
    )


class ResolveForm(ActForm):
    """The end."""

    resolution = forms.CharField(label=_("What solved it"), widget=area(2))


class SayForm(forms.Form):
    """One thing said to somebody, and what it counts as."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Communication.Channel)
    audience = forms.ChoiceField(label=_("Who may read it"), choices=TimelineEntry.Audience, required=False)
    text = forms.CharField(
        label=_("What was said"), widget=forms.Textarea(attrs={"rows": 2, "data-key": "m"})
    )
    is_update = forms.BooleanField(label=_("Counts as an update to the customer"), required=False)
    is_answer = forms.BooleanField(label=_("Counts as AWS's first answer"), required=False)
    at = Instant(label=_("When it was said"), required=False, help_text=NOW)
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when a recorded time or breach is corrected.")
    )

    @property
    def is_late(self) -> bool:
        """Is something typed, or wrong, in the folded part?"""
        return any(self[name].value() or self[name].errors for name in ("at", "reason"))


class AskForm(ActForm):
    """Somebody asked AWS Support for an answer."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Communication.Channel)
    text = forms.CharField(label=_("What was asked"), widget=area(2))
    at = Instant(label=_("When it was said"), required=False, help_text=NOW)


class AcknowledgeForm(ActForm):
    """Somebody has it."""

    note = forms.CharField(label=_("Note"), required=False)


class SnoozeForm(ActForm):
    """Quiet until a chosen time."""

    until = Instant(label=_("Quiet until"))
    reason = forms.CharField(label=_("Why nobody needs to be told meanwhile"))


class WaitForm(ActForm):
    """AWS cannot go on without the customer."""

    code = forms.ChoiceField(label=_("AWS waits for"), choices=Escalation.Waiting)
    reason = forms.CharField(label=_("What is missing"))
    until = Instant(
        label=_("Until"), required=False, help_text=_("Empty: until somebody says that it goes on.")
    )


class WaitOverForm(ActForm):
    """The customer did their part."""

    at = Instant(label=_("Goes on since"), required=False, help_text=NOW)
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when it is noted only now.")
    )


class NewCaseForm(ActForm):
    """Another case after one that AWS answered."""

    case_id = forms.CharField(label=_("Number of the new case"), max_length=80)
    at = Instant(label=_("Opened"), required=False, help_text=NOW)
    reason = forms.CharField(label=_("Why there is another case"))
