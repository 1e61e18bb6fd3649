"""Which events of the timeline are marked on the time axis of a chart."""

from __future__ import annotations

from datetime import datetime

from engagements import feed
from engagements.models import Engagement

MOST_MARKS = 120
#: Phrases worth a mark, by what they are about. A mark stands where something happened, not where it was recorded.
GROUPS = {
    "step": (
        "step.started", "step.started_late", "step.done", "step.done_late", "step.deviated", "step.blocked",
        "step.failed", "step.reopened", "gate.go", "gate.hold", "gate.stop", "gate.outcome", "gate.outcome_why",
        "rollback.called", "runbook.started", "runbook.paused", "runbook.resumed", "runbook.completed",
        "runbook.aborted", "runbook.rolled_back",
    ),
    "escalation": (
        "escalation.opened", "escalation.answered", "escalation.answered_late", "escalation.breached",
        "escalation.restored", "escalation.resolved", "escalation.reopened",
    ),
    "alarm": (
        "alarm.raised", "alarm.expected", "alarm.cleared", "alarm.silent", "metric.silent", "metric.back",
    ),
    "health": ("health.opened", "health.updated", "health.closed"),
}  # fmt: skip
_GROUP_OF = {phrase: group for group, phrases in GROUPS.items() for phrase in phrases}


def marks(engagement: Engagement, *, audience: str, start: datetime, end: datetime) -> tuple[list[dict], int]:
    """The marks of a span in order, as (marks, how many older ones were left out).

    ``audience`` is "staff" or "customer": entries for AWS alone are never read for the customer. Two queries,
    one when nothing is left out.
    """
    rows = feed.entries(engagement, audience=audience).filter(
        at__gte=start, at__lte=end, phrase__in=list(_GROUP_OF)
    )
    newest = list(rows[: MOST_MARKS + 1])
    left_out = rows.count() - MOST_MARKS if len(newest) > MOST_MARKS else 0
    newest = newest[:MOST_MARKS][::-1]
    lines = feed.as_lines(engagement, newest)
    return [
        {"at": line.at, "group": _GROUP_OF[entry.phrase], "text": line.text, "status": line.status}
        for entry, line in zip(newest, lines, strict=True)
    ], left_out
