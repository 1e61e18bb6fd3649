"""A clock that runs faster than the world's, for the processes of a chaos run and nothing else.

The portal itself has no switch for it: every edge asks `django.utils.timezone.now`, and what is put in its place here
is inherited by the children of the program that put it there. This folder is not part of the image.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone


class FastClock:
    """Stands at `origin` (aware UTC) until it is started, then runs `speed` times as fast as the world."""

    def __init__(self, origin: datetime, speed: float):
        self.origin, self.speed = origin, speed
        self.started_at: float | None = None

    def now(self) -> datetime:
        """The instant it shows."""
        if self.started_at is None:
            return self.origin
        return self.origin + timedelta(seconds=(time.time() - self.started_at) * self.speed)

    def start(self) -> None:
        """Let it run; children that are forked afterwards see the same time."""
        self.started_at = time.time()

    def real_s(self, instant: datetime) -> float:
        """Seconds of the world from the start to an instant of this clock."""
        return (instant - self.origin).total_seconds() / self.speed

    def wait_until(self, real_s: float) -> None:
        """Sleep until so many seconds of the world after the start."""
        time.sleep(max(self.started_at + real_s - time.time(), 0.0))

    def put_in_place(self) -> None:
        """From now on this process and its children ask this clock."""
        timezone.now = self.now


def beginning() -> datetime:
    """Where chaos begins: an hour at which no quiet hours and no change of the clocks is near."""
    return datetime(2027, 3, 3, 10, 0, tzinfo=UTC)
