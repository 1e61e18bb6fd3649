"""What the board says about the people: the last status update and when the next is due, and the roster."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement, Membership
from warroom.models import StatusUpdate
from warroom.room import CADENCE_MIN

LOOKS = {"on_plan": "ok", "at_risk": "watch", "off_plan": "bad"}


def update(engagement: Engagement, now: datetime, *, audience: str) -> dict:
    """The newest status update this audience may read, and when the next one is due."""
    rows = StatusUpdate.objects.filter(engagement=engagement)
    if audience != "staff":
        rows = rows.filter(audience=StatusUpdate.Audience.ALL)
    last = rows.first()
    return {
        "engagement": engagement,
        "last": last,
        "look": LOOKS.get(last.state, "todo") if last else "todo",
        "is_due": bool(last and last.next_due_at <= now),
        "now": now,
    }


def composer(
    engagement: Engagement, now: datetime, *, draft: dict | None = None, errors: dict | None = None
) -> dict:
    """The form of a status update: number, state and receivers, and what was typed when it was refused."""
    last = engagement.status_updates.first()
    return {
        "engagement": engagement,
        "number": last.number + 1 if last else 1,
        "state": (draft or {}).get("state") or (last.state if last else "on_plan"),
        "text": (draft or {}).get("text", ""),
        "audience": (draft or {}).get("audience", "all"),
        "errors": errors or {},
        "states": [(key, label, LOOKS[key]) for key, label in StatusUpdate.State.choices],
        "cadence_min": CADENCE_MIN,
    }


def roster(engagement: Engagement) -> list[Membership]:
    """Everybody with a part in the event who has signed up, AWS's side and the customer's."""
    members = Membership.objects.filter(engagement=engagement, user__is_active=True)
    return list(members.select_related("user__customer"))
