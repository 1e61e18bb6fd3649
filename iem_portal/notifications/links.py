"""How does somebody act from a message? By a signed link that counts once, for the person it was sent to.

A part registers under a key such as "escalation.acknowledge" in an app's `acts` module:

    @acts.register
    class Acknowledge:
        key, label = "escalation.acknowledge", _("Acknowledge")
        def describe(self, about, user) -> dict | None   # None: not (any more) possible for this person
        def do(self, about, user, *, now) -> str         # what was done, in words; ActRefused says why not

`describe` says what will happen, before anything does, for mail scanners follow links too: `title` (of what),
`text` (what will happen, a sentence), optionally `label` (of the button), `url` (the page of the thing) and
`rows` [(name, value), …]. A part with `is_open = True` changes nothing: its link leads to `url` at once.
A link of a message to a hook names nobody: whoever follows it signs in and acts as themselves.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from iem_portal.notifications.errors import ActRefused
from iem_portal.notifications.models import LinkUse, Notification
from iem_portal.registry import Retired, acts

VALID_FOR = timedelta(hours=24)
# 120 bits: a link stays short enough for a text message and cannot be guessed.
SIGNATURE_CHARS = 30
REFUSALS = (ActRefused, PermissionDenied, Http404)


class LinkError(Exception):
    """A link that does not open; `code` is unknown, expired, used or forbidden."""

    TEXTS = {
        "unknown": _("This link is not known. Open the page of the event instead."),
        "expired": _("This link is older than 24 hours. Open the page of the event instead."),
        "used": _("This link was already used."),
        "forbidden": _("This is not possible for you any more."),
    }

    def __init__(self, code: str, words: str = ""):
        self.code, self.words = code, words
        super().__init__(code)

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return self.words or str(self.TEXTS[self.code])


@dataclass(frozen=True)
class Link:
    """An opened link: the message it stood in, and the part that acts."""

    notification: Notification
    act: object


def url(notification: Notification, act: str) -> str:
    """The address for a message. The same on every attempt, as it is made of the message itself."""
    return f"{settings.BASE_URL}/act/{notification.pk or 0}.{act}.{_signature(notification, act)}/"


def open_link(token: str, *, now: datetime) -> Link:
    """The link behind a token; raises LinkError("unknown" or "expired")."""
    number, _dot, rest = token.partition(".")
    act, _dot, signature = rest.rpartition(".")
    # The length bounds the number before a database sees it.
    row = Notification.objects.filter(pk=int(number)).first() if _is_number(number) else None
    if row is None or not hmac.compare_digest(signature.encode(), _signature(row, act).encode()):
        raise LinkError("unknown")
    part = acts.get(act)
    if isinstance(part, Retired) or not row.about:
        raise LinkError("unknown")
    if now >= row.created_at + VALID_FOR:
        raise LinkError("expired")
    return Link(row, part)


def person(link: Link, signed_in):
    """Who acts: the one the message was sent to; else whoever is signed in; None when nobody is.

    Raises LinkError("forbidden") for an account that was closed.
    """
    if link.notification.user_id is None:
        return signed_in if signed_in.is_authenticated else None
    user = get_user_model().objects.filter(pk=link.notification.user_id, is_active=True).first()
    if user is None:
        raise LinkError("forbidden")
    return user


def describe(link: Link, user) -> dict:
    """What will happen; raises LinkError("used" or "forbidden")."""
    if used := _use_of(link, user).first():
        raise LinkError("used", used.result and f"{LinkError.TEXTS['used']} {used.result}")
    try:
        words = link.act.describe(link.notification.about, user)
    except REFUSALS as refusal:
        raise _forbidden(refusal) from refusal
    if words is None:
        raise LinkError("forbidden")
    return {"label": link.act.label, "url": "", "rows": [], "text": "", **words}


def follow(link: Link, user, *, now: datetime) -> str:
    """Do it, once; what was done, in words. A refusal leaves the link as it was. Raises LinkError."""
    about, act = link.notification.about, link.act
    try:
        with transaction.atomic():
            use = LinkUse(
                notification_id=link.notification.pk, user_id=user.pk, act=act.key, about=about, used_at=now
            )
            _claim(use)
            use.result = act.do(about, user, now=now)
            LinkUse.objects.filter(pk=use.pk).update(result=use.result)
    except REFUSALS as refusal:
        raise _forbidden(refusal) from refusal
    return use.result


def page_of(link: Link, user) -> str:
    """Where to read on after the act, which may not be possible any more; "" when there is nothing to read."""
    try:
        return (link.act.describe(link.notification.about, user) or {}).get("url", "")
    except REFUSALS:
        return ""


def _claim(use: LinkUse) -> None:
    """Of two clicks at once one gets through: the unique constraint decides."""
    try:
        with transaction.atomic():
            use.save(force_insert=True)
    except IntegrityError:
        raise LinkError("used") from None


def _use_of(link: Link, user):
    return LinkUse.objects.filter(
        notification_id=link.notification.pk, user_id=user.pk, act=link.act.key
    ).order_by("pk")


def _forbidden(refusal: Exception) -> LinkError:
    return LinkError("forbidden", str(refusal) if isinstance(refusal, ActRefused) else "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _signature(row: Notification, act: str) -> str:
    # Everything that the link stands for, so that a number used again (a restored database) opens nothing.
    value = f"{row.pk or 0}:{row.key}:{row.user_id}:{row.about}:{act}"
    return salted_hmac("notifications.links", value, algorithm="sha256").hexdigest()[:SIGNATURE_CHARS]
