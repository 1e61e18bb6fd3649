"""Sends what the outbox holds, until told to stop; needs only the database and the receivers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from iem_portal.loop import go_round, instance, stop_on_signals
from iem_portal.notifications import relay

IDLE_S = 0.5
BEAT_EVERY = timedelta(seconds=2)


class Command(BaseCommand):
    """`manage.py run_relay`"""

    help = __doc__
    beat_at: datetime | None = None

    def handle(self, **options) -> None:
        """Go round until SIGTERM or SIGINT."""
        go_round("relay", self.turn, stop_on_signals())

    def turn(self) -> float:
        """One batch, then the pause in seconds until the next one."""
        now = timezone.now()
        if self.beat_at is None or now - self.beat_at >= BEAT_EVERY:
            relay.beat(instance=instance(), now=now)
            self.beat_at = now
        return 0.0 if relay.run_once(clock=timezone.now).leased else IDLE_S
