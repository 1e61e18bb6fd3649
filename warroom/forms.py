"""What may be typed about a step and into a status update."""

from django import forms
from django.utils.translation import gettext_lazy as _

from iem_portal.templatetags.portal import pick
from warroom import gatebook
from warroom.models import Step

#: Which fields each action asks for, in order; its title and the word on its button.
ACTIONS = {
    "start": (_("Start %(code)s"), _("Start"), ("is_for_owner", "at", "reason")),
    "finish": (
        _("Mark %(code)s done"),
        _("Mark done"),
        ("is_criterion_met", "evidence", "file", "deviation", "is_for_owner", "at", "reason"),
    ),
    "fail": (_("%(code)s failed"), _("Record the failure"), ("reason", "at")),
    "retry": (_("Try %(code)s again"), _("Try again"), ("reason",)),
    "around": (_("Work around %(code)s"), _("Done with deviation"), ("deviation",)),
    "stop": (_("Stop the stream of %(code)s"), _("Stop the stream"), ("reason",)),
    "call": (_("Call the gate for %(code)s"), _("Call the gate"), ("reason",)),
    "block": (_("Block %(code)s"), _("Block"), ("reason",)),
    "unblock": (_("Let %(code)s go on"), _("Go on"), ()),
    "skip": (_("Skip %(code)s"), _("Skip"), ("reason",)),
    "approve-skip": (_("Approve skipping %(code)s"), _("Approve skipping"), ()),
    "refuse-skip": (_("Do not skip %(code)s"), _("Do not skip"), ("reason",)),
    "reopen": (_("Reopen %(code)s"), _("Reopen"), ("reason",)),
    "note": (_("Note on %(code)s"), _("Save note"), ("note",)),
    "evidence": (_("Evidence for %(code)s"), _("Save evidence"), ("evidence", "file")),
    "decide": (_("Decide %(code)s"), _("Record the decision"), ("decision", "reason")),
}
REASON_IS_OPTIONAL = {"start", "finish", "decide", "retry", "refuse-skip"}


class StepForm(forms.Form):
    """The fields of one action on one step; times are read in the active time zone (the event's)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    is_criterion_met = forms.BooleanField(label=_("Criterion met"), required=False)
    is_for_owner = forms.BooleanField(label=_("I act for the owner of this step"), required=False)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        help_text=_("A link, an id, a count: what proves it."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("A screenshot, a report, a log; 20 MB at most."),
    )
    deviation = forms.CharField(
        label=_("Deviation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=_("What was done otherwise than planned; empty when nothing was."),
    )
    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, required=False)
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
        if not (step.owner_id or step.deputy_id):
            wanted.discard("is_for_owner")
        if action == "finish" and not step.is_evidence_required:
            wanted -= {"evidence", "file"}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        if "decision" in self.fields:
            offered = gatebook.gate(step.gate_key)["outcomes"]
            # "go" and "hold" are understood at every gate: programs and older pages say them.
            names = dict.fromkeys([*offered, *(("go", "hold") if self.is_bound else ())])
            self.fields["decision"].choices = [(key, pick(gatebook.label_of(key))) for key in names]
        if action == "around":
            self.fields["deviation"].required = True
        if "reason" in self.fields and action not in REASON_IS_OPTIONAL:
            self.fields["reason"].required = True
        if "note" in self.fields:
            self.fields["note"].required = True

    def clean(self) -> dict:
        """What was refused already is refused with its file."""
        if self.errors:
            self.ask_again_for_the_file()
        return self.cleaned_data

    def ask_again_for_the_file(self) -> None:
        """A page cannot send a file a second time: whoever is refused chooses it once more."""
        if self.cleaned_data.get("file"):
            self.add_error("file", _("Choose the file again."))

    def words(self) -> dict:
        """The cleaned fields as the keyword arguments of the verb."""
        return dict(self.cleaned_data.items())
