"""What the forms of escalations have in common."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class Instant(forms.DateTimeField):
    """A date and time of the engagement's zone, typed with the browser's own picker."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


def area(rows: int = 3) -> forms.Textarea:
    """A box of this many lines."""
    return forms.Textarea(attrs={"rows": rows})


class ActForm(forms.Form):
    """Every act on an escalation says which version its writer saw."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)


NOW = _("Leave empty to use the present time.")
