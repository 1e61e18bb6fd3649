"""Links for people who only want to know how the event stands; of their secrets only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from engagements import access, timeline
from engagements.models import Engagement
from warroom.models import StakeholderLink

TOKEN_BYTES = 32
MAX_DAYS, DEFAULT_DAYS = 30, 7


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


def create(
    *, engagement: Engagement, name: str, language: str, days: int, by, now: datetime
) -> tuple[StakeholderLink, str]:
    """Make a link that opens for ``days``; returns it with its secret, which is kept nowhere."""
    access.check(by, engagement, access.Permission.MANAGE_TEAM)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        link = StakeholderLink.objects.create(
            engagement=engagement,
            name=name,
            language=language,
            token_digest=digest(token),
            created_at=now,
            created_by_name=by.name,
            expires_at=now + timedelta(days=days),
        )
        timeline.record(engagement, "stakeholder.invited", by=by, now=now, params={"name": name})
    return link, token


def revoke(*, link: StakeholderLink, by, now: datetime) -> bool:
    """End a link at once; False when it had ended already."""
    access.check(by, link.engagement, access.Permission.MANAGE_TEAM)
    with transaction.atomic():
        rows = StakeholderLink.objects.filter(pk=link.pk, revoked_at=None)
        is_mine = rows.update(revoked_at=now, revoked_by_name=by.name)
        if is_mine:
            timeline.record(
                link.engagement, "stakeholder.revoked", by=by, now=now, params={"name": link.name}
            )
    return bool(is_mine)


def enter(*, token: str, now: datetime) -> StakeholderLink:
    """The open link of a secret, its opening counted; raises LinkClosed."""
    link = StakeholderLink.objects.filter(token_digest=digest(token)).first()
    _must_open(link, now)
    StakeholderLink.objects.filter(pk=link.pk).update(opened_count=F("opened_count") + 1, last_opened_at=now)
    return link


def find(number: int, now: datetime) -> StakeholderLink:
    """The open link of this number with its engagement, for a browser that has opened it; raises LinkClosed."""
    rows = StakeholderLink.objects.select_related("engagement__customer")
    link = rows.filter(pk=number).first()
    _must_open(link, now)
    return link


def is_open(link: StakeholderLink, now: datetime) -> bool:
    """Whether the link still opens."""
    return link.revoked_at is None and now < link.expires_at


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _must_open(link: StakeholderLink | None, now: datetime) -> None:
    if link is None:
        raise LinkClosed("unknown")
    if link.revoked_at:
        raise LinkClosed("revoked")
    if link.expires_at <= now:
        raise LinkClosed("expired")
