"""What the war room wants before the event begins, and before it is left for the review."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.gates import Condition
from engagements.models import Engagement, Phase
from iem_portal.registry import gates
from warroom.models import Step, WarRoom
from warroom.models.runbook import BESIDE


@gates.register
class RunbookExists:
    """Plan → Execute: nobody starts a night without a plan of it."""

    key = "warroom.plan"
    order = 30
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One query."""
        steps = Step.objects.filter(runbook__engagement=engagement, runbook__rehearsal_of=None)
        count = steps.exclude(runbook__kind__in=BESIDE).count()
        detail = ngettext("%(n)d step", "%(n)d steps", count) % {"n": count} if count else ""
        url = reverse("warroom:runbook", args=[engagement.reference])
        return [Condition("runbook", _("The runbook exists"), count > 0, detail, url)]


@gates.register
class RoomIsLeft:
    """Execute → Review: nothing runs any more and the war room is closed."""

    key = "warroom.execute"
    order = 30
    phase = Phase.EXECUTE

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """Two queries."""
        steps = Step.objects.filter(runbook__engagement=engagement, status=Step.Status.RUNNING)
        codes = list(steps.values_list("code", flat=True))
        is_closed = WarRoom.objects.filter(engagement=engagement, closed_at__isnull=False).exists()
        runbook = reverse("warroom:runbook", args=[engagement.reference])
        board = reverse("warroom:board-rest", args=[engagement.reference])
        return [
            Condition("steps", _("No step is running"), not codes, ", ".join(codes), runbook),
            Condition("room", _("The war room is closed"), is_closed, url=board),
        ]
