"""What is known about an escalation, to be filled in as it becomes known."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.forms._base import area
from escalation.models import Escalation


class FactsForm(forms.ModelForm):
    """The facts of a support case; another restore target wants a reason."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why the objective changes"),
        required=False,
        help_text=_("Needed when the time to restore gets another objective."),
    )

    class Meta:
        model = Escalation
        fields = [
            "title", "symptom", "impact", "module", "restore_target_min", "service", "region", "account_id",
            "resources", "tried", "wanted", "workaround", "cause",
        ]  # fmt: skip
        widgets = {
            "symptom": area(3),
            "impact": area(2),
            "resources": area(2),
            "tried": area(2),
            "wanted": area(2),
            "workaround": area(2),
            "module": forms.TextInput(attrs={"list": "modules", "autocomplete": "off"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.label:
                field.label = str(field.label)[:1].upper() + str(field.label)[1:]

    def _post_clean(self) -> None:
        """The verb checks and writes; the instance stays as it is stored."""
