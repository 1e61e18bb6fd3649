"""How late is the reading of AWS? One answer for the readiness probe and the gauges."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from warroom.models import PollTarget

LONGEST_WAIT = timedelta(minutes=2)


def waiting(now: datetime) -> QuerySet[PollTarget]:
    """Active targets whose time has come and that nobody has read yet."""
    return PollTarget.objects.filter(is_active=True, next_poll_at__lte=now)


def lag_s(now: datetime) -> float:
    """Seconds the longest-waiting target is overdue; 0 when none waits."""
    oldest = waiting(now).order_by("next_poll_at").values_list("next_poll_at", flat=True).first()
    return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
