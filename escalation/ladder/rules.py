"""When is a breach that nobody took told again? Pure: standard library only, no current time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime


def next_again(
    policy_ladder: Mapping, *, kind: str, severity: str, lane: str, stage: str, due_at: datetime
) -> tuple[str, datetime] | None:
    """The stage ("again1", "again2", …) and instant that follow this one, or None when nothing is repeated."""
    return None
