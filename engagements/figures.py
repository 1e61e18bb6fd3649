"""How many milestones are overdue and which is next, for many engagements at once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from engagements import catalog
from engagements.models import Engagement, Milestone
from iem_portal.registry import figures


@figures.register
class MilestoneFigure:
    """{overdue, next_due_at, next_code, next_title, done, total} per engagement."""

    key = "milestones"
    order = 10
    label = _("Milestones")

    def for_engagements(self, engagements: list[Engagement], now: datetime) -> dict[int, dict]:
        """One query however many engagements there are."""
        open_dated = Q(done_at=None, due_at__isnull=False)
        first = Milestone.objects.filter(open_dated, engagement=OuterRef("engagement_id"))
        rows = (
            Milestone.objects.filter(engagement__in=engagements)
            .order_by()
            .values("engagement_id", "engagement__milestones_version")
            .annotate(
                overdue=Count("pk", filter=open_dated & Q(due_at__lt=now)),
                next_due_at=Min("due_at", filter=open_dated),
                next_code=Subquery(first.order_by("due_at", "position").values("code")[:1]),
                done=Count("pk", filter=Q(done_at__isnull=False)),
                total=Count("pk"),
            )
        )
        return {row.pop("engagement_id"): _titled(row) for row in rows}


def _titled(row: dict) -> dict:
    titles = catalog.milestone_titles(row.pop("engagement__milestones_version"))
    return row | {"next_title": titles.get(row["next_code"], {"en": row["next_code"] or ""})}
