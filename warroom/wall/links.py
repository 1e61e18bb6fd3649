"""Which screens show the board without an account, until when, and how is that ended?"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from engagements.models import Engagement, TimelineEntry
from iem_portal.live.announce import announce
from warroom.models import WallLink, WallVisit

TOKEN_BYTES = 32
#: A screen is known by its browser's session, which counts from the opening: no link outlives it.
MAX_DAYS = settings.SESSION_COOKIE_AGE // 86_400
DEFAULT_DAYS = 3
TILE = "wall"


class LinkClosed(Exception):
    """A link that does not open; ``code`` is unknown, expired or revoked."""

    TEXTS = {
        "unknown": _("This screen is not known. Ask the person who set it up for a new link."),
        "expired": _("The link of this screen has expired. Ask for a new one."),
        "revoked": _("The link of this screen was withdrawn."),
    }

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return str(self.TEXTS[self.code])


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def issue(
    *,
    engagement: Engagement,
    name: str,
    audience: str,
    theme: str,
    language: str,
    days: int,
    by,
    now: datetime,
) -> tuple[WallLink, str]:
    """Make a link for one screen, valid for ``days``; returns it with its secret, which is kept nowhere."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        link = WallLink.objects.create(
            engagement=engagement,
            name=name,
            audience=audience,
            theme=theme,
            language=language,
            token_digest=digest(token),
            created_at=now,
            created_by_name=by.name,
            expires_at=now + timedelta(days=days),
        )
        _told(link, "wall.issued", by, now)
    return link, token


def revoke(*, link: WallLink, by, now: datetime) -> bool:
    """End a link at once: its open screens go dark with the next push. False when it had been ended already."""
    with transaction.atomic():
        is_mine = WallLink.objects.filter(pk=link.pk, revoked_at=None).update(
            revoked_at=now, revoked_by_name=by.name
        )
        if is_mine:
            announce(link.topic, TILE)
            _told(link, "wall.ended", by, now)
    return bool(is_mine)


def enter(*, token: str, address: str | None, now: datetime) -> WallLink:
    """The link of a secret; raises LinkClosed, noted when the link is known."""
    link = WallLink.objects.filter(token_digest=digest(token)).first()
    if link is None:
        raise LinkClosed("unknown")
    if reason := why_closed(link, now):
        note(link, WallVisit.What.REFUSED, address, now)
        raise LinkClosed(reason)
    return link


def show(
    *, number: int, numbers: list[int], address: str | None, now: datetime, is_noted: bool = True
) -> WallLink:
    """The link that a browser has opened before, this opening noted; raises LinkClosed, noted when it is known."""
    link = find(number) if number in numbers else None
    if link is None:
        raise LinkClosed("unknown")
    reason = why_closed(link, now)
    if is_noted:
        note(link, WallVisit.What.REFUSED if reason else WallVisit.What.OPENED, address, now)
    if reason:
        raise LinkClosed(reason)
    return link


def note(link: WallLink, what: str, address: str | None, now: datetime) -> None:
    """Keep that somebody opened the link, or tried to."""
    WallVisit.objects.create(link=link, what=what, at=now, address=address)


def find(number: int) -> WallLink | None:
    """The link of this number, open or not. One query."""
    return WallLink.objects.filter(pk=number).first()


def why_closed(link: WallLink, now: datetime) -> str:
    """Why a link does not open: revoked or expired; empty while it does."""
    if link.revoked_at:
        return "revoked"
    return "expired" if link.expires_at <= now else ""


def of(engagement: Engagement, now: datetime) -> list[tuple[WallLink, bool]]:
    """Every link of an engagement with whether it opens, how often it was opened and refused, and when last.

    One query.
    """
    found = WallLink.objects.filter(engagement=engagement).annotate(
        opened=Count("visits", filter=Q(visits__what=WallVisit.What.OPENED)),
        refused=Count("visits", filter=Q(visits__what=WallVisit.What.REFUSED)),
        last_at=Max("visits__at"),
    )
    # Said here: a query that counts forgets the order of its model.
    return [(link, not why_closed(link, now)) for link in found.order_by("-created_at", "-pk")]


def _told(link: WallLink, phrase: str, by, now: datetime) -> None:
    is_staff = link.audience == WallLink.Audience.STAFF
    audience = TimelineEntry.Audience.AWS if is_staff else TimelineEntry.Audience.ALL
    timeline.record(link.engagement, phrase, by=by, now=now, params={"name": link.name}, audience=audience)
