"""The pulse of the poller: told to every board each round, so that a poller that died is seen within 15 seconds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from engagements.models import Engagement
from iem_portal.live.announce import announce_many
from warroom.models import PollPulse

EVERY = timedelta(seconds=4)  # rounds come every 5 s
STALE_AFTER_S = 13  # two rounds were missed; a browser sees it a second later
TILE = "pulse"


def beat(engagements: Iterable[Engagement], now: datetime) -> None:
    """Note that these were gone round for, and tell their boards; several workers tell once."""
    rooms = {engagement.pk: engagement for engagement in engagements}
    PollPulse.objects.bulk_create(
        [PollPulse(engagement_id=pk, at=now - EVERY) for pk in _without(rooms)], ignore_conflicts=True
    )
    with transaction.atomic():
        due = PollPulse.objects.select_for_update().filter(engagement_id__in=list(rooms), at__lte=now - EVERY)
        told = list(due.order_by("pk").values_list("engagement_id", flat=True))
        PollPulse.objects.filter(engagement_id__in=told).update(at=now)
        announce_many({rooms[pk].topic: [TILE] for pk in told})


def _without(rooms: dict[int, Engagement]) -> list[int]:
    known = set(
        PollPulse.objects.filter(engagement_id__in=list(rooms)).values_list("engagement_id", flat=True)
    )
    return [pk for pk in rooms if pk not in known]


def pulse(engagement: Engagement, now: datetime) -> dict:
    """When somebody last went round; nothing to say while the room is not open. No query on an engagement that was
    read with its `war_room` and `poll_pulse`."""
    room = getattr(engagement, "war_room", None)
    found = getattr(engagement, "poll_pulse", None) if room and room.is_open else None
    is_old = found is not None and (now - found.at).total_seconds() > STALE_AFTER_S
    return {"engagement": engagement, "pulse": found, "is_old": is_old, "stale_after_s": STALE_AFTER_S}
