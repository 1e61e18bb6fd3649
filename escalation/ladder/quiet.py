"""May somebody be told now, or does it wait? Quiet only by a rule or an agreed mute; the 15-minute class never."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from escalation.ladder import rules
from escalation.models import Mute


@dataclass(slots=True)
class Silence:
    """The mutes in force at one instant, by engagement."""

    now: datetime
    mutes: dict[int, datetime]
    _local: dict = field(default_factory=dict)

    def until(
        self, engagement_id: int, zone: str, *, term: rules.Term | None, is_loud: bool
    ) -> datetime | None:
        """Until when a message to somebody in this zone waits (aware), or None when it goes out now.

        `is_loud`: it is of the class that is never quiet (`rules.is_loud_class`).
        """
        if is_loud:
            return None
        muted = self.mutes.get(engagement_id)
        hours = self._hours(term.quiet, zone) if term and term.quiet else None
        return max(filter(None, (muted, hours)), default=None)

    def _hours(self, text: str, zone: str) -> datetime | None:
        key = (text, zone)
        if key not in self._local:
            self._local[key] = rules.quiet_until(text, self.now.astimezone(ZoneInfo(zone)))
        return self._local[key]


def read(engagement_ids: Iterable[int], now: datetime) -> Silence:
    """What is muted now in these engagements; one query."""
    found: dict[int, datetime] = defaultdict(lambda: now)
    running = Mute.objects.filter(
        engagement_id__in=set(engagement_ids), ended_at=None, starts_at__lte=now, ends_at__gt=now
    )
    for engagement_id, ends_at in running.order_by().values_list("engagement_id", "ends_at"):
        found[engagement_id] = max(found[engagement_id], ends_at)
    return Silence(now, dict(found))
