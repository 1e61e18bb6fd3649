"""The repeating rows of the opening form: AWS accounts, success criteria, people."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from engagements import criteria, team
from engagements.actions import NewAccount
from engagements.criteria import NewCriterion
from engagements.errors import InvalidValue
from engagements.models import Role
from engagements.team import NewMember
from engagements.verdict import OPERATORS, SYMBOLS
from iem_portal.accounts.models import Customer

digits_12 = RegexValidator(r"^[0-9]{12}$", _("An AWS account ID has 12 digits."))


class AccountIdField(forms.CharField):
    """12 digits, however they are copied: the console writes 1234-5678-9012."""

    default_validators = [digits_12]

    def to_python(self, value) -> str:
        """The digits alone."""
        return super().to_python(value).replace("-", "").replace(" ", "")


class AccountForm(forms.Form):
    """One AWS account in scope."""

    account_id = AccountIdField(
        label=_("Account ID"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "123456789012"}),
    )
    name = forms.CharField(label=_("Account name"), max_length=120, required=False)

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
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
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
