"""What a person fills in to open an engagement, to edit it, and to move its window."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements import catalog, plan, schedule, verdict
from engagements.models import Engagement
from iem_portal import zones
from iem_portal.accounts.models import Customer
from iem_portal.registry import openings

LOCAL_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
ENTITLEMENTS = (
    ("", _("As the support plan says")),
    ("included", _("Included in the plan")),
    ("paid", _("Charged on top")),
    ("unknown", _("Not known yet")),
)


def picked(text: dict) -> str:
    """A bilingual text of the data files in the reader's language."""
    return text.get(get_language() or "en") or text["en"]


class LocalInstantField(forms.CharField):
    """A date and time as the clock on the wall shows it; the form puts it into its own zone."""

    def __init__(self, **kwargs):
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def clean(self, value) -> datetime | None:
        """A naive datetime, or None for an empty field that may stay empty."""
        text = super().clean(value)
        for pattern in LOCAL_FORMATS if text else ():
            try:
                local = datetime.strptime(text, pattern)  # noqa: DTZ007  (the zone is another field)
            except ValueError:
                continue
            if local.year in schedule.YEARS:
                return local
        if text:
            raise forms.ValidationError(_("Enter a date and time, such as 2026-11-28 23:00."))
        return None


def in_zone(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time. Raises ValidationError for one that summer time skips."""
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise forms.ValidationError(_("The clocks skip this time in this zone. Choose another."))
    return instant


class WindowFields(forms.Form):
    """T0, the end and the zone people read them in."""

    starts_at = LocalInstantField(label=_("Start, T0"))
    ends_at = LocalInstantField(label=_("End"))
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["time_zone"].choices = zones.choices(now, self.initial.get("time_zone", ""))

    def clean(self) -> dict:
        """Adds "window", a schedule.Window of aware instants."""
        data = super().clean()
        zone = ZoneInfo(data["time_zone"]) if data.get("time_zone") else None
        instants = {}
        for name in ("starts_at", "ends_at") if zone else ():
            if data.get(name):
                try:
                    instants[name] = in_zone(data[name], zone)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        if len(instants) == 2:
            if instants["ends_at"] <= instants["starts_at"]:
                self.add_error("ends_at", _("The end comes after the start."))
            data["window"] = schedule.Window(**instants, time_zone=data["time_zone"])
        return data

    def is_late(self) -> bool:
        """Whether the window that was typed makes this a late request."""
        window = getattr(self, "cleaned_data", {}).get("window")
        if window is None:
            return False
        return plan.is_late_request(schedule.days_between(self.now, window.starts_at, window.time_zone))


class MoveForm(WindowFields):
    """A new window for an engagement, with the reason that everybody will read."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept on the timeline, where the customer reads it too."),
    )  # fmt: skip


class FactsFields(forms.Form):
    """The facts of an engagement that need no dates."""

    name = forms.CharField(
        label=_("Name of the event"), max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("Year-end ticket sale")}),
    )  # fmt: skip
    programme = forms.CharField(
        label=_("Programme"), max_length=60, initial="IEM",
        widget=forms.TextInput(attrs={"list": "programmes", "autocomplete": "off"}),
        help_text=_("A free label. AWS calls the programme Countdown today."),
    )  # fmt: skip
    event_type = forms.ChoiceField(
        label=_("Event type"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of event it is.")},
    )  # fmt: skip
    support_plan = forms.ChoiceField(
        label=_("AWS Support plan"), widget=forms.RadioSelect, initial="enterprise",
        error_messages={"required": _("Choose the plan of the accounts in scope.")},
    )  # fmt: skip
    entitlement = forms.ChoiceField(label=_("Entitlement"), choices=ENTITLEMENTS, required=False)
    regions = forms.MultipleChoiceField(
        label=_("Regions"), widget=forms.CheckboxSelectMultiple, required=False
    )
    expected_scale = forms.DecimalField(
        label=_("Expected peak, times a normal day"), required=False, min_value=0, max_digits=8,
        decimal_places=2, widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    expected_peak = forms.CharField(
        label=_("The peak in words"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("When, how many people, for how long."),
    )  # fmt: skip
    business_goals = forms.CharField(
        label=_("Business goals"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the event is for. Success criteria say it in numbers."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event_type"].choices = [
            (code, picked(row["label"])) for code, row in catalog.event_types().items()
        ]
        self.fields["support_plan"].choices = [
            (code, picked(row["label"])) for code, row in catalog.support_plans().items()
        ]
        self.fields["regions"].choices = [
            (code, f"{code} {picked(label)}") for code, label in catalog.regions().items()
        ]

    def type_cards(self) -> list[dict]:
        """The event types with one line each, for radio cards."""
        return [
            {"code": code, "label": row["label"], "about": row["about"], "plan_days": row["plan_days"],
             "is_chosen": self["event_type"].value() == code}
            for code, row in catalog.event_types().items()
        ]  # fmt: skip

    def plan_cards(self) -> list[dict]:
        """The support plans with what follows from each."""
        return [
            {"code": code, "label": row["label"], "follows": row["follows"],
             "entitlement": row["entitlement"], "ends_on": row["ends_on"],
             "is_chosen": self["support_plan"].value() == code}
            for code, row in catalog.support_plans().items()
        ]  # fmt: skip

    def region_boxes(self) -> list[dict]:
        """The Regions with their names; the first ones are those most events run in."""
        chosen = self["regions"].value() or []
        return [
            {"code": code, "label": label, "is_chosen": code in chosen, "is_usual": index < 7}
            for index, (code, label) in enumerate(catalog.regions().items())
        ]


class EditForm(FactsFields):
    """The facts of an open engagement; ``version`` says which state the person read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    entitlement = forms.ChoiceField(label=_("Entitlement"), choices=ENTITLEMENTS[1:])

    field_order = ("name", "programme", "event_type")

    @classmethod
    def of(cls, engagement: Engagement, data=None) -> EditForm:
        """The form filled with what is."""
        facts = {name: getattr(engagement, name) for name in cls.base_fields}
        return cls(data, initial=facts | {"expected_scale": verdict.plain(engagement.expected_scale)})


class OpenForm(FactsFields, WindowFields):
    """Everything an engagement starts with, besides accounts, criteria and people."""

    # As on the page, so that the list of what needs another look goes from top to bottom.
    field_order = ("customer", "new_customer", "new_customer_country", "programme", "name", "event_type")

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), required=False, empty_label=_("A new customer")
    )
    new_customer = forms.CharField(label=_("Name of the new customer"), required=False, max_length=120)
    new_customer_country = forms.CharField(
        label=_("Country"), required=False, max_length=2, min_length=2, initial="KR",
        widget=forms.TextInput(attrs={"size": 2, "autocapitalize": "characters"}),
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Two letters, such as KR."))],
        help_text=_("Two letters. Due dates move around the country's holidays."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.all()
        # One of the two is needed, so neither is called optional.
        self.fields["customer"].is_one_of = self.fields["new_customer"].is_one_of = True
        # What other parts want to know at the opening; a question with one answer is not asked.
        for part in openings:
            choices = part.choices()
            if len(choices) > 1:
                self.fields[part.key] = forms.ChoiceField(
                    label=part.label, choices=choices, required=False, help_text=part.help
                )
                self.fields[part.key].is_one_of = True

    def opening_fields(self) -> list[forms.BoundField]:
        """The questions of other parts."""
        return [self[part.key] for part in openings if part.key in self.fields]

    def opening_choices(self) -> dict[str, str]:
        """Their answers, by key; call it on a valid form only."""
        return {field.name: self.cleaned_data[field.name] for field in self.opening_fields()}

    def clean(self) -> dict:
        """A customer is picked or named."""
        data = super().clean()
        if not data.get("customer") and not data.get("new_customer") and "customer" not in self.errors:
            self.add_error("customer", _("Pick a customer or name a new one."))
        if data.get("customer") and data.get("new_customer"):
            self.add_error("new_customer", _("Leave this empty, or pick “A new customer” above."))
        return data
