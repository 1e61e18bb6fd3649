"""How many escalations are open, breached and due next: one line for each engagement of a list."""

from datetime import datetime

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from escalation.clock import BREACH, BREACHED
from escalation.models import Clock, Escalation
from iem_portal.registry import figures


@figures.register
class Escalations:
    """Open and breached escalations, and the next deadline."""

    key = "escalations"
    order = 30
    label = _("Escalations")

    def for_engagements(self, engagements: list[Engagement], now: datetime) -> dict[int, dict]:
        """{open, breached, next_due_at} by engagement; one query, however many engagements."""
        # A breach of an earlier cycle was a mistake in the time of the case, since corrected.
        is_breached = Q(
            clocks__kind=Clock.Kind.FIRST_RESPONSE,
            clocks__events__kind=BREACHED,
            clocks__events__cycle=F("clocks__cycle"),
            answered_at=None,
        )
        # A warning is not what anybody counts down to: the next answer that is owed is.
        is_waiting = Q(
            clocks__kind=Clock.Kind.FIRST_RESPONSE,
            clocks__deadlines__stage=BREACH,
            clocks__deadlines__fired_at=None,
            clocks__deadlines__cancelled_at=None,
        )
        rows = (
            Escalation.objects.filter(engagement__in=engagements, resolved_at=None)
            .order_by()
            .values("engagement")
            .annotate(
                open=Count("pk", distinct=True),
                breached=Count("pk", filter=is_breached, distinct=True),
                next_due_at=Min("clocks__deadlines__due_at", filter=is_waiting),
            )
        )
        return {row.pop("engagement"): row for row in rows}
