"""Kills web, worker, beat, clock and relay while an escalation runs, lets its deadline pass, and starts them again.

    python -m tests.escalation.blackout --port 21310

Prints one line of JSON. The environment names an empty database; see arena.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.request
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from engagements.models import TimelineEntry  # noqa: E402
from escalation.models import ClockEvent, Deadline, EngineBeat  # noqa: E402
from iem_portal.notifications.models import Notification, RelayBeat  # noqa: E402
from tests import factories  # noqa: E402
from tests.escalation.arena import CLOCK, PYTHON, RELAY, Processes, until  # noqa: E402
from tests.escalation.bulk import hash_cheaply, make_running  # noqa: E402

WORKER = "worker -P threads -c 2 -Q sla,default,aws --without-mingle --without-gossip -l ERROR"
BEAT = "beat -l ERROR --pidfile= --schedule"


def main() -> None:
    """One run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=21310)
    port = parser.parse_args().port
    call_command("migrate", verbosity=0)
    hash_cheaply()
    engagement = factories.engagement(now=timezone.now())
    factories.member(engagement, "tam")
    processes = portal(port)
    with processes.all_running():
        is_up = until(lambda: answers(port) and beats(), seconds=120)
        deadline = make_running(engagement, 1, due_at=timezone.now() + timedelta(seconds=2))[0]
        time.sleep(1)
        processes.kill(*processes.commands)
        time.sleep(1.5)
        missed = Deadline.objects.waiting().filter(due_at__lte=timezone.now()).count()
        processes.start()
        until(lambda: bool(mails()), seconds=90)
        time.sleep(6)  # the broker's tick comes every five seconds: it too must find nothing left to do
        seen = counted(deadline)
    sys.stdout.write(json.dumps(seen | {"was_up": is_up, "missed_while_dead": missed}) + "\n")


def portal(port: int) -> Processes:
    """Everything that `script/up` runs, except for the simulated AWS."""
    celery = (*PYTHON, "-m", "celery", "-A", "iem_portal")
    web = (*PYTHON, "-m", "uvicorn", "iem_portal.asgi:application", "--port", str(port), "--no-access-log")
    return Processes(
        {
            "web": web,
            "worker": (*celery, *WORKER.split()),
            "beat": (*celery, *BEAT.split(), str(settings.DATA_DIR / "beat")),
            "clock": CLOCK,
            "relay": RELAY,
        }
    )


def answers(port: int) -> bool:
    """Does the web process live?"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as response:
            return response.status == 200
    except OSError:
        return False


def beats() -> bool:
    """Do clock and relay live?"""
    return EngineBeat.objects.exists() and RelayBeat.objects.exists()


def mails() -> list[str]:
    """The mails on disk."""
    return [path.read_text(errors="replace") for path in settings.EMAIL_FILE_PATH.glob("*")]


def counted(deadline: Deadline) -> dict[str, int]:
    """What the database and the mail folder hold."""
    events = ClockEvent.objects.filter(kind="breached")
    return {
        "breaches": events.count(),
        "dated_at_deadline": events.filter(at=deadline.due_at).count(),
        "recorded_later": events.filter(recorded_at__gt=deadline.due_at).count(),
        "on_timeline": TimelineEntry.objects.filter(phrase="escalation.breached", at=deadline.due_at).count(),
        "messages": Notification.objects.count(),
        "mails": len(mails()),
    }


if __name__ == "__main__":
    main()
