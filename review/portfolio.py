"""How past events went: one line for each engagement, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from engagements.access import visible_engagements
from engagements.models import Engagement, Phase, SuccessCriterion
from escalation import panels
from escalation.models import Escalation
from review import reading
from review.models import Report


def lines(user, now: datetime) -> list[dict]:
    """Engagements that have begun, the latest first: verdict, criteria met, first answers in time."""
    begun = (Phase.EXECUTE, Phase.REVIEW, Phase.CLOSED)
    found = (
        visible_engagements(user).filter(phase__in=begun).select_related("customer").order_by("-starts_at")
    )
    engagements = list(found)
    reports = {report.engagement_id: report for report in Report.objects.filter(engagement__in=engagements)}
    criteria = _grouped(SuccessCriterion.objects.filter(engagement__in=engagements, removed_at=None))
    cards = defaultdict(list)
    for card in panels.cards(
        Escalation.objects.filter(engagement__in=engagements), now, is_staff=user.is_aws
    ):
        cards[card["escalation"].engagement_id].append(card)
    return [_line(one, reports.get(one.pk), criteria[one.pk], cards[one.pk]) for one in engagements]


def _grouped(rows) -> dict[int, list]:
    groups = defaultdict(list)
    for row in rows:
        groups[row.engagement_id].append(row)
    return groups


def _line(engagement: Engagement, report: Report | None, criteria: list, cards: list[dict]) -> dict:
    review = reading.Review(
        engagement=engagement,
        report=report or Report(engagement=engagement),
        criteria=reading.criteria_rows(criteria),
        escalations=cards,
        severities=[],
        runbook=None,
        steps=[],
        health=[],
        timeline=[],
        timeline_left_out=0,
    )
    return {"engagement": engagement, "review": review}
