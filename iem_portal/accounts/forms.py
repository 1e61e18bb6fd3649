"""What a person may say about themselves: their profile, and their name and password when they join."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from iem_portal.accounts.models import User

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


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
            choices=zone_choices(now, self.instance.time_zone),
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


def zone_choices(now: datetime, chosen: str = "") -> list:
    """IANA zones in groups by part of the world, each with its offset from UTC at ``now``."""
    groups: dict[str, list] = defaultdict(list)
    for zone in sorted(available_timezones()):
        area = zone.partition("/")[0]
        if area in AREAS:
            groups[area].append((zone, zone_label(zone, now)))
    top = [("UTC", "UTC")]
    if chosen and chosen != "UTC" and chosen.partition("/")[0] not in AREAS:
        top.append((chosen, zone_label(chosen, now)))
    return top + [(area, groups[area]) for area in AREAS]


def zone_label(zone: str, now: datetime) -> str:
    """A zone with its offset from UTC at ``now``: "Asia/Seoul (UTC+09:00)"."""
    offset = now.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"{zone.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"
