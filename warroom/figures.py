"""How far the runbook is, for the portfolio and the overview."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from iem_portal.registry import figures
from warroom.models import Step
from warroom.models.runbook import BESIDE


@figures.register
class RunbookFigure:
    """Closed, running and all steps of many engagements at once."""

    key = "runbook"
    order = 40
    label = _("Runbook")

    def for_engagements(self, engagements: list[Engagement], now: datetime) -> dict[int, dict]:
        """{done, running, total} by engagement. One query."""
        rows = (
            Step.objects.filter(runbook__engagement__in=engagements, runbook__rehearsal_of=None)
            .exclude(runbook__kind__in=BESIDE)
            .order_by()
            .values("runbook__engagement")
            .annotate(
                total=Count("pk"),
                done=Count("pk", filter=Q(status__in=["done", "skipped", "cancelled"])),
                running=Count("pk", filter=Q(status="running")),
            )
        )
        return {
            row["runbook__engagement"]: {
                "done": row["done"],
                "running": row["running"],
                "total": row["total"],
            }
            for row in rows
        }
