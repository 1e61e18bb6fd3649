"""How escalations belong together, how one goes on after its end, and who of the management is on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation import catalog
from escalation.forms._base import NOW, ActForm, Instant, area


class ReopenForm(ActForm):
    """It broke again, or was no duplicate."""

    reason = forms.CharField(label=_("Why it is open again"))
    at = Instant(label=_("Open again since"), required=False, help_text=NOW)
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)


class FollowForm(ActForm):
    """It is back long after its end."""

    reason = forms.CharField(label=_("What is back"), widget=area(2))


class OtherForm(ActForm):
    """Another escalation of the same engagement."""

    other = forms.TypedChoiceField(label=_("Escalation"), coerce=int)
    reason = forms.CharField(label=_("What connects them"))

    def __init__(self, *args, others=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "—"), *others]


class MergeForm(ActForm):
    """It is the same problem as another."""

    into = forms.TypedChoiceField(label=_("Goes on as"), coerce=int)
    reason = forms.CharField(label=_("Why it is the same problem"))

    def __init__(self, *args, others=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", "—"), *others]


class UnlinkForm(ActForm):
    """A link was wrong."""

    link_id = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why they do not belong together"))


class SplitForm(ActForm):
    """A part of it gets clocks of its own."""

    title = forms.CharField(label=_("What is the part?"), max_length=200)
    severity = forms.ChoiceField(label=_("Severity"))
    lane = forms.ChoiceField(label=_("Lane"))
    reason = forms.CharField(label=_("Why it is split off"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows, lanes = catalog.severities(), catalog.lanes()
        self.fields["severity"].choices = [(code, catalog.in_words(rows[code]["label"])) for code in rows]
        self.fields["lane"].choices = [(code, catalog.in_words(lanes[code]["label"])) for code in lanes]


class StartLaneForm(ActForm):
    """Work in the other lane too."""

    title = forms.CharField(label=_("What is done there?"), max_length=200)
    severity = forms.ChoiceField(label=_("Severity"))
    owner_name = forms.CharField(label=_("Owner"), max_length=120, required=False)
    reason = forms.CharField(label=_("Why that lane is needed too"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = catalog.severities()
        self.fields["severity"].choices = [(code, catalog.in_words(rows[code]["label"])) for code in rows]


class ChainForm(ActForm):
    """A level of the customer's management comes in."""

    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    owner_name = forms.CharField(label=_("Who is on it"), max_length=120)
    note = forms.CharField(
        label=_("Note"), required=False, help_text=_("Needed when a level is left out."), widget=area(2)
    )

    def __init__(self, *args, levels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels


class ChainBackForm(ActForm):
    """A level of the management is not needed any more."""

    level = forms.TypedChoiceField(label=_("Back to"), coerce=int)
    reason = forms.CharField(label=_("Why it goes back"))

    def __init__(self, *args, levels=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels
