"""What the wall says: the band, the current step, escalations, the metrics most worth a look, and the ruler."""

from __future__ import annotations

from datetime import datetime

from engagements import feed
from engagements.models import Engagement
from escalation import panels as escalations
from warroom import pulse
from warroom.outlook import outlook
from warroom.panels import aws, lanes, steps, telemetry

MOST_TILES = 8  # and one for the alarms: three rows of three are read from four metres
MOST_ESCALATIONS = 2
FEED_LINES = 2
LABEL_SHARE = 9  # percent of the ruler that a name takes
TROUBLE = {"bad": 0, "stale": 1, "watch": 2, "ok": 3}


def wall(engagement: Engagement, now: datetime, audience: str) -> dict:
    """Everything the wall's template asks for, for one side ("staff" or "customer"). Fifteen queries at most."""
    view = outlook(engagement, now)
    board = telemetry.metrics(engagement, now)
    shown, rest = chosen(board["tiles"])
    rest += board["hidden"]
    told = escalations.of_engagement(engagement.pk, now, is_staff=audience == "staff")["open"]
    return {
        "engagement": engagement,
        "now": now,
        "zone": engagement.time_zone,
        "band": steps.clock(engagement, now, view),
        "step": steps.step(engagement, now, view),
        "bars": progress(view),
        "tiles": shown,
        "more_tiles": len(rest),
        "more_troubled": sum(tile["look"] != "ok" for tile in rest),
        "columns": 2 if len(shown) < 4 else 3,
        "alarms": alarms(aws.alarms(engagement, now)),
        "escalations": told[:MOST_ESCALATIONS],
        "more_escalations": max(0, len(told) - MOST_ESCALATIONS),
        "ruler": ruler(lanes.lanes(engagement, now, view)),
        "lines": feed.lines(engagement, audience=audience, limit=FEED_LINES),
        "pulse": pulse.pulse(engagement, now),
    }


def chosen(tiles: list[dict], most: int = MOST_TILES) -> tuple[list[dict], list[dict]]:
    """The tiles that fit, in the board's order, and the others: trouble is never among the others for want of room
    while a normal one is shown."""
    ranked = sorted(range(len(tiles)), key=lambda place: (TROUBLE.get(tiles[place]["look"], 1), place))
    kept = set(ranked[:most])
    return (
        [tile for place, tile in enumerate(tiles) if place in kept],
        [tile for place, tile in enumerate(tiles) if place not in kept],
    )


def alarms(panel: dict) -> dict:
    """How many alarms say what."""
    speaking = panel["speaking"]
    return {
        "in_alarm": [alarm for alarm in speaking if alarm.state == "ALARM"],
        "silent": sum(alarm.state != "ALARM" for alarm in speaking),
        "muted": len(panel["muted"]),
        "normal": panel["normal"],
        "is_read": panel["is_read"],
        "is_stopped": panel["is_stopped"],
        "data_until": panel["data_until"],
        "stale_after_s": panel["stale_after_s"],
    }


def ruler(panel: dict) -> dict:
    """The lanes as one ruler: a gate keeps its name where the one before and the limit leave it room."""
    last = -100.0
    for gate in sorted(panel.get("gates", ()), key=lambda one: one["x"]):
        far = panel["limit_x"] is None or panel["limit_x"] - gate["x"] > LABEL_SHARE
        gate["has_room"] = far and gate["x"] - last > LABEL_SHARE
        last = gate["x"] if gate["has_room"] else last
    return panel


def progress(view) -> list[dict]:
    """One small bar for each step in order, in percent of the width: done, running, stopped, or to come."""
    if view is None or not view.steps:
        return []
    width = 100 / len(view.steps)
    looks = {
        "done": "done", "skipped": "done", "cancelled": "done",
        "running": "run", "blocked": "stop", "failed": "stop",
    }  # fmt: skip
    return [
        {
            "x": round(place * width, 2),
            "width": round(width * 0.86, 2),
            "look": looks.get(step.status, "todo"),
        }
        for place, step in enumerate(view.steps)
    ]
