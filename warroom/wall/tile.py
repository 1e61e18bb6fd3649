"""The wall as one live tile of its link's own topic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from engagements.models import Engagement
from iem_portal.live.render import Ended
from warroom.models import WallLink
from warroom.wall import links
from warroom.wall.panel import wall
from warroom.wall.release import release

AUDIENCE = "wall"


class WallTile:
    """Drawn for its link alone: whose eyes it is drawn for stands in the link, and no address can ask for others.

    A wall hears of nothing but its own end: it is drawn anew with each heartbeat while a screen shows it, so that
    no change of an engagement has to know of its screens.
    """

    key = links.TILE
    audiences = (AUDIENCE,)
    refresh_s = 4

    def __init__(self, load: Callable[[int], Engagement]):
        self._load = load

    def render(self, link_id: int, *, audience: str, now: datetime) -> str:
        """The whole wall. Raises Ended once the link has ended."""
        link = links.find(link_id)
        if link is None or links.why_closed(link, now):
            raise Ended
        return self.draw(link, now=now)

    def draw(self, link: WallLink, *, now: datetime) -> str:
        """The same for a link in hand that opens, in the active language."""
        context = wall(self._load(link.engagement_id), now, link.audience)
        shown = {"release": release(), "is_simulated_aws": settings.SIMULATED_AWS, "link": link}
        return render_to_string("warroom/wall/_wall.html", context | shown)
