"""What the board says about the people: the last status update and when the next is due, and the roster."""

from __future__ import annotations

from datetime import datetime

from engagements import access
from engagements.models import Engagement, Membership
from warroom.models import StatusUpdate
from warroom.room import CADENCE_MIN

LOOKS = {"on_plan": "ok", "at_risk": "watch", "off_plan": "bad"}


def _last(engagement: Engagement, audience: str) -> StatusUpdate | None:
    """The newest status update this audience ("staff" or "customer") may read; kept on the instance, so that one page
    asks once."""
    kept = engagement.__dict__.setdefault("_last_updates", {})
    if audience not in kept:
        rows = StatusUpdate.objects.filter(engagement=engagement)
        kept[audience] = (
            rows if audience == "staff" else rows.filter(audience=StatusUpdate.Audience.ALL)
        ).first()
    return kept[audience]


def update(engagement: Engagement, now: datetime, *, audience: str) -> dict:
    """The newest status update this audience may read, and when the next one is due."""
    last = _last(engagement, audience)
    return {
        "engagement": engagement,
        "last": last,
        "look": LOOKS.get(last.state, "todo") if last else "todo",
        "is_due": bool(last and last.next_due_at <= now),
        "now": now,
    }


def composer(
    engagement: Engagement, *, audience: str, draft: dict | None = None, errors: dict | None = None
) -> dict:
    """The form of a status update: number, state and receivers, and what was typed when it was refused.

    The state begins as the writer's side last heard it: what AWS only told itself is not given away.
    """
    newest, last = _last(engagement, "staff"), _last(engagement, audience)
    return {
        "engagement": engagement,
        "number": newest.number + 1 if newest else 1,
        "state": (draft or {}).get("state") or (last.state if last else "on_plan"),
        "text": (draft or {}).get("text", ""),
        "audience": (draft or {}).get("audience", "all"),
        "errors": errors or {},
        "states": [(key, label, LOOKS[key]) for key, label in StatusUpdate.State.choices],
        "cadence_min": CADENCE_MIN,
    }


def roster(engagement: Engagement) -> list[Membership]:
    """Everybody with a part in the event who has signed up, AWS's side and the customer's."""
    return list(access.members().filter(engagement=engagement).select_related("user__customer"))
