"""The people in the workbook as an open page hears of them."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string

from engagements.models import Engagement
from iem_portal.registry import tiles
from workbook import editions
from workbook.models import Presence
from workbook.together import presence


@tiles.register
class PeopleTile:
    """Names and places. Both sides see each other, as in a meeting; nothing that is typed is in it."""

    key = presence.TILE
    audiences = ("staff", "customer")

    def render(self, engagement_id: int, *, audience: str, now: datetime) -> str:
        """A list of people; a script rings their cells. Three queries."""
        found = presence.people(engagement_id, now)
        return render_to_string("workbook/together/_people.html", {"people": _placed(engagement_id, found)})


def _placed(engagement_id: int, found: list[Presence]) -> list[dict]:
    """Each person with the words for where they are."""
    if not found:
        return []
    sections = {one.key: one for one in editions.sections(Engagement.objects.get(pk=engagement_id))}
    lines = []
    for one in found:
        section = sections.get(one.section)
        lines.append({"at": one, "section": section, "field": section.field(one.field) if section else None})
    return lines
