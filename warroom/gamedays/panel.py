"""What the page of game days shows: the one under way minute by minute, and what earlier ones taught."""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.models import GameDay


def moments(day: GameDay, now: datetime) -> list[dict]:
    """Each moment with its instant, who saw it and how many minutes later; the next one is marked."""
    shown, is_next_found = [], False
    for number, moment in enumerate(day.moments):
        due = day.began_at + timedelta(minutes=moment["at_min"])
        seen = day.seen.get(str(number))
        at = datetime.fromisoformat(seen["at"]) if seen else None
        is_next = not is_next_found and due > now and day.ended_at is None
        is_next_found = is_next_found or is_next
        shown.append(
            {
                "number": number,
                "due_at": due,
                "where": moment["where"],
                "says": moment["says"],
                "seen_at": at,
                "seen_by": seen["by"] if seen else "",
                "late_min": round((at - due).total_seconds() / 60) if at else None,
                "is_due": due <= now,
                "is_next": is_next,
            }
        )
    return shown
