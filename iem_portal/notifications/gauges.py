"""How many messages wait, and how many were given up? Figures for /metrics."""

from __future__ import annotations

from datetime import datetime

from iem_portal.notifications.models import Notification
from iem_portal.notifications.relay import waiting
from iem_portal.registry import gauges


@gauges.register
class MessagesWaiting:
    """Grows when receivers or the relay are down."""

    key = "notifications_waiting"
    help = "Messages that are not sent yet"

    def read(self, now: datetime) -> int:
        """Counted from the partial index."""
        return waiting().count()


@gauges.register
class OldestMessage:
    """The delay people would notice."""

    key = "notifications_oldest_seconds"
    help = "Age of the oldest message that is not sent yet"

    def read(self, now: datetime) -> float:
        """Zero while nothing waits."""
        oldest = waiting().order_by("created_at").values_list("created_at", flat=True).first()
        return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0


@gauges.register
class MessagesDead:
    """More than zero wants a look at last_error."""

    key = "notifications_dead"
    help = "Messages that were given up"

    def read(self, now: datetime) -> int:
        """All that were ever given up."""
        return Notification.objects.filter(dead_at__isnull=False).count()
