"""How each live tile of the board is drawn: one panel and one template, the same for everyone of an audience."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from engagements.models import Engagement
from iem_portal.registry import tiles
from warroom import pulse
from warroom.outlook import outlook
from warroom.panels import aws, cases, lanes, room, steps, telemetry
from warroom.people import panel as on_duty
from warroom.wall.tile import WallTile

AUDIENCES = ("staff", "customer")


def with_room(engagement_id: int) -> Engagement:
    """An engagement with everything about its room that tiles ask for. One query."""
    beside = ("customer", "war_room", "poll_budget", "poll_pulse", "board_layout")
    return Engagement.objects.select_related(*beside).get(pk=engagement_id)


class BoardTile:
    """A tile drawn by one panel; `panel(engagement, now, audience)` returns the template's context."""

    audiences = AUDIENCES

    def __init__(self, key: str, panel):
        self.key = key
        self.panel = panel
        self.template = f"warroom/tiles/_{key}.html"

    def render(self, engagement_id: int, *, audience: str, now: datetime) -> str:
        """The tile's HTML for one audience in the active language."""
        engagement = Engagement.objects.select_related(
            "customer", "war_room", "poll_budget", "board_layout"
        ).get(pk=engagement_id)
        return self.draw(engagement, audience=audience, now=now)

    def draw(self, engagement: Engagement, *, audience: str, now: datetime, **shared) -> str:
        """The same for an engagement in hand; `shared` passes what several tiles of a page need."""
        context = self.panel(engagement, now, audience, **shared)
        return render_to_string(
            self.template,
            context | {"now": now, "zone": engagement.time_zone, "is_simulated": settings.SIMULATED_AWS},
        )


def on_runbook(panel):
    """A panel of the runbook that accepts an outlook somebody else has loaded already."""
    return lambda engagement, now, audience, view=None: panel(
        engagement, now, view or outlook(engagement, now)
    )


def on_aws(panel):
    """A panel that is the same for both audiences."""
    return lambda engagement, now, audience: panel(engagement, now)


RUNBOOK_TILES = ("clock", "step", "lanes", "runbook")
for tile in (
    BoardTile("clock", on_runbook(steps.clock)),
    BoardTile("step", on_runbook(steps.step)),
    BoardTile("lanes", on_runbook(lanes.lanes)),
    BoardTile("runbook", on_runbook(steps.table)),
    BoardTile("metrics", on_aws(telemetry.metrics)),
    BoardTile("alarms", on_aws(aws.alarms)),
    BoardTile("health", on_aws(aws.health)),
    BoardTile("quotas", on_aws(aws.quotas)),
    BoardTile("sources", on_aws(aws.sources)),
    BoardTile("cases", on_aws(cases.cases)),
    BoardTile("pulse", on_aws(pulse.pulse)),
    BoardTile("duty", lambda engagement, now, audience: on_duty.people(engagement, now, audience=audience)),
    BoardTile("update", lambda engagement, now, audience: room.update(engagement, now, audience=audience)),
):
    tiles.register(tile)
tiles.register(WallTile(with_room))
