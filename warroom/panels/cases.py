"""The support cases of the engagement's escalations on the board: where each stands, and how fresh that is."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Engagement
from escalation.cases.panel import status_of
from escalation.cases.words import fault
from escalation.models import SupportCase

CLOSED_FOR = timedelta(hours=6)
# A followed case is read every minute while it is critical or urgent, else every five.
STALE_AFTER_S = 3 * 300
ORDER = {"critical": 0, "urgent": 1, "high": 2, "normal": 3, "low": 4}


def cases(engagement: Engagement, now: datetime) -> dict:
    """Open cases, the gravest first, and those closed in the last hours. One query."""
    found = SupportCase.objects.filter(escalation__engagement=engagement).select_related("escalation")
    rows = []
    for case in found:
        told_at = case.last_said_at or case.created_at
        if case.is_closed and now - told_at > CLOSED_FOR:
            continue
        words, look = status_of(case.status)
        problem = fault(case.problem, case.problem_text) if case.problem else ""
        rows.append({"case": case, "words": words, "look": look, "problem": problem, "told_at": told_at})
    rows.sort(
        key=lambda row: (
            row["case"].is_closed,
            ORDER.get(row["case"].severity, 5),
            -row["told_at"].timestamp(),
        )
    )
    return {"engagement": engagement, "rows": rows, "stale_after_s": STALE_AFTER_S}
