"""Is this signal expected, or none of ours? Pure: standard library only, no clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

EVERYWHERE = ("", "global")


@dataclass(frozen=True)
class Quiet:
    """One alarm that a running step is expected to set off; `until_at` is when the step is planned to end."""

    alarm_name: str
    step_code: str
    from_at: datetime
    until_at: datetime
    by_name: str
    reason: str


def is_quiet(quiet: Quiet | None, *, changed_at: datetime | None) -> bool:
    """Whether an alarm that went off at this instant belongs to the step: one that rang before it does not."""
    return quiet is not None and changed_at is not None and changed_at >= quiet.from_at


def is_elsewhere(*, scope: str, region: str, account_id: str, regions: Collection[str]) -> bool:
    """Whether an AWS Health event is of a Region where the event does not run.

    What names an account is of its accounts, wherever it happens; a public event counts by its Region alone.
    """
    return scope == "PUBLIC" and region not in EVERYWHERE and bool(regions) and region not in regions
