"""The escalations of an engagement as a live tile."""

from django.template.loader import render_to_string

from escalation import panels
from escalation.watching import panel as watching
from iem_portal.registry import tiles


@tiles.register
class Escalations:
    """Open escalations with ticking clocks, and how late the engine was; the same for everyone on one side."""

    key = "escalations"
    audiences = ("staff", "customer")
    # An engine that died announces nothing: only a tile that is drawn anew says so.
    refresh_s = 10

    def render(self, engagement_id: int, *, audience: str, now) -> str:
        """The tile's HTML in the active language."""
        found = panels.of_engagement(engagement_id, now, is_staff=audience == "staff")
        watched = watching.context(now) | {"zone": found["engagement"].time_zone}
        return render_to_string("escalation/tiles/_escalations.html", found | watched | {"now": now})
