"""What a person may say about themselves: their profile, and their name and password when they join."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from iem_portal import zones
from iem_portal.accounts.models import User


class ProfileForm(forms.ModelForm):
    """The signed-in person's own settings."""

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme", "has_single_keys"]
        help_texts = {
            "time_zone": _(
                "Lists and your mail count in this zone. Pages of an event count in the event's zone."
            ),
            "has_single_keys": _("Keys such as D, J or ? act without Ctrl or Alt."),
        }

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=self.fields["time_zone"].label,
            help_text=self.fields["time_zone"].help_text,
            choices=zones.choices(now, self.instance.time_zone),
        )


class JoinForm(forms.Form):
    """What an invited person fills in; the password may stay empty, then a code by mail signs them in."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Leave it empty to sign in with a code by mail each time."),
    )

    def clean_password(self) -> str:
        """Refuse what the password rules refuse."""
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password
