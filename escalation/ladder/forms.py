"""The rules of telling as people edit them: one small form a rule, read together as one policy."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from escalation import catalog
from escalation.forms import Instant
from escalation.ladder import checking, names, rules
from escalation.models import Clock


def _severities() -> list[tuple[str, str]]:
    return [(code, catalog.in_words(row["label"])) for code, row in catalog.severities().items()]


def _lanes() -> list[tuple[str, str]]:
    return [(code, catalog.in_words(row["label"])) for code, row in catalog.lanes().items()]


class Several(forms.MultipleChoiceField):
    """Some of a short list, as check boxes; none of them means every one, where the field is not required."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **words):
        super().__init__(**({"required": False} | words))


class ScopeForm(forms.Form):
    """Which clocks a line speaks of."""

    kinds = Several(label=gettext_lazy("Clocks"), choices=Clock.Kind.choices)
    severities = Several(label=gettext_lazy("Severities"), choices=_severities)
    lanes = Several(label=gettext_lazy("Lanes"), choices=_lanes)

    def scope(self) -> dict:
        """The stored words of it."""
        return {
            name: self.cleaned_data[name]
            for name in ("kinds", "severities", "lanes")
            if self.cleaned_data[name]
        }


class RuleForm(ScopeForm):
    """Who hears of a stage, and how loudly."""

    stage = forms.ChoiceField(
        label=gettext_lazy("When"), choices=list(names.STAGES.items()), initial=rules.OPENED
    )
    since = forms.IntegerField(
        label=gettext_lazy("From which reminder on"),
        min_value=1,
        max_value=rules.MOST_TIMES,
        initial=1,
        required=False,
    )
    who = Several(label=gettext_lazy("Who is told"))
    way = forms.ChoiceField(
        label=pgettext_lazy("telling", "How"), choices=list(names.WAYS.items()), initial=rules.MAIL
    )
    field_order = ["stage", "since", "who", "way", "kinds", "severities", "lanes"]

    def __init__(self, *args, people: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [*names.RECEIVERS.items(), *people.items()]

    def clean_who(self):
        """A rule that tells nobody is not a rule."""
        if not self.cleaned_data["who"]:
            raise forms.ValidationError(_("Choose who is told."))
        return self.cleaned_data["who"]

    def stored(self) -> dict:
        """The rule as it is kept."""
        data = self.cleaned_data
        row = {"stage": data["stage"], "who": data["who"], "way": data["way"]} | self.scope()
        if data["stage"] == rules.AGAIN and (data["since"] or 1) > 1:
            row["since"] = data["since"]
        return row


class TermForm(ScopeForm):
    """How a missed deadline goes on, and what an acknowledgement is worth."""

    again_min = forms.IntegerField(
        label=gettext_lazy("Reminder every, minutes"), min_value=0, max_value=rules.LONGEST_MIN,
        help_text=gettext_lazy("0: no reminders."),
    )  # fmt: skip
    again_times = forms.IntegerField(
        label=gettext_lazy("How many reminders"), min_value=0, max_value=rules.MOST_TIMES
    )
    ack_min = forms.IntegerField(
        label=gettext_lazy("An acknowledgement lasts, minutes"), min_value=1, max_value=rules.LONGEST_MIN
    )
    needs = forms.ChoiceField(label=gettext_lazy("Who must acknowledge"), choices=list(names.NEEDS.items()))
    quiet = forms.CharField(
        label=gettext_lazy("Quiet hours"),
        max_length=11,
        required=False,
        help_text=gettext_lazy(
            "Such as 22:00-07:00, in each receiver's own zone. What comes then waits, and is told at their end."
        ),
    )
    field_order = ["severities", "kinds", "lanes", "again_min", "again_times", "ack_min", "needs", "quiet"]

    def clean_quiet(self):
        """Two times of the day, and never for the 15-minute class."""
        text = self.cleaned_data["quiet"].replace(" ", "").replace("–", "-")
        try:
            rules.quiet_hours(text)
        except ValueError:
            raise forms.ValidationError(_("Give two times of the day, such as 22:00-07:00.")) from None
        if text and checking.covers_loud_class({"severities": self.cleaned_data.get("severities")}):
            raise forms.ValidationError(_("The 15-minute class is never quiet. Choose other severities."))
        return text

    def stored(self) -> dict:
        """The term as it is kept."""
        own = ("again_min", "again_times", "ack_min", "needs", "quiet")
        return self.scope() | {name: self.cleaned_data[name] for name in own}


class _Lines(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Take this line out")

    @property
    def stored(self) -> list[dict]:
        """The lines that stay, in their order."""
        kept = [form for form in self.forms if form.has_changed() or form in self.initial_forms]
        return [form.stored() for form in kept if not form.cleaned_data.get("DELETE")]


_words = {
    "formset": _Lines,
    "can_delete": True,
    "max_num": checking.MOST_LINES,
    "absolute_max": checking.MOST_LINES + 1,
}
RuleLines = forms.formset_factory(RuleForm, extra=1, **_words)
TermLines = forms.formset_factory(TermForm, extra=0, **_words)


class DrillDaysForm(forms.Form):
    """How long a drill counts."""

    drill_days = forms.IntegerField(
        label=gettext_lazy("A test page counts for, days"),
        min_value=1,
        max_value=checking.MOST_DRILL_DAYS,
        help_text=gettext_lazy("The event's gate asks for one that is no older."),
    )


class MuteForm(forms.Form):
    """An agreed quiet; times are read in the engagement's zone."""

    starts_at = Instant(
        label=gettext_lazy("From"), required=False, help_text=gettext_lazy("Leave empty to begin now.")
    )
    ends_at = Instant(label=gettext_lazy("Until"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class DrillForm(forms.Form):
    """A test page."""

    note = forms.CharField(label=gettext_lazy("Note to everybody"), max_length=300, required=False)
