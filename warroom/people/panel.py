"""What pages and the board's tile show of the people: posts now and next, the open roll call, notes, bridges."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement
from warroom.models import Handover, RollCall
from warroom.people import duty, handovers, rolls
from workbook import catalogue
from workbook.models import Cell

#: What of the war room's section is for everybody on duty; the PIN stays in the workbook.
BRIDGES = ("wr_bridge", "wr_bridge_phone", "wr_bridge_bak", "wr_chat", "wr_room")
SECTION, ROLE = "wb03", "ct_role"
WAR_ROOM = "wb04"


def people(engagement: Engagement, now: datetime, *, audience: str) -> dict:
    """The tile: four queries, and one for the answers of an open roll call."""
    shifts = rolls.shifts(engagement)
    call = RollCall.objects.filter(engagement=engagement, closed_at=None).prefetch_related("answers").first()
    waiting = handovers.visible(engagement, audience=audience).filter(taken_at=None)
    return {
        "engagement": engagement,
        "now": now,
        "posts": [one for one in named(duty.posts(shifts, now)) if one["now"] or one["next"]],
        "change_at": duty.next_change(shifts, now),
        "roll": rolls.standing(call) if call else None,
        "waiting": list(waiting[:5]),
        "bridges": bridges(engagement),
    }


def named(posts: list[duty.Post]) -> list[dict]:
    """The posts with the names of their roles in both languages."""
    field = catalogue.newest()[SECTION].field(ROLE)
    found = []
    for post in posts:
        choice = field.choice(post.role) if field else None
        label = choice.label if choice else post.role
        found.append({"role": label, "now": post.now, "next": post.next})
    return found


def bridges(engagement: Engagement) -> list[dict]:
    """Where people meet, as section WB04 says: label, value, and whether it is an address. One query."""
    cells = Cell.objects.filter(
        row__engagement=engagement,
        row__section=WAR_ROOM,
        row__deleted_at=None,
        field__in=BRIDGES,
        value__isnull=False,
    )
    values = dict(cells.values_list("field", "value"))
    section = catalogue.newest()[WAR_ROOM]
    return [
        {
            "label": section.field(key).label,
            "value": values[key],
            "is_address": str(values[key]).startswith("https://"),
        }
        for key in BRIDGES
        if values.get(key)
    ]


def history(engagement: Engagement, *, audience: str) -> dict:
    """The page's lists: roll calls with who was missing, and notes. Three queries."""
    calls = RollCall.objects.filter(engagement=engagement).exclude(closed_at=None)
    notes: list[Handover] = list(handovers.visible(engagement, audience=audience)[:30])
    return {
        "calls": [rolls.standing(call) for call in calls.prefetch_related("answers")[:20]],
        "notes": notes,
    }
