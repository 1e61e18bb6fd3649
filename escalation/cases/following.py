"""One turn of everything that goes to and comes from AWS Support."""

from __future__ import annotations

from datetime import datetime

from escalation.cases import polling, sending


def follow(now: datetime, *, threads: int = 4) -> int:
    """Send what is due, then read what is due at `now` (aware UTC); how many of both."""
    return sending.send_due(now, threads=threads) + polling.read_due(now, threads=threads)
