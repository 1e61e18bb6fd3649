"""What a person fills in to open an engagement, to edit it, and to move its window."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements import catalog, criteria, plan, schedule, team
from engagements.actions import NewAccount
from engagements.criteria import NewCriterion
from engagements.errors import InvalidValue
from engagements.models import Engagement, Role
from engagements.team import NewMember
from engagements.verdict import OPERATORS, SYMBOLS
from iem_portal.accounts.forms import zone_choices
from iem_portal.accounts.models import Customer

LOCAL_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")
ENTITLEMENTS = (
    ("", _("As the support plan says")),
    ("included", _("Included in the plan")),
    ("paid", _("Charged on top")),
    ("unknown", _("Not known yet")),
)
digits_12 = RegexValidator(r"^[0-9]{12}$", _("An AWS account ID has 12 digits."))


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
                return datetime.strptime(text, pattern)  # noqa: DTZ007  (the zone is another field)
            except ValueError:
                continue
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
        self.fields["time_zone"].choices = zone_choices(now, self.initial.get("time_zone", ""))

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
        names = [*cls.base_fields]
        return cls(data, initial={name: getattr(engagement, name) for name in names})


class OpenForm(FactsFields, WindowFields):
    """Everything an engagement starts with, besides accounts, criteria and people."""

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

    def clean(self) -> dict:
        """A customer is picked or named."""
        data = super().clean()
        if not data.get("customer") and not data.get("new_customer") and "customer" not in self.errors:
            self.add_error("customer", _("Pick a customer or name a new one."))
        if data.get("customer") and data.get("new_customer"):
            self.add_error("new_customer", _("Leave this empty, or pick “A new customer” above."))
        return data


class AccountForm(forms.Form):
    """One AWS account in scope."""

    account_id = forms.CharField(
        label=_("Account ID"), max_length=14, validators=[digits_12],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "123456789012"}),
    )  # fmt: skip
    name = forms.CharField(label=_("Account name"), max_length=120, required=False)

    def clean_account_id(self) -> str:
        """12 digits."""
        return self.cleaned_data["account_id"]

    def wanted(self) -> NewAccount:
        """The row as the verb takes it."""
        return NewAccount(self.cleaned_data["account_id"], self.cleaned_data["name"])


class CriterionForm(forms.Form):
    """One success criterion: what is measured, and the number it must reach."""

    name = forms.CharField(
        label=_("What is measured"), max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Error rate of the checkout")}),
    )  # fmt: skip
    operator = forms.ChoiceField(
        label=_("Comparison"),
        choices=[(key, SYMBOLS[key] or _("between")) for key in OPERATORS],
        initial="<=",
    )
    target = forms.CharField(
        label=_("Target"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    target_high = forms.CharField(
        label=_("Upper target"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": _("only for between")}),
    )  # fmt: skip
    unit = forms.CharField(
        label=_("Unit"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"placeholder": "%, ms, s", "list": "units"}),
    )  # fmt: skip
    criterion_class = forms.ChoiceField(
        label=_("Class"), choices=list(criteria.CLASSES.items()), initial="performance"
    )

    def clean(self) -> dict:
        """Numbers by the same rules as everywhere else."""
        data = super().clean()
        for name in ("target", "target_high"):
            if name in data and name not in self.errors:
                try:
                    data[name] = criteria.clean(name, data[name])
                except InvalidValue as invalid:
                    self.add_error(name, invalid.errors[name])
        low, high = data.get("target"), data.get("target_high")
        if data.get("operator") == "between" and not self.errors and (high is None or high < low):
            self.add_error("target_high", _("Between needs an upper target above the lower one."))
        return data

    def wanted(self) -> NewCriterion:
        """The row as the verb takes it."""
        return NewCriterion(**self.cleaned_data)


class MemberForm(forms.Form):
    """One person of the team; without an account they are invited by e-mail."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), initial=Role.CUSTOMER_LEAD)
    title = forms.CharField(label=_("Title"), max_length=80, required=False)

    def __init__(self, *args, roles=team.GIVEN_ROLES, customer: Customer | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def clean(self) -> dict:
        """Somebody of another side or customer is refused beside the field."""
        data = super().clean()
        if data.get("email") and data.get("role"):
            for name, message in team.problem_with(self._new(data), self.customer).items():
                self.add_error(name, message)
        return data

    def _new(self, data: dict) -> NewMember:
        return NewMember(data["email"], data["role"], data.get("name", ""), data.get("title", ""))

    def wanted(self) -> NewMember:
        """The row as the verb takes it."""
        return self._new(self.cleaned_data)


class Rows(forms.BaseFormSet):
    """Repeating rows; the ones left as they were are nobody's."""

    unique_field = ""

    def clean(self) -> None:
        """No two rows with the same value in the unique field."""
        seen = set()
        for form in self.forms:
            value = form.cleaned_data.get(self.unique_field) if hasattr(form, "cleaned_data") else None
            if value and str(value).lower() in seen:
                form.add_error(self.unique_field, _("This is in the list already."))
            seen.add(str(value).lower())

    def wanted(self) -> list:
        """The filled rows as the verb takes them; call it on valid rows only."""
        return [form.wanted() for form in self.forms if form.has_changed()]


class AccountRows(Rows):
    """AWS accounts, each once."""

    unique_field = "account_id"


class MemberRows(Rows):
    """People, each once."""

    unique_field = "email"


#: Row sets of the opening form by the word in the URL and in the names of their fields.
ROW_SETS = {
    "accounts": forms.formset_factory(AccountForm, formset=AccountRows, extra=1, max_num=200),
    "criteria": forms.formset_factory(CriterionForm, formset=Rows, extra=2, max_num=100),
    "team": forms.formset_factory(MemberForm, formset=MemberRows, extra=2, max_num=100),
}


def silenced(form: forms.Form) -> forms.Form:
    """A bound form that shows what was typed and no errors: the person has only asked for another row."""
    form._errors, form.cleaned_data = ErrorDict(), {}
    return form


def silenced_rows(rows: forms.BaseFormSet) -> forms.BaseFormSet:
    """The same for a row set."""
    rows._errors, rows._non_form_errors = [], ErrorList()
    for form in rows.forms:
        silenced(form)
    return rows
