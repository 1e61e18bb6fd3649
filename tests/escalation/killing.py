"""Kills clocks and relay at random while deadlines pass, then counts what was recorded and what was mailed.

    python -m tests.escalation.killing --events 300 --kills 9

Prints one line of JSON. The environment names an empty database; see arena.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from engagements.models import TimelineEntry  # noqa: E402
from escalation.models import ClockEvent, Deadline  # noqa: E402
from iem_portal.notifications.models import Notification  # noqa: E402
from tests import factories  # noqa: E402
from tests.escalation.arena import CLOCK, RELAY, Processes, until  # noqa: E402
from tests.escalation.bulk import hash_cheaply, make_running  # noqa: E402

BURSTS = 10


def main() -> None:
    """One run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--kills", type=int, default=9)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    hash_cheaply()
    engagement = factories.engagement(now=timezone.now())
    factories.member(engagement, "tam")
    processes = Processes({"clock-1": CLOCK, "clock-2": CLOCK, "relay": RELAY})
    with processes.all_running():
        play(processes, engagement, asked.events, asked.kills)
        until(is_settled, seconds=60)
    sys.stdout.write(json.dumps(counted() | {"kills": processes.kills}) + "\n")


def play(processes: Processes, engagement, events: int, kills: int) -> None:
    """Deadlines in bursts, so that a kill right after one falls into the middle of its transaction."""
    first, apart_s = timezone.now() + timedelta(seconds=4), 0.9
    dues = [first + timedelta(seconds=apart_s * (index % BURSTS)) for index in range(events)]
    make_running(engagement, events, due_at=dues)
    victims = ["clock-1", "relay", "clock-2"]
    for number in range(kills):
        burst = first + timedelta(seconds=apart_s * number * BURSTS / kills)
        time.sleep(max((burst - timezone.now()).total_seconds(), 0) + random.uniform(0, 0.05))
        victim = victims[number % len(victims)]
        processes.kill(victim)
        processes.start(victim)


def is_settled() -> bool:
    """Nothing waits any more, neither a deadline nor a mail."""
    unsent = Notification.objects.filter(sent_at__isnull=True)
    return not (Deadline.objects.waiting().exists() or unsent.exists())


def counted() -> dict[str, int]:
    """What the database and the mail folder hold."""
    mails = Counter(
        line.strip()
        for path in settings.EMAIL_FILE_PATH.glob("*")
        for line in path.read_text(errors="replace").splitlines()
        if line.startswith("Message-ID:")
    )
    events = ClockEvent.objects.filter(kind="breached")
    return {
        "fired": Deadline.objects.filter(fired_at__isnull=False).count(),
        "recorded": events.count(),
        "recorded_once": events.values("clock").distinct().count(),
        "dated_at_deadline": events.filter(at=F("clock__deadlines__due_at")).count(),
        "on_timeline": TimelineEntry.objects.filter(phrase="escalation.breached").count(),
        "messages": Notification.objects.count(),
        "unsent": Notification.objects.filter(sent_at__isnull=True).count(),
        "delivered": len(mails),
        "redelivered": mails.total() - len(mails),
    }


if __name__ == "__main__":
    main()
