"""Answers at the very moment of the deadline while two engines run, then counts who won and whether both agree.

    python -m tests.escalation.racing --races 80

Prints one line of JSON. The environment names an empty database; see arena.py.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from escalation import actions, engine  # noqa: E402
from escalation.models import Deadline  # noqa: E402
from iem_portal.accounts.actors import SYSTEM_DEMO  # noqa: E402
from iem_portal.notifications.models import Notification  # noqa: E402
from tests import factories  # noqa: E402
from tests.escalation.bulk import hash_cheaply, make_running  # noqa: E402

APART = timedelta(milliseconds=40)


def main() -> None:
    """One run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--races", type=int, default=80)
    races = parser.parse_args().races
    call_command("migrate", verbosity=0)
    hash_cheaply()
    engagement = factories.engagement(now=timezone.now())
    factories.member(engagement, "tam")
    first = timezone.now() + timedelta(seconds=1)
    rows = make_running(engagement, races, due_at=[first + APART * index for index in range(races)])
    is_late: dict[int, bool] = {}
    stop = threading.Event()
    engines = [threading.Thread(target=run_engine, args=(stop,)) for _ in range(2)]
    players = [threading.Thread(target=answer, args=(rows[part::4], is_late)) for part in range(4)]
    for thread in engines + players:
        thread.start()
    for thread in players:
        thread.join()
    stop.set()
    for thread in engines:
        thread.join()
    engine.run_due(timezone.now())
    sys.stdout.write(json.dumps(counted(is_late)) + "\n")


def run_engine(stop: threading.Event) -> None:
    """An engine that never sleeps."""
    while not stop.is_set():
        try:
            engine.run_due(timezone.now())
        except OperationalError:
            connections.close_all()
        time.sleep(0.001)
    connections.close_all()


def answer(rows: list[Deadline], is_late: dict[int, bool]) -> None:
    """Press "AWS answered" within 15 ms of each deadline, before or after."""
    for row in rows:
        aim = row.due_at + timedelta(seconds=random.uniform(-0.015, 0.015))
        time.sleep(max((aim - timezone.now()).total_seconds(), 0))
        result = actions.answered(
            escalation=row.clock.escalation, how="call", by=SYSTEM_DEMO, now=timezone.now()
        )
        is_late[row.pk] = result.is_late
    connections.close_all()


def counted(is_late: dict[int, bool]) -> dict[str, int]:
    """How the races ended, and every way in which the portal could have contradicted itself."""
    rows = list(Deadline.objects.all())
    paged = {int(key.split(":")[1]) for key in Notification.objects.values_list("key", flat=True)}
    return {
        "races": len(rows),
        "breached": sum(row.fired_at is not None for row in rows),
        "answered": sum(row.cancelled_at is not None for row in rows),
        "both": sum(bool(row.fired_at and row.cancelled_at) for row in rows),
        "neither": sum(not row.fired_at and not row.cancelled_at for row in rows),
        "paged_after_answer": sum(row.cancelled_at is not None and row.clock_id in paged for row in rows),
        "breached_without_page": sum(row.fired_at is not None and row.clock_id not in paged for row in rows),
        "told_wrong": sum(is_late[row.pk] != (row.fired_at is not None) for row in rows),
    }


if __name__ == "__main__":
    main()
