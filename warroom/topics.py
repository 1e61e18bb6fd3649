"""What a screen listens to: its own link's topic, which shows nothing but the wall."""

from __future__ import annotations

from datetime import datetime

from iem_portal.live.admission import Admission
from iem_portal.registry import topics
from warroom.wall import links
from warroom.wall.door_views import SESSION_KEY
from warroom.wall.tile import AUDIENCE


@topics.register
class WallTopic:
    """The topic "wall:<link>": for a browser that has opened this link, whoever is signed in there."""

    key = "wall"
    is_by_link = True

    def guest_admission(self, session, link_id: int, now: datetime) -> Admission | None:
        """The right of a browser; None for a link that it has not opened, or that has ended."""
        link = links.find(link_id) if link_id in session.get(SESSION_KEY, []) else None
        if link is None or links.why_closed(link, now):
            return None
        return Admission(link.topic, AUDIENCE, link.language, link.expires_at)
