"""What may be typed about a step and into a status update."""

from django import forms
from django.utils.translation import gettext_lazy as _

from warroom.models import Step

#: Which fields each action asks for, in order; its title and the word on its button.
ACTIONS = {
    "start": (_("Start %(code)s"), _("Start"), ("at", "reason")),
    "finish": (_("Mark %(code)s done"), _("Mark done"), ("is_criterion_met", "at", "reason")),
    "block": (_("Block %(code)s"), _("Block"), ("reason",)),
    "unblock": (_("Let %(code)s go on"), _("Go on"), ()),
    "skip": (_("Skip %(code)s"), _("Skip"), ("reason",)),
    "reopen": (_("Reopen %(code)s"), _("Reopen"), ("reason",)),
    "note": (_("Note on %(code)s"), _("Save note"), ("note",)),
    "decide": (_("Decide %(code)s"), _("Record the decision"), ("decision", "reason")),
}
REASON_IS_OPTIONAL = {"start", "finish", "decide"}


class StepForm(forms.Form):
    """The fields of one action on one step; times are read in the active time zone (the event's)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_criterion_met = forms.BooleanField(label=_("Criterion met"), required=False)
    decision = forms.ChoiceField(
        label=_("Decision"), choices=Step.Decision.choices[1:], widget=forms.RadioSelect, required=False
    )
    at = forms.DateTimeField(
        label=_("Happened at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave empty for now. An earlier time wants a reason; both times are kept."),
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args, step: Step, action: str, **kwargs):
        super().__init__(*args, **kwargs)
        wanted = {"version", *ACTIONS[action][2]}
        if not step.criterion:
            wanted.discard("is_criterion_met")
        for name in set(self.fields) - wanted:
            del self.fields[name]
        if "reason" in self.fields and action not in REASON_IS_OPTIONAL:
            self.fields["reason"].required = True
        if "note" in self.fields:
            self.fields["note"].required = True

    def words(self) -> dict:
        """The cleaned fields as the keyword arguments of the verb."""
        return dict(self.cleaned_data.items())
