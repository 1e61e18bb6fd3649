"""The live tile of engagements: the timeline, one drawing for AWS's side and one for the customer's."""

from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from engagements import feed
from engagements.models import Engagement
from iem_portal.registry import tiles

NEWEST = 40


@tiles.register
class TimelineTile:
    """The newest entries; AWS-only ones are never read for the customer's drawing. Two queries."""

    key = "timeline"
    audiences = ("staff", "customer")

    def render(self, engagement_id: int, *, audience: str, now) -> str:
        """The feed as HTML in the active language."""
        return self.draw(Engagement.objects.get(pk=engagement_id), audience=audience, now=now)

    def draw(self, engagement: Engagement, *, audience: str, now) -> str:
        """The same for an engagement in hand. One query."""
        zone = ZoneInfo(engagement.time_zone)
        lines = feed.lines(engagement, audience=audience, limit=NEWEST)
        return render_to_string(
            "engagements/tiles/timeline.html",
            {
                "engagement": engagement,
                "lines": lines,
                # A bare clock time would lie about an entry of another day.
                "has_days": len({line.on for line in lines}) > 1,
                "zone_name": now.astimezone(zone).tzname(),
            },
        )
