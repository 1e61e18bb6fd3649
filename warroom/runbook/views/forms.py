"""What may be typed into the header of a runbook, and at a gate."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements import access
from iem_portal.templatetags.portal import pick
from warroom import gatebook
from warroom.models import GateRound, GateVote, Runbook, Step
from warroom.plancheck import NO_RETURN_NONE
from warroom.runbook.heading import ALWAYS
from warroom.runbook.views import merging

LONGEST_MIN = 60 * 24 * 60
PEOPLE = ("commander", "deputy", "scribe", "comms")
MINUTES = (
    "downtime_budget_min", "rto_min", "rpo_min", "safety_margin_min", "fix_forward_min", "fail_back_min",
)  # fmt: skip
MOST_TRIGGERS = 20
#: The names of the form for those of the model that differ.
_OF_FORM = {f"{name}_id": name for name in (*PEOPLE, "rollback")} | {
    "rollback_callers": "callers",
    "rollback_triggers": "triggers",
}


def _local():
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _minutes(label, *, is_needed: bool = False, help_text=""):
    return forms.IntegerField(
        label=label, required=is_needed, min_value=0, max_value=LONGEST_MIN, help_text=help_text
    )


class HeaderForm(forms.Form):
    """The header; instants are read in the zone of the event. Frozen fields are shown and cannot be typed in."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=120)
    commander = forms.ChoiceField(label=_("Commander"), required=False, help_text=_("The final word."))
    deputy = forms.ChoiceField(label=_("Deputy commander"), required=False)
    scribe = forms.ChoiceField(label=_("Scribe"), required=False)
    comms = forms.ChoiceField(label=_("Communications"), required=False)
    t0_at = forms.DateTimeField(
        label=_("T0"), required=False, widget=_local(), help_text=_("Empty: T0 of the event.")
    )
    window_end_at = forms.DateTimeField(
        label=_("End of the window"), required=False, widget=_local(), help_text=_("Empty: end of the event.")
    )
    downtime_budget_min = _minutes(_("Downtime budget (min)"))
    rto_min = _minutes(_("Recovery time objective (min)"))
    rpo_min = _minutes(_("Recovery point objective (min)"))
    safety_margin_min = _minutes(_("Safety margin (min)"), is_needed=True)
    point_of_no_return = forms.ChoiceField(label=_("Point of no return"), required=False)
    rollback = forms.ChoiceField(label=_("Rollback runbook"), required=False)
    fix_forward_min = _minutes(
        _("Fix forward (min)"), help_text=_("What mending takes, before the steps that are left.")
    )
    fail_back_min = _minutes(_("Fail back with data merge (min)"))
    triggers = forms.CharField(
        label=_("Rollback triggers"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: metric; threshold; minutes. Error rate; > 2 %; 10"),
    )
    callers = forms.MultipleChoiceField(
        label=_("Who may call the rollback"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Commander and deputy always may."),
    )

    def __init__(self, data=None, *, runbook: Runbook):
        """`touched` names the fields that were typed in (None: not known), `clashes` those that somebody else
        changed or froze meanwhile."""
        self.runbook = runbook
        self.touched, self.clashes = None, set()
        self.zone = ZoneInfo(runbook.engagement.time_zone)
        members = access.members().filter(engagement=runbook.engagement).order_by("user__name")
        self.people = {str(pk): name for pk, name in members.values_list("user_id", "user__name")}
        with timezone.override(self.zone):
            super().__init__(data, initial=self._initial())
        self._offer()
        self._remember()

    def _remember(self) -> None:
        """Carry what is shown, so that only what was typed is written; a text typed meanwhile stays."""
        with timezone.override(self.zone):
            there = merging.shown(self)
        self.initial["seen"] = json.dumps(there)
        if not self.is_bound:
            return
        data, self.touched, clashes = merging.merge(self.data, there)
        self.clashes = clashes & self.fields.keys()
        if self.touched is not None:
            self.data = data.copy()
            self.data["version"], self.data["seen"] = self.runbook.version, self.initial["seen"]

    def _initial(self) -> dict:
        runbook = self.runbook
        initial = {name: getattr(runbook, name) for name in (*MINUTES, "version", "t0_at", "window_end_at")}
        initial |= {name: str(getattr(runbook, f"{name}_id") or "") for name in (*PEOPLE, "rollback")}
        initial["title"] = pick(runbook.title)
        initial["point_of_no_return"] = runbook.point_of_no_return
        initial["callers"] = [str(one["id"]) for one in runbook.rollback_callers]
        initial["triggers"] = "\n".join(
            f"{one['metric']}; {one['limit']}; {one['minutes']}" for one in runbook.rollback_triggers
        )
        return initial

    def _offer(self) -> None:
        runbook, nobody = self.runbook, ("", "—")
        for name in PEOPLE:
            there = getattr(runbook, name)
            mine = {str(there.pk): there.name} if there else {}
            self.fields[name].choices = [nobody, *(mine | self.people).items()]
        listed = {str(one["id"]): one["name"] for one in runbook.rollback_callers}
        self.fields["callers"].choices = list((listed | self.people).items())
        gates = Step.objects.filter(runbook=runbook, kind=Step.Kind.GATE).order_by("position")
        named = [(code, f"{code} {pick(title)}") for code, title in gates.values_list("code", "title")]
        none = (NO_RETURN_NONE, gettext("None: everything can be taken back"))
        self.fields["point_of_no_return"].choices = [nobody, none, *named]
        plans = Runbook.objects.filter(engagement=runbook.engagement, rehearsal_of=None).exclude(
            pk=runbook.pk
        )
        backs = plans.filter(kind=Runbook.Kind.ROLLBACK)
        self.fields["rollback"].choices = [nobody, *((str(one.pk), pick(one.title)) for one in backs)]
        if not runbook.is_editable:
            for name in set(self.fields) - {*PEOPLE, "version"}:
                self.fields[name].disabled = True

    def full_clean(self):
        """Instants are typed in the zone of the event."""
        with timezone.override(self.zone):
            super().full_clean()

    def clean_triggers(self) -> list[dict]:
        """Each line as metric, limit and minutes."""
        rows = []
        for line in filter(str.strip, self.cleaned_data["triggers"].splitlines()):
            parts = [part.strip() for part in line.split(";")]
            if len(parts) != 3 or not parts[0] or not (parts[2].isascii() and parts[2].isdigit()):
                raise forms.ValidationError(_("Write: metric; threshold; minutes."))
            rows.append(
                {"metric": parts[0][:120], "limit": parts[1][:60], "minutes": min(int(parts[2][:6]), 9999)}
            )
        if len(rows) > MOST_TRIGGERS:
            raise forms.ValidationError(gettext("At most %(count)s.") % {"count": MOST_TRIGGERS})
        return rows

    def clean(self) -> dict:
        """The window ends after T0, and both lie near the event: what is years away cannot be forecast."""
        words = super().clean()
        for name in sorted(self.clashes):
            self.add_error(name, self._clash(name))
        for name in ("t0_at", "window_end_at"):
            if name in self.changed_data and words.get(name) and not is_near(words[name], self.runbook):
                self.add_error(name, far())
        start = words.get("t0_at") or self.runbook.engagement.starts_at
        if words.get("window_end_at") and words["window_end_at"] <= start:
            self.add_error("window_end_at", _("The end is before the start."))
        return words

    def _clash(self, name: str) -> str:
        """What is there now; of a field that was frozen, which shows that already, what was typed."""
        is_frozen = self.fields[name].disabled
        with timezone.override(self.zone):
            there = self.data.getlist(name) if is_frozen else merging.shown(self)[name]
        named = dict(getattr(self.fields[name], "choices", ()))
        value = ", ".join(str(named.get(one, one)) for one in there if one)[:200]
        words = {"value": value or gettext("(empty)")}
        if is_frozen:
            return gettext("Frozen meanwhile. What you typed is not written: %(value)s") % words
        return gettext("Changed meanwhile to: %(value)s. Save again to write yours.") % words

    def fields_of_runbook(self) -> dict:
        """What was typed, by the names of the model."""
        fields = self._fields()
        if self.touched is None:
            return fields
        return {name: value for name, value in fields.items() if _OF_FORM.get(name, name) in self.touched}

    def _fields(self) -> dict:
        """Every field; a title is written in both languages once it is changed."""
        words = self.cleaned_data
        fields = {f"{name}_id": int(words[name]) if words[name] else None for name in (*PEOPLE, "rollback")}
        if not self.runbook.is_editable:
            return {name: value for name, value in fields.items() if name in ALWAYS}
        fields |= {name: words[name] for name in (*MINUTES, "t0_at", "window_end_at", "point_of_no_return")}
        if words["title"] != pick(self.runbook.title):
            fields["title"] = {"en": words["title"], "ko": words["title"]}
        names = dict(self.fields["callers"].choices)
        fields["rollback_callers"] = [{"id": int(pk), "name": names[pk]} for pk in words["callers"]]
        return fields | {"rollback_triggers": words["triggers"]}


def is_near(at: datetime, runbook: Runbook) -> bool:
    """Whether an instant lies within a year of the event."""
    return abs(at - runbook.engagement.starts_at) < timedelta(days=365)


def far() -> str:
    """Said beside an instant that cannot be meant."""
    return gettext("Enter a date and time, such as 2026-11-28 23:00.")


class DecisionForm(forms.Form):
    """The outcome of a gate and what it needs."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    decision = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    weight_percent = forms.IntegerField(
        label=_("Percent of users"), required=False, min_value=1, max_value=99
    )
    window_end_at = forms.DateTimeField(label=_("New end of the window"), required=False, widget=_local())
    ask_again_at = forms.DateTimeField(label=_("Ask again at"), required=False, widget=_local())
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data=None, *, step: Step):
        self.runbook = step.runbook
        self.zone = ZoneInfo(step.runbook.engagement.time_zone)
        super().__init__(data, initial={"version": step.version})
        offered = gatebook.gate(step.gate_key)["outcomes"]
        found = {key: gatebook.outcome(key) for key in offered}
        self.fields["decision"].choices = [(key, pick(one["label"])) for key, one in found.items()]
        wanted = {"version", "decision", "reason"} | {
            one["needs"] for one in found.values() if "needs" in one
        }
        wanted |= {"window_end_at"} if any(one["effect"] == "extend" for one in found.values()) else set()
        wanted |= {"ask_again_at"} if any(one["effect"] == "hold" for one in found.values()) else set()
        for name in set(self.fields) - wanted:
            del self.fields[name]

    def full_clean(self):
        """Instants are typed in the zone of the event."""
        with timezone.override(self.zone):
            super().full_clean()

    def clean_ask_again_at(self) -> datetime | None:
        """An instant near the event, or none."""
        at = self.cleaned_data["ask_again_at"]
        if at and not is_near(at, self.runbook):
            raise forms.ValidationError(far())
        return at


class VoteForm(forms.Form):
    """What one role says."""

    role = forms.ChoiceField(label=_("For"), error_messages={"required": _("Choose a role of the list.")})
    answer = forms.ChoiceField(label=_("Vote"), choices=GateVote.Answer.choices, widget=forms.RadioSelect)
    confirmed = forms.MultipleChoiceField(
        label=_("Confirmed"), required=False, widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data=None, *, found: GateRound):
        super().__init__(data)
        self.fields["role"].choices = [(one["key"], pick(one["label"])) for one in found.roles]
        questions = [(one["key"], pick(one["text"])) for one in found.questions]
        self.fields["confirmed"].choices = questions
        if not questions:
            del self.fields["confirmed"]
