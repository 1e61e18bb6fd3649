"""What a person types to be reached: a phone number or the address of a chat."""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from iem_portal.accounts.models import Contact
from iem_portal.notifications import outbound, webpush
from iem_portal.notifications.errors import PermanentFailure

# E.164: a plus sign, a country code, at most 15 digits.
NUMBER = re.compile(r"\+[1-9]\d{7,14}", re.ASCII)
LONGEST_URL = 2000
LONGEST_ENDPOINT = 1000
POINT_BYTES, AUTH_BYTES = 65, 16
_Kind = Contact.Kind


class ContactForm(forms.Form):
    """One way: what it is, where it leads, and one's own word for it."""

    kind = forms.ChoiceField(
        label=_("Way"), choices=[(kind.value, kind.label) for kind in (_Kind.SMS, _Kind.SLACK, _Kind.TEAMS)]
    )
    address = forms.CharField(
        label=_("Number or address"),
        max_length=LONGEST_URL,
        help_text=_("A phone number as +82 10 1234 5678, or the address of an incoming webhook."),
    )
    label = forms.CharField(label=_("Your word for it"), max_length=80, required=False)

    def clean(self) -> dict:
        """The address in the form that its kind wants."""
        words = super().clean()
        kind, address = words.get("kind"), words.get("address")
        if kind and address:
            try:
                words["address"] = phone(address) if kind == _Kind.SMS else web_address(address)
            except ValidationError as error:
                self.add_error("address", error)
        return words


def phone(text: str) -> str:
    """The number in E.164; raises ValidationError."""
    number = re.sub(r"[\s().-]", "", text)
    if not NUMBER.fullmatch(number):
        raise ValidationError(_("Write the number with its country code, such as +82 10 1234 5678."))
    return number


def web_address(text: str) -> str:
    """An address that may be posted to; raises ValidationError."""
    try:
        outbound.checked(text.strip())
    except PermanentFailure as refusal:
        raise ValidationError(str(refusal)) from refusal
    return text.strip()


def subscription(data: object) -> tuple[str, dict[str, str]]:
    """Address and keys of a browser's subscription (PushSubscription.toJSON()); raises ValidationError for others."""
    words = data if isinstance(data, dict) else {}
    endpoint, keys = words.get("endpoint"), words.get("keys")
    if not isinstance(endpoint, str) or not isinstance(keys, dict) or len(endpoint) > LONGEST_ENDPOINT:
        raise ValidationError("not a subscription")
    kept = {name: keys.get(name) for name in ("p256dh", "auth")}
    try:
        sizes = [len(webpush.decoded(kept["p256dh"])), len(webpush.decoded(kept["auth"]))]
    except (ValueError, AttributeError, TypeError):
        raise ValidationError("not keys") from None
    if sizes != [POINT_BYTES, AUTH_BYTES]:
        raise ValidationError("not keys")
    return web_address(endpoint), kept
