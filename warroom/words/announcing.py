"""That the event was announced inside AWS: where, when, in which words. AWS's side alone keeps and reads it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements import access, timeline
from engagements.access import Permission
from engagements.models import Engagement, TimelineEntry
from warroom.models import Announcement


def announce_inside(
    *, engagement: Engagement, place: str, text: str, by, now: datetime, announced_at: datetime | None = None
) -> Announcement:
    """Keep that the event was announced inside AWS, and say so on AWS's side of the timeline."""
    access.check(by, engagement, Permission.SEE_INTERNAL)
    at = announced_at or now
    with transaction.atomic():
        kept = Announcement.objects.create(
            engagement=engagement, place=place, text=text, announced_at=at, recorded_at=now, by_name=by.name
        )
        timeline.record(
            engagement,
            "event.announced",
            by=by,
            now=now,
            at=at,
            kind=TimelineEntry.Kind.COMMUNICATION,
            audience=TimelineEntry.Audience.AWS,
            params={"place": place},
            text=text,
            subject_type="announcement",
            subject_id=kept.pk,
        )
    return kept
