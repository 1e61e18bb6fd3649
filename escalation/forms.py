"""What people type about an escalation; times are read in the active time zone (the engagement's)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import TimelineEntry
from escalation import catalog
from escalation.models import Communication, Escalation


class Instant(forms.DateTimeField):
    """A date and time of the engagement's zone, typed with the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _lanes() -> list[tuple[str, str]]:
    return [(code, code) for code in catalog.lanes()]


class OpenForm(forms.Form):
    """A new escalation, with its case if one is open already."""

    title = forms.CharField(label=_("What is wrong?"), max_length=200)
    symptom = forms.CharField(
        label=_("Symptom and impact"),
        widget=_area(4),
        required=False,
        help_text=_("Since when, what users cannot do, what was tried."),
    )
    lane = forms.ChoiceField(label=_("Lane"), choices=_lanes)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=lambda: [(code, code) for code in catalog.severities()]
    )
    severity_reason = forms.CharField(label=_("Why this severity"), required=False)
    detected_at = Instant(label=_("Detected"))
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    case_id = forms.CharField(
        label=_("Support case number"),
        max_length=80,
        required=False,
        help_text=_("Leave empty until the case is open: the first-answer clock starts with it."),
    )
    case_at = Instant(
        label=_("Case opened"), required=False, help_text=_("Leave empty to use the present time.")
    )
    case_reason = forms.CharField(label=_("Why the case is noted only now"), required=False)


class ActForm(forms.Form):
    """Every act on an escalation says which version its writer saw."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)


class CaseForm(ActForm):
    """The support case, opened here or elsewhere."""

    case_id = forms.CharField(label=_("Support case number"), max_length=80)
    at = Instant(label=_("Opened"), required=False, help_text=_("Leave empty to use the present time."))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("Needed when the case is older than five minutes, or changes."),
    )


class AnswerForm(ActForm):
    """AWS's first answer."""

    how = forms.ChoiceField(label=_("How AWS answered"), choices=Escalation.Answer)
    at = Instant(label=_("Answered"), required=False, help_text=_("Leave empty to use the present time."))
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when a recorded time or breach is corrected.")
    )


class HandOverForm(ActForm):
    """Another level or owner."""

    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    note = forms.CharField(
        label=_("Hand-over note"),
        widget=_area(2),
        required=False,
        help_text=_("What is known, what was tried, what is needed next."),
    )

    def __init__(self, *args, levels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels


class LaneForm(ActForm):
    """The other lane."""

    lane = forms.ChoiceField(choices=_lanes, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why the lane changes"))


class SeverityForm(ActForm):
    """Another severity; ``is_confirmed`` comes with the preview."""

    severity = forms.ChoiceField(
        label=_("Severity"), choices=lambda: [(code, code) for code in catalog.severities()]
    )
    reason = forms.CharField(label=_("Why the severity changes"))
    is_confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class RestoredForm(ActForm):
    """The service works again."""

    at = Instant(
        label=_("Works again since"), required=False, help_text=_("Leave empty to use the present time.")
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, help_text=_("Needed when a recorded time is corrected.")
    )


class ResolveForm(ActForm):
    """The end."""

    resolution = forms.CharField(label=_("What solved it"), widget=_area(2))


class SayForm(forms.Form):
    """One thing said to somebody."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Communication.Channel)
    audience = forms.ChoiceField(label=_("Who may read it"), choices=TimelineEntry.Audience, required=False)
    text = forms.CharField(label=_("What was said"), widget=_area(2))
