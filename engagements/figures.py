"""How many milestones are overdue and which is next, for many engagements at once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, F, Min, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from engagements import catalog
from engagements.models import Milestone
from iem_portal.registry import figures


@figures.register
class MilestoneFigure:
    """{overdue, next_due_at, next_code, next_title, done, total} per engagement."""

    key = "milestones"
    order = 10
    label = _("Milestones")

    def for_engagements(self, ids: list[int], now: datetime) -> dict[int, dict]:
        """Two queries however many engagements there are."""
        open_dated = Q(done_at=None, due_at__isnull=False)
        rows = (
            Milestone.objects.filter(engagement__in=ids)
            .values("engagement_id")
            .annotate(
                overdue=Count("pk", filter=open_dated & Q(due_at__lt=now)),
                next_due_at=Min("due_at", filter=open_dated),
                done=Count("pk", filter=Q(done_at__isnull=False)),
                total=Count("pk"),
            )
        )
        facts = {row.pop("engagement_id"): row for row in rows}
        for row in _first_open(ids):
            titles = catalog.milestone_titles(row["engagement__milestones_version"])
            facts[row["engagement_id"]] |= {
                "next_code": row["code"],
                "next_title": titles.get(row["code"], {"en": row["code"]}),
                "next_owner": row["owner_role"],
            }
        return facts


def _first_open(ids: list[int]):
    """The first open dated milestone of each engagement."""
    return (
        Milestone.objects.filter(engagement__in=ids, done_at=None, due_at__isnull=False)
        .annotate(
            row=Window(RowNumber(), partition_by=F("engagement_id"), order_by=[F("due_at"), F("position")])
        )
        .filter(row=1)
        .values("engagement_id", "code", "owner_role", "engagement__milestones_version")
    )
