"""How many escalations of each engagement are open, late, and due next? For the portfolio and the overview."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from escalation.clock import BREACH
from escalation.models import Deadline, Escalation
from iem_portal.registry import figures


@figures.register
class Escalations:
    """{open, breached, next_due_at} by engagement."""

    key = "escalations"
    order = 30
    label = _("Escalations")

    def for_engagements(self, ids: list[int], now: datetime) -> dict[int, dict]:
        """Two queries however many engagements; `next_due_at` (UTC) is the next breach, or None."""
        is_breached = Q(clocks__deadlines__stage=BREACH, clocks__deadlines__fired_at__isnull=False)
        rows = (
            Escalation.objects.filter(engagement__in=ids, resolved_at__isnull=True)
            .values("engagement_id")
            .order_by("engagement_id")
            .annotate(
                open=Count("pk", distinct=True), breached=Count("pk", distinct=True, filter=is_breached)
            )
        )
        counted = {row["engagement_id"]: row for row in rows}
        waiting = Deadline.objects.waiting().filter(stage=BREACH, clock__escalation__engagement__in=ids)
        due = dict(
            waiting.values_list("clock__escalation__engagement")
            .annotate(next_due_at=Min("due_at"))
            .order_by()
        )
        none = {"open": 0, "breached": 0}
        return {
            pk: {
                "open": counted.get(pk, none)["open"],
                "breached": counted.get(pk, none)["breached"],
                "next_due_at": due.get(pk),
            }
            for pk in ids
        }
