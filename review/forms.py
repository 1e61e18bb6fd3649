"""What people type into a report: the verdict in words, and measured values."""

from django import forms
from django.utils.translation import gettext_lazy as _

from review.models import Report


class WordsForm(forms.ModelForm):
    """Verdict and texts, on top of the version the writer saw."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ["verdict", "summary", "went_well", "to_improve"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "went_well": forms.Textarea(attrs={"rows": 3}),
            "to_improve": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "verdict": _("Leave empty to show what the numbers suggest."),
            "summary": _("One paragraph: what was to happen, what happened, what it means."),
        }


class MeasureForm(forms.Form):
    """The measured value of one criterion."""

    actual = forms.CharField(label=_("Measured value"), max_length=30, required=False)
    note = forms.CharField(label=_("How it was measured"), max_length=500, required=False)
    base_version = forms.IntegerField(widget=forms.HiddenInput)
