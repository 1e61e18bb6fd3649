"""How well is AWS read? Figures for /metrics."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from iem_portal.registry import gauges
from warroom.lag import lag_s
from warroom.models import PollTarget


@gauges.register
class PollLag:
    """Grows when the worker of the queue `aws` is dead or too slow."""

    key = "poll_lag_seconds"
    help = "Seconds the longest-waiting source is overdue"

    def read(self, now: datetime) -> float:
        """Zero while nothing waits."""
        return lag_s(now)


@gauges.register
class PollFaults:
    """Sources that cannot be read, by the kind of the fault."""

    key = "poll_targets"
    help = "Active sources by the kind of their last fault (ok: none)"

    def read(self, now: datetime) -> list:
        """One row for each kind."""
        rows = (
            PollTarget.objects.filter(is_active=True)
            .order_by()
            .values("last_error_kind")
            .annotate(n=Count("pk"))
        )
        return [({"fault": row["last_error_kind"] or "ok"}, row["n"]) for row in rows]
