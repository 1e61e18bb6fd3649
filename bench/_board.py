"""Draws the board of a small and of a large event on one database, named by the environment; prints a line of JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests import factories  # noqa: E402
from tests.escalation.bulk import hash_cheaply  # noqa: E402
from tests.warroom import bulk  # noqa: E402
from warroom.models import Runbook  # noqa: E402
from warroom.room import open_room  # noqa: E402
from warroom.runbook import create_runbook  # noqa: E402

#: Tiles of metrics, steps, entries of the timeline.
SMALL, LARGE = (6, 40, 500), (60, 200, 5_000)
POINTS_MIN = 180
READS, WARM = 9, 2


def main() -> None:
    """All figures of this database."""
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    hash_cheaply()
    boards = {name: Board(*size) for name, size in (("small", SMALL), ("large", LARGE))}
    seen: dict = {name: {"size": size} for name, size in (("small", SMALL), ("large", LARGE))}
    for page in ("board", "metrics", "rest", "runbook"):
        times: dict[str, list[float]] = {name: [] for name in boards}
        for _ in range(WARM + READS):
            for name, board in boards.items():  # in turns, so that both meet the same moments of the machine
                times[name].append(board.cpu_ms(page))
        for name, board in boards.items():
            seen[name][page] = {"ms": statistics.median(times[name][WARM:])} | board.look(page)
    sys.stdout.write(json.dumps(seen) + "\n")


class Board:
    """One open war room and the browser of somebody who looks at it."""

    def __init__(self, tiles: int, steps: int, entries: int):
        now = timezone.now()
        self.engagement = engagement = factories.engagement(now=now)
        person = factories.member(engagement, "tam", name="Reader")
        factories.aws_account(engagement)
        open_room(engagement=engagement, by=person, now=now)
        runbook = create_runbook(engagement=engagement, by=person, now=now)
        bulk.lengthen(runbook, steps)
        Runbook.objects.filter(pk=runbook.pk).update(status="running", frozen_revision=1)
        bulk.fleet(engagement, tiles, mt_title="Heartbeat", mt_unit="count", mt_crit="30")
        bulk.series_until(
            engagement, now.replace(second=0, microsecond=0) - timedelta(minutes=2), minutes=POINTS_MIN
        )
        bulk.entries(engagement, entries, until=now)
        self.client = Client()
        self.client.force_login(person)
        base = f"/e/{engagement.reference}"
        self.pages = {
            "board": f"{base}/board/",
            "metrics": f"{base}/board/metrics/",
            "rest": f"{base}/board/more/",
            "runbook": f"{base}/runbook/",
        }

    def cpu_ms(self, page: str) -> float:
        """CPU of this process for one answer."""
        before = resource.getrusage(resource.RUSAGE_SELF)
        if self.client.get(self.pages[page]).status_code != 200:
            raise RuntimeError(f"{page} was not answered")
        after = resource.getrusage(resource.RUSAGE_SELF)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000

    def look(self, page: str) -> dict:
        """The queries and the bytes of a page."""
        settings.DEBUG = True
        reset_queries()
        answer = self.client.get(self.pages[page])
        queries = len(connection.queries)
        settings.DEBUG = False
        return {"queries": queries, "bytes": len(answer.content)}


if __name__ == "__main__":
    main()
