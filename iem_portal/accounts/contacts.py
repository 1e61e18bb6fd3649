"""Verbs of a person's own contacts: add, prove, order, try, switch off. Each takes the person it belongs to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext_lazy as _

from iem_portal.accounts import invitations, reach
from iem_portal.accounts.models import Contact, User
from iem_portal.notifications import outbox
from iem_portal.notifications.models import Notification

CODE_FOR, CODE_PAUSE, CODE_TRIES, CODES_A_DAY = timedelta(minutes=10), timedelta(minutes=1), 5, 10
MOST = 10
CODE_MAIL, TEST_MAIL = "accounts/mail/phone_code", "accounts/mail/contact_test"
_Kind = Contact.Kind


class ContactRefused(Exception):
    """Not possible; the words say why, in the person's language."""


def add(
    *, user: User, kind: str, address: str, label: str, now: datetime, keys: dict | None = None
) -> Contact:
    """One more way, the first one to be tried. A phone number gets a code first; ContactRefused when full or double."""
    with transaction.atomic():
        own = list(Contact.objects.select_for_update().filter(user=user))
        if len(own) >= MOST:
            raise ContactRefused(str(_("Ten ways are enough. Remove one first.")))
        if any((row.kind, row.address) == (kind, address) for row in own):
            raise ContactRefused(str(_("You have this one already.")))
        Contact.objects.filter(user=user).update(position=F("position") + 1)
        contact = Contact.objects.create(
            user=user, kind=kind, address=address, label=label, keys=keys or {}, position=1, created_at=now,
            proved_at=None if kind == _Kind.SMS else now,
        )  # fmt: skip
        if kind == _Kind.SMS:
            send_code(contact=contact, now=now)
    return contact


def subscribe(*, user: User, endpoint: str, keys: dict, label: str, now: datetime) -> Contact:
    """This browser tells this person from now on, and nobody who used it before."""
    with transaction.atomic():
        Contact.objects.filter(kind=_Kind.BROWSER, address=endpoint).delete()
        return add(user=user, kind=_Kind.BROWSER, address=endpoint, label=label, keys=keys, now=now)


def send_code(*, contact: Contact, now: datetime) -> None:
    """Six digits to the number; raises ContactRefused when asked too often."""
    sent = Notification.objects.filter(
        user_id=contact.user_id, template=CODE_MAIL, created_at__gt=now - timedelta(days=1)
    ).aggregate(count=Count("pk"), newest=Max("created_at"))
    if sent["count"] >= CODES_A_DAY or (sent["newest"] and sent["newest"] > now - CODE_PAUSE):
        raise ContactRefused(
            str(_("A code was sent a moment ago. Wait a minute before you ask for another."))
        )
    code = f"{secrets.randbelow(10**6):06d}"
    digest = _digest(contact, code)
    user = contact.user
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(
            code_digest=digest, code_until=now + CODE_FOR, code_tries=0
        )
        params = {"sealed": invitations.seal(code, digest), "digest": digest}
        # The number itself: until it is proved, "contact:12" leads nowhere.
        message = outbox.Message(
            key=f"contact:{contact.pk}:code:{now.isoformat()}", channel=contact.kind, address=contact.address,
            template=CODE_MAIL, params=params, user_id=user.pk, language=user.language, time_zone=user.time_zone,
        )  # fmt: skip
        outbox.enqueue([message], now=now)


def prove(*, contact: Contact, code: str, now: datetime) -> bool:
    """Whether the code is right, in time, and not guessed more than five times."""
    counted = Contact.objects.filter(
        pk=contact.pk, proved_at=None, code_until__gt=now, code_tries__lt=CODE_TRIES
    ).update(code_tries=F("code_tries") + 1)
    is_right = counted and hmac.compare_digest(contact.code_digest, _digest(contact, code.strip()))
    if is_right:
        Contact.objects.filter(pk=contact.pk).update(proved_at=now, code_digest="", code_until=None)
    return bool(is_right)


def move(*, contact: Contact, is_up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        own = list(
            Contact.objects.select_for_update().filter(user=contact.user_id).order_by("position", "pk")
        )
        place = next((n for n, row in enumerate(own) if row.pk == contact.pk), None)
        other = None if place is None else place + (-1 if is_up else 1)
        if other is None or not 0 <= other < len(own):
            return
        own[place], own[other] = own[other], own[place]
        for position, row in enumerate(own, 1):
            row.position = position
        Contact.objects.bulk_update(own, ["position"])


def switch(*, contact: Contact, is_active: bool) -> None:
    """On or off."""
    Contact.objects.filter(pk=contact.pk).update(is_active=is_active, problem="")


def remove(*, contact: Contact) -> None:
    """Not a way any more; what was sent stays on record."""
    Contact.objects.filter(pk=contact.pk).delete()


def test(*, contact: Contact, now: datetime) -> None:
    """A message that says it is a test; one a minute, for text messages cost money."""
    user = contact.user
    own = Notification.objects.filter(user_id=user.pk, template=TEST_MAIL)
    if own.filter(address=f"contact:{contact.pk}", created_at__gt=now - CODE_PAUSE).exists():
        return
    message = outbox.Message(
        key=f"contact:{contact.pk}:test:{now.isoformat()}", channel=contact.kind, address=f"contact:{contact.pk}",
        template=TEST_MAIL, user_id=user.pk, language=user.language, time_zone=user.time_zone,
        label=reach.shown(contact.kind, contact.label, contact.address),
    )  # fmt: skip
    outbox.enqueue([message], now=now)


def _digest(contact: Contact, code: str) -> str:
    return hashlib.sha256(f"{contact.pk}:{code}".encode()).hexdigest()
