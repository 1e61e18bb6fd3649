"""Tells open pages that rows or cells of sections changed: those of members, and those of guests."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement
from iem_portal.live.announce import announce_many
from workbook.models import GuestLink

#: What members' pages listen to, and those of guests, who have a topic for each link: nobody else's words reach it.
TILE, GUEST_TILE = "workbook", "guest"


def changed(engagement: Engagement, *sections: str, now: datetime, has_guests: bool = True) -> None:
    """Say that something of these sections changed. Call it inside the transaction that changed it.

    One query for the links that are open, none when it is known that there are none.
    """
    topics = {engagement.topic: (TILE,)}
    if has_guests:
        links = GuestLink.objects.filter(
            engagement=engagement, section__in=sections, revoked_at=None, expires_at__gt=now
        )
        topics |= {link.topic: (GUEST_TILE,) for link in links.only("pk")}
    announce_many(topics)
