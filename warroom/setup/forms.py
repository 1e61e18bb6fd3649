"""The forms of an account's set-up and of the budget."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import AwsAccount
from warroom.models import AccountSetup
from warroom.setup.accounts import Wanted
from warroom.setup.budget import LARGEST


class SetupForm(forms.Form):
    """How one account is read."""

    role_arn = forms.CharField(
        label=_("Role to assume"),
        max_length=200,
        required=False,
        help_text=_("The ARN of the role with this trust and these permissions. The portal keeps no keys."),
    )
    monitored_by = forms.ChoiceField(
        label=_("Metrics are read through"),
        required=False,
        help_text=_("A monitoring account of CloudWatch's cross-account observability, if there is one."),
    )
    health_view = forms.ChoiceField(
        label=_("AWS Health of"),
        choices=AccountSetup.HealthView,
        help_text=_("The whole organization only for its management account or a delegated administrator."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args, account: AwsAccount, others: list[AwsAccount], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(one.account_id, f"{one.account_id} {one.name}".strip()) for one in others]
        self.fields["monitored_by"].choices = [("", _("The account itself")), *choices]
        self.account = account

    @classmethod
    def of(cls, account: AwsAccount, others: list[AwsAccount], setup: AccountSetup | None) -> SetupForm:
        """The form as things stand."""
        first = {
            "role_arn": account.role_arn,
            "monitored_by": setup.monitored_by if setup else "",
            "health_view": setup.health_view if setup else AccountSetup.HealthView.ACCOUNT,
            "version": setup.version if setup else 0,
        }
        return cls(initial=first, account=account, others=others)

    def wanted(self) -> Wanted:
        """What the person wants."""
        words = self.cleaned_data
        return Wanted(words["role_arn"].strip(), words["monitored_by"], words["health_view"])


class BudgetForm(forms.Form):
    """What a day of reading AWS may cost."""

    usd_per_day = forms.DecimalField(
        label=_("Budget a day in USD"),
        min_value=Decimal("0.01"),
        max_value=LARGEST,
        max_digits=8,
        decimal_places=2,
    )
