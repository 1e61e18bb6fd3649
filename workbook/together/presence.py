"""Who is in the workbook, and in which cell: told by each page, forgotten when a page falls silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from engagements.models import Engagement
from iem_portal.live import announce
from workbook.models import Presence

TILE = "people"
#: Pages speak every 20 seconds; one that was not heard for twice that and a little is gone.
SILENT_AFTER = timedelta(seconds=50)
#: A page that only says it is still there is passed on this often.
PASS_ON = timedelta(seconds=15)


def here(*, engagement: Engagement, user, section: str, row: str, field: str, now: datetime) -> None:
    """Say that somebody's page is open at this place. The newest page of a person counts."""
    place = {"section": section, "row": row, "field": field}
    with transaction.atomic():
        before = Presence.objects.filter(engagement=engagement, user=user).first()
        has_moved = before is None or any(getattr(before, name) != value for name, value in place.items())
        is_back = before is None or before.seen_at + SILENT_AFTER < now
        if not (has_moved or is_back) and before.seen_at + PASS_ON > now:
            return
        since = now if has_moved or is_back else before.since
        Presence.objects.update_or_create(
            engagement=engagement, user=user, defaults=place | {"since": since, "seen_at": now}
        )
        announce(engagement.topic, TILE)


def gone(*, engagement: Engagement, user) -> None:
    """Say that somebody's page was closed."""
    with transaction.atomic():
        deleted, _models = Presence.objects.filter(engagement=engagement, user=user).delete()
        if deleted:
            announce(engagement.topic, TILE)


def people(engagement_id: int, now: datetime) -> list[Presence]:
    """Everybody whose page was heard a moment ago, whoever came first first. One query."""
    heard = Presence.objects.filter(engagement=engagement_id, seen_at__gt=now - SILENT_AFTER)
    return list(heard.select_related("user").order_by("since", "pk"))
