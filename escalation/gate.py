"""What escalations want before the event begins, and before it is left for its review."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.gates import Condition
from engagements.models import Engagement, Phase
from escalation.attainment.causes import unexplained
from escalation.ladder import drill, policies
from escalation.models import Escalation, reference_of
from iem_portal.registry import gates
from iem_portal.templatetags.portal import instant_text


@gates.register
class EverybodyIsReached:
    """Plan → Execute: everybody on the path was paged as a test, and answered."""

    key = "escalation.plan"
    order = 40
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """Three queries."""
        found = drill.latest(engagement)
        days = policies.drill_days(engagement)
        is_old = found is not None and now - found[0].started_at > timedelta(days=days)
        detail = ""
        if found:
            last, answered, paged = found
            day = instant_text(last.started_at, engagement.time_zone, "date")
            words = {"answered": answered, "paged": paged, "day": day}
            detail = _("%(answered)s of %(paged)s answered on %(day)s") % words
        if is_old:
            words = {"detail": detail, "days": days}
            detail = _("%(detail)s, which is more than %(days)s days ago") % words
        is_met = found is not None and not is_old and found[1] == found[2]
        url = reverse("escalation:drills", args=[engagement.reference])
        label = _("Everybody on the path answered a test page")
        return [Condition("drill", label, is_met, detail, url)]


@gates.register
class NothingIsOpen:
    """Execute → Review: nobody still waits for an answer."""

    key = "escalation.execute"
    order = 40
    phase = Phase.EXECUTE

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One query."""
        rows = Escalation.objects.filter(engagement=engagement, resolved_at__isnull=True).order_by("number")
        names = [reference_of(number) for number in rows.values_list("number", flat=True)]
        url = reverse("escalation:list", args=[engagement.reference])
        return [Condition("escalations", _("No escalation is open"), not names, ", ".join(names), url)]


@gates.register
class BreachesAreExplained:
    """Execute → Review: of every broken promise somebody said where the time went."""

    key = "escalation.causes"
    order = 41
    phase = Phase.EXECUTE

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One query, four when something broke."""
        names = unexplained(engagement, now)
        url = reverse("escalation:list", args=[engagement.reference])
        return [Condition("breach_causes", _("Every breach has a cause"), not names, ", ".join(names), url)]
