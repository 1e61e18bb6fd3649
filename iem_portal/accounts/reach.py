"""How can a person be reached, and in which order?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext

from iem_portal.accounts.models import Contact, User

EMAIL = "email"
SHOWN_DIGITS = 4


@dataclass(frozen=True)
class Way:
    """One way to one person: the channel, the address for the outbox, and words for the delivery log."""

    channel: str
    address: str
    label: str


def ways_of(user_ids: Iterable[int]) -> dict[int, list[Way]]:
    """The ways to these people in their own order, e-mail always last; active people only, in one query."""
    wanted = set(user_ids)
    people = User.objects.filter(pk__in=wanted, is_active=True)
    rows = people.values_list(
        "pk", "name", "email", "contacts__pk", "contacts__kind", "contacts__label",
        "contacts__address", "contacts__is_active", "contacts__proved_at",
    ).order_by("pk", F("contacts__position"), "contacts__pk")  # fmt: skip
    found: dict[int, list[Way]] = {pk: [] for pk in wanted}
    mails: dict[int, Way] = {}
    for pk, name, email, contact, kind, label, address, is_active, proved_at in rows:
        mails[pk] = Way(EMAIL, email, name or email)
        if contact and is_active and proved_at:
            found[pk].append(Way(kind, f"contact:{contact}", f"{name}, {shown(kind, label, address)}"))
    for pk, mail in mails.items():
        found[pk].append(mail)
    return found


def shown(kind: str, label: str, address: str) -> str:
    """A contact in words that give nothing away: the last digits of a number, the owner's own words, the kind."""
    if kind == Contact.Kind.SMS:
        return f"{label or gettext('Text message')} …{address[-SHOWN_DIGITS:]}"
    return label or str(Contact.Kind(kind).label)
