"""What the pages and the board tile of escalations show."""

from __future__ import annotations

from datetime import UTC, datetime

from engagements.access import visible_engagements
from engagements.models import Engagement
from escalation import catalog, faces, inside
from escalation.models import Escalation

FAR = datetime.max.replace(tzinfo=UTC)


def cards(escalations, now: datetime, *, is_staff: bool) -> list[dict]:
    """Each escalation with its face, severity words and level; the most urgent first, ended ones last."""
    found = [card(escalation, now, is_staff=is_staff) for escalation in faces.with_clocks(escalations)]
    return sorted(found, key=_urgency)


def card(escalation: Escalation, now: datetime, *, is_staff: bool) -> dict:
    """One escalation as lists and tiles show it to one side."""
    escalation = inside.seen(escalation, is_staff=is_staff)
    return {
        "escalation": escalation,
        "face": faces.face(escalation, now),
        "severity": catalog.severities()[escalation.severity],
        "level": inside.level_label(escalation),
        "level_number": escalation.level + 1,
        "levels": len(inside.levels(escalation.lane, is_staff=is_staff)),
        "lane": catalog.lanes()[escalation.lane]["label"],
    }


def _urgency(one: dict) -> tuple:
    escalation, face = one["escalation"], one["face"]
    is_waiting = face.state != "running"
    return (not escalation.is_open, is_waiting, face.due_at or FAR, -escalation.pk)


def of_engagement(engagement_id: int, now: datetime, *, is_staff: bool) -> dict:
    """The tile of the board for one side: open ones in full, ended ones as a count."""
    everything = cards(Escalation.objects.filter(engagement_id=engagement_id), now, is_staff=is_staff)
    ended = [one for one in everything if not one["escalation"].is_open]
    return {
        "open": [one for one in everything if one["escalation"].is_open],
        "ended": len(ended),
        "ended_late": sum(one["face"].state == "missed" for one in ended),
        "engagement": everything[0]["escalation"].engagement
        if everything
        else Engagement.objects.get(pk=engagement_id),
    }


def of_person(user, now: datetime) -> list[dict]:
    """Every open escalation this person may see, across their engagements."""
    mine = Escalation.objects.filter(engagement__in=visible_engagements(user), resolved_at=None)
    return cards(mine.select_related("engagement__customer"), now, is_staff=user.is_aws)


def severity_rows(policy: dict) -> list[dict]:
    """The severity picker: every severity with its example; what the plan does not offer has no minutes."""
    return [
        row | {"minutes": policy["targets"].get(code, {}).get("minutes")}
        for code, row in catalog.severities().items()
    ]
