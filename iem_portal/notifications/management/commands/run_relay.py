"""Sends what the outbox holds, until told to stop; needs only the database and the receivers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from iem_portal.loop import go_round, instance, stop_on_signals
from iem_portal.notifications import relay

IDLE_S = 0.5
BEAT_EVERY = timedelta(seconds=2)


class Command(BaseCommand):
    """`manage.py run_relay`"""

    help = __doc__
    # The checks import every page; a mistake in one must not keep the deadlines from being watched.
    requires_system_checks = []
    beat_at: datetime | None = None

    def add_arguments(self, parser) -> None:
        """A shorter lease brings the messages of a killed relay back sooner; a slow mail server needs a longer one."""
        parser.add_argument("--lease", type=int, default=int(relay.LEASE.total_seconds()), metavar="SECONDS")

    def handle(self, *, lease: int, **options) -> None:
        """Go round until SIGTERM or SIGINT."""
        if lease <= settings.EMAIL_TIMEOUT:
            raise CommandError(
                f"The lease must be longer than the mail timeout of {settings.EMAIL_TIMEOUT} s."
            )
        self.relay = relay.Relay(clock=timezone.now, lease=timedelta(seconds=lease))
        go_round("relay", self.turn, stop_on_signals())
        self.relay.close()

    def turn(self) -> float:
        """One batch, then the pause in seconds until the next one."""
        now = timezone.now()
        if self.beat_at is None or now - self.beat_at >= BEAT_EVERY:
            relay.beat(instance=instance(), now=now)
            self.beat_at = now
        return 0.0 if self.relay.turn().leased else IDLE_S
