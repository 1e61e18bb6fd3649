"""What changed in the section of a guest, as the guest's open page hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.template.loader import render_to_string

from iem_portal.live.render import Ended
from iem_portal.registry import tiles
from workbook.announcing import GUEST_TILE
from workbook.guests import links
from workbook.models import CellChange

#: Older changes are on the page already; a page that slept longer asks for everything anew.
RECENT = timedelta(minutes=10)
LIMIT = 60


@tiles.register
class GuestTile:
    """Names and versions of one section; the values are fetched by a request that asks for the link again."""

    key = GUEST_TILE
    audiences = ("guest",)

    def render(self, link_id: int, *, audience: str, now: datetime) -> str:
        """A hidden list of the section's newest changes. Two queries. Raises Ended once the link has ended."""
        link = links.find(link_id)
        if link is None or not links.is_open(link, now):
            raise Ended
        changes = CellChange.objects.filter(
            engagement_id=link.engagement_id, section=link.section, at__gt=now - RECENT
        )
        return render_to_string("workbook/_changes.html", {"changes": changes[:LIMIT]})
