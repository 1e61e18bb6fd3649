"""Who may fill one section without an account, until when, and how is that ended?"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from engagements.models import Engagement
from iem_portal.accounts import actors, invitations
from iem_portal.live import announce
from iem_portal.notifications import outbox
from workbook.announcing import GUEST_TILE
from workbook.catalogue import Section
from workbook.models import GuestLink, GuestVisit

TOKEN_BYTES = 32
MAX_DAYS = 30
DEFAULT_DAYS = 7


class LinkClosed(Exception):
    """A link that does not open; ``code`` is unknown, expired or revoked."""

    TEXTS = {
        "unknown": _("This link is not known. Ask the person who sent it for a new one."),
        "expired": _("This link has expired. Ask the person who sent it for a new one."),
        "revoked": _("This link was withdrawn."),
    }

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return str(self.TEXTS[self.code])


@dataclass(frozen=True)
class Guest:
    """The person behind a link, as histories and pages know them; never signed in, on the customer's side."""

    link: GuestLink
    pk: None = None
    is_aws: bool = False
    is_authenticated: bool = False
    is_active: bool = False
    portal_role: str = ""
    customer_id: None = None

    @property
    def name(self) -> str:
        """The name that histories keep: nobody takes a guest for a member."""
        return f"{self.link.name}{actors.GUEST}"

    def __str__(self) -> str:
        return self.name


def create(
    *,
    engagement: Engagement,
    section: Section,
    name: str,
    email: str,
    language: str,
    days: int,
    by,
    now: datetime,
) -> tuple[GuestLink, str]:
    """Make a link for one section, valid for ``days``; returns it with its secret, which is kept nowhere.

    With an e-mail address the link is mailed too, in the guest's language.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        link = GuestLink.objects.create(
            engagement=engagement,
            section=section.key,
            name=name,
            email=email,
            language=language,
            token_digest=digest(token),
            created_at=now,
            created_by_name=by.name,
            expires_at=now + timedelta(days=days),
        )
        if email:
            outbox.enqueue([_letter(link, section, token, by)], now=now)
        _told("workbook.guest_invited", link, section, by, now)
    return link, token


def revoke(*, link: GuestLink, section: Section, by, now: datetime) -> bool:
    """End a link at once; False when it had ended already."""
    with transaction.atomic():
        is_mine = GuestLink.objects.filter(pk=link.pk, revoked_at=None).update(
            revoked_at=now, revoked_by_name=by.name
        )
        if is_mine:
            announce(link.topic, GUEST_TILE)
            _told("workbook.guest_revoked", link, section, by, now)
    return bool(is_mine)


def enter(*, token: str, address: str | None, now: datetime) -> GuestLink:
    """The link of a secret, its use logged; raises LinkClosed, logged too when the link is known."""
    link = GuestLink.objects.select_related("engagement").filter(token_digest=digest(token)).first()
    if link is None:
        raise LinkClosed("unknown")
    reason = _closed(link, now)
    what = GuestVisit.What.REFUSED if reason else GuestVisit.What.OPENED
    GuestVisit.objects.create(link=link, what=what, at=now, address=address)
    if reason:
        raise LinkClosed(reason)
    return link


def admit(*, numbers: list[int], reference: str, section: str, now: datetime) -> GuestLink | None:
    """The valid link, among those a browser has opened, for this section of this engagement. One query."""
    found = GuestLink.objects.select_related("engagement__customer").filter(
        pk__in=numbers, engagement__reference=reference, section=section, revoked_at=None, expires_at__gt=now
    )
    return found.first()


def find(pk: int) -> GuestLink | None:
    """The link of this number, open or not. One query."""
    return GuestLink.objects.filter(pk=pk).first()


def why_closed(*, numbers: list[int], reference: str, section: str, now: datetime) -> LinkClosed | None:
    """Why the newest link, among those a browser has opened, for this section does not open any more. One query."""
    found = GuestLink.objects.filter(pk__in=numbers, engagement__reference=reference, section=section).first()
    code = _closed(found, now) if found else ""
    return LinkClosed(code) if code else None


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_open(link: GuestLink, now: datetime) -> bool:
    """Whether the link still opens."""
    return not _closed(link, now)


def _closed(link: GuestLink, now: datetime) -> str:
    if link.revoked_at:
        return "revoked"
    return "expired" if link.expires_at <= now else ""


def _told(phrase: str, link: GuestLink, section: Section, by, now: datetime) -> None:
    params = {"name": link.name, "section": section.label}
    timeline.record(link.engagement, phrase, by=by, now=now, params=params)


def _letter(link: GuestLink, section: Section, token: str, by) -> outbox.Message:
    """The mail with the link. The outbox is a table too, so the secret is sealed in it."""
    return outbox.Message(
        key=f"guest:{link.pk}:email",
        channel="email",
        address=link.email,
        user_id=None,
        language=link.language,
        time_zone=link.engagement.time_zone,
        template="workbook/guests/mail/link",
        params={
            "name": link.name,
            "by": by.name,
            "customer": link.engagement.customer.name,
            "engagement": link.engagement.name,
            "section": section.label,
            "expires_at": {"at": link.expires_at.isoformat()},
            "sealed": invitations.seal(token, link.token_digest),
            "digest": link.token_digest,
        },
        engagement_id=link.engagement_id,
    )
