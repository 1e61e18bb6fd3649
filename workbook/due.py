"""When a field is due, counted in days from T0 and moved to a working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from engagements.plan import END_OF_WORKING_DAY, next_workday, previous_workday
from engagements.workdays import working_days_of


@dataclass
class Calendar:
    """Turns offsets into instants for one engagement; each offset is worked out once."""

    starts_at: datetime
    zone: ZoneInfo
    country: str

    @classmethod
    def of(cls, engagement) -> Calendar:
        """The calendar of an engagement (its customer must be loaded)."""
        return cls(engagement.starts_at, ZoneInfo(engagement.time_zone), engagement.customer.country)

    @cached_property
    def _known(self) -> dict[int, datetime]:
        return {}

    def due_at(self, days: int) -> datetime:
        """The end of the working day ``days`` from T0: the working day before it, after it for a positive offset."""
        if days not in self._known:
            nearest = next_workday if days > 0 else previous_workday
            on = nearest(
                self.starts_at.astimezone(self.zone).date() + timedelta(days=days),
                working_days_of(self.country),
            )
            self._known[days] = datetime.combine(on, END_OF_WORKING_DAY, self.zone).astimezone(
                ZoneInfo("UTC")
            )
        return self._known[days]
