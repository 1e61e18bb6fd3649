"""What a guest's page listens to: its own link's topic, which knows of nothing but the link's section."""

from __future__ import annotations

from datetime import datetime

from iem_portal.live.admission import Admission
from iem_portal.registry import topics
from workbook.guests import links
from workbook.guests.middleware import SESSION_KEY

AUDIENCE = "guest"


@topics.register
class GuestTopic:
    """The topic "guest:<link>": for the browser that opened this link, as long as the link opens."""

    key = "guest"

    def guest_admission(self, session, link_id: int, now: datetime) -> Admission | None:
        """The right of a browser without an account; None for a link that it has not opened, or that has ended."""
        link = links.find(link_id) if link_id in session.get(SESSION_KEY, []) else None
        if link is None or not links.is_open(link, now):
            return None
        return Admission(link.topic, AUDIENCE, link.language, link.expires_at)
