"""Watches the deadlines until told to stop; needs only the database. Run two in production."""

from __future__ import annotations

import gc
import logging
import time
from datetime import datetime, timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from escalation import engine
from iem_portal.loop import go_round, instance, stop_on_signals

logger = logging.getLogger(__name__)

LONGEST_PAUSE_S = 1.0
# A row that somebody else holds stays due: without a breath the loop would spin until it is let go.
SHORTEST_PAUSE_S = 0.02
BEAT_EVERY = timedelta(seconds=1)


class Command(BaseCommand):
    """`manage.py run_clock`"""

    help = __doc__
    # The checks import every page; a mistake in one must not keep the deadlines from being watched.
    requires_system_checks = []
    beat_at: datetime | None = None

    def handle(self, **options) -> None:
        """Go round until SIGTERM or SIGINT."""
        # What is imported stays: the collector need not look through it again between two deadlines.
        gc.freeze()
        go_round("clock", self.turn, stop_on_signals())

    def turn(self) -> float:
        """Fire what is due and beat; returns the seconds until the next deadline, at most one."""
        started = time.monotonic()
        now = timezone.now()
        fired = engine.run_due(now, clock=timezone.now)
        cycle_ms = round((time.monotonic() - started) * 1000)
        if cycle_ms > 1000:
            logger.warning("clock: a turn of %s deadlines took %s ms", fired, cycle_ms)
        if self.beat_at is None or now - self.beat_at >= BEAT_EVERY:
            engine.beat(instance=instance(), now=now, cycle_ms=cycle_ms)
            self.beat_at = now
        next_due_at = engine.next_due_at()
        if next_due_at is None:
            return LONGEST_PAUSE_S
        left_s = (next_due_at - timezone.now()).total_seconds()
        return min(max(left_s, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)
