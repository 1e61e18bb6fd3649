"""How many escalations are open, breached and due next: one line for each engagement of a list."""

from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from escalation.clock import BREACH, BREACHED
from escalation.models import Deadline, Escalation
from iem_portal.registry import figures


@figures.register
class Escalations:
    """Open and breached escalations, and the next deadline."""

    key = "escalations"
    order = 30
    label = _("Escalations")

    def for_engagements(self, ids: list[int], now: datetime) -> dict[int, dict]:
        """Two queries, however many engagements."""
        is_breached = Q(clocks__events__kind=BREACHED, answered_at=None)
        rows = (
            Escalation.objects.filter(engagement__in=ids, resolved_at=None)
            .order_by()
            .values("engagement")
            .annotate(
                open=Count("pk", distinct=True), breached=Count("pk", filter=is_breached, distinct=True)
            )
        )
        # A warning is not what anybody counts down to: the next answer that is owed is.
        waiting = Deadline.objects.waiting().filter(stage=BREACH, clock__escalation__engagement__in=ids)
        due = waiting.order_by().values("clock__escalation__engagement").annotate(next=Min("due_at"))
        next_due = {row["clock__escalation__engagement"]: row["next"] for row in due}
        return {
            row["engagement"]: {
                "open": row["open"],
                "breached": row["breached"],
                "next_due_at": next_due.get(row["engagement"]),
            }
            for row in rows
        }
