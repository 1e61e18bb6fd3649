"""Who is on duty at an instant? What a roster answers with; the rosters themselves are parts of other apps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from iem_portal.registry import rosters


@dataclass(frozen=True)
class Duty:
    """One shift of one person. Instants are aware UTC; a shift without an end has none written down."""

    engagement_id: int
    name: str
    role: str
    org: str
    email: str = ""
    phone: str = ""
    language: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    #: Who stands in for them, by name and address; their own shift does not matter then.
    deputy: Duty | None = None

    def covers(self, at: datetime) -> bool:
        """Whether the shift runs at this instant; its last instant belongs to the next one."""
        return (self.starts_at is None or self.starts_at <= at) and (
            self.ends_at is None or at < self.ends_at
        )


def role_names() -> dict[str, dict[str, str]]:
    """What the codes of roles on the rosters are called, by code and language; a role typed freely is its own name."""
    return {code: words for roster in rosters.all() for code, words in roster.role_names().items()}


def on_duty(engagements: Iterable[int], at: datetime) -> dict[int, list[Duty]]:
    """The shifts that run at this instant (aware UTC), by engagement; empty lists where nobody is written down."""
    wanted = set(engagements)
    found: dict[int, list[Duty]] = {pk: [] for pk in wanted}
    for roster in rosters.all():
        for duty in roster.shifts(wanted):
            if duty.covers(at):
                found[duty.engagement_id].append(duty)
    return found
