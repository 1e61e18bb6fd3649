"""Which cells changed a moment ago: drawn as data that an open page compares with what it shows."""

from datetime import datetime

from django.template.loader import render_to_string

from iem_portal.registry import tiles
from workbook.announcing import TILE
from workbook.guests.tile import LIMIT, RECENT, GuestTile
from workbook.models import CellChange
from workbook.talk.tile import TalkTile
from workbook.together.tile import PeopleTile

__all__ = ["GuestTile", "PeopleTile", "TalkTile", "WorkbookTile"]


@tiles.register
class WorkbookTile:
    """Names and versions only: the values are fetched by an ordinary, permission-checked GET."""

    key = TILE
    audiences = ("staff", "customer")

    def render(self, engagement_id: int, *, audience: str, now: datetime) -> str:
        """A hidden list of the newest changes. One query."""
        changes = CellChange.objects.filter(engagement_id=engagement_id, at__gt=now - RECENT)[:LIMIT]
        return render_to_string("workbook/_changes.html", {"changes": changes})
