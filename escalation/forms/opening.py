"""A new escalation: what is wrong and how bad; the rest is folded away and may come later."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation import catalog
from escalation.forms._base import NOW, Instant, area

SIGNALS = ("alarm", "health", "step", "report")


def _lanes() -> list[tuple[str, str]]:
    return [(code, code) for code in catalog.lanes()]


class OpenForm(forms.Form):
    """A new escalation, with its case if one is open already."""

    title = forms.CharField(label=_("What is wrong?"), max_length=200)
    symptom = forms.CharField(
        label=_("Symptom"),
        widget=area(3),
        required=False,
        help_text=_("Since when, what users cannot do, what was tried."),
    )
    module = forms.CharField(
        label=_("Module"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "modules", "autocomplete": "off"}),
    )
    restore_target_min = forms.IntegerField(
        label=_("To be restored within, minutes"), required=False, min_value=1, max_value=525_600
    )
    impact = forms.CharField(
        label=_("Impact in one sentence"),
        required=False,
        max_length=2000,
        help_text=_("How many users, how much money, by when."),
    )
    lane = forms.ChoiceField(label=_("Lane"), choices=_lanes)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=lambda: [(code, code) for code in catalog.severities()]
    )
    severity_reason = forms.CharField(label=_("Why this severity"), required=False)
    detected_at = Instant(label=_("Detected"))
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    service = forms.CharField(label=_("AWS service"), max_length=80, required=False)
    region = forms.CharField(label=_("Region"), max_length=20, required=False)
    account_id = forms.RegexField(
        r"^\d{12}$",
        label=_("AWS account"),
        required=False,
        error_messages={"invalid": _("An account number has 12 digits.")},
    )
    resources = forms.CharField(label=_("Resources"), widget=area(2), required=False)
    tried = forms.CharField(label=_("What was tried"), widget=area(2), required=False)
    wanted = forms.CharField(label=_("What is needed from AWS"), widget=area(2), required=False)
    case_id = forms.CharField(
        label=_("Support case number"),
        max_length=80,
        required=False,
        help_text=_("Leave empty until the case is open: the first-answer clock starts with it."),
    )
    case_at = Instant(label=_("Case opened"), required=False, help_text=NOW)
    case_reason = forms.CharField(label=_("Why the case is noted only now"), required=False)
    signal_type = forms.ChoiceField(
        choices=[(kind, kind) for kind in SIGNALS], required=False, widget=forms.HiddenInput
    )
    signal_id = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    signal_label = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    @property
    def has_facts(self) -> bool:
        """Is something typed, or wrong, in the part that is folded at first?"""
        names = ("service", "region", "account_id", "resources", "tried", "wanted")
        return any(self[name].value() or self[name].errors for name in names)

    @property
    def has_case(self) -> bool:
        """The same of the case."""
        return any(self[name].value() or self[name].errors for name in ("case_id", "case_at", "case_reason"))
