"""How does a message leave? Leased, sent outside any transaction, then marked: at least once, never lost.

A relay that dies between sending and marking makes the next one send again under the same key.
Messages leave side by side, so that one slow receiver holds up its own messages only.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from iem_portal.notifications import destinations, marking
from iem_portal.notifications.compose import dress
from iem_portal.notifications.errors import PermanentFailure
from iem_portal.notifications.models import Notification, RelayBeat
from iem_portal.registry import channels

BATCH = 50
LEASE = timedelta(seconds=30)
RELAY = "relay"
# Sends at once, and of these to one receiver: a receiver that answers nothing leaves room for the others.
WORKERS, PER_RECEIVER = 12, 4
# A turn ends then, whatever is still under way: the relay beats and looks for other messages.
TURN_S = 1.0
# What found no room is asked again after this, behind the messages of other receivers.
NO_ROOM = timedelta(seconds=1)


@dataclass
class Turn:
    """What one turn of the relay did, in messages."""

    leased: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0


def waiting():
    """Messages that are neither sent nor put aside; worded as the partial index is."""
    return marking.waiting()


def run_once(*, clock: Callable[[], datetime], lease: timedelta = LEASE) -> Turn:
    """Send what is due, at most one batch, and wait for all of it. `clock` is asked again before each message.

    `lease` must be longer than a receiver may take to answer (settings.EMAIL_TIMEOUT), or nothing is sent.
    """
    relay = Relay(clock=clock, lease=lease)
    try:
        turn = relay.turn(limit_s=None)
    finally:
        relay.close()
    return turn


def beat(*, instance: str, now: datetime) -> None:
    """Say that the relay is alive."""
    RelayBeat.objects.update_or_create(name=RELAY, defaults={"instance": instance, "beat_at": now})


class Relay:
    """One relay process: its threads, and what is under way. Threads only speak to receivers, never to the database."""

    def __init__(self, *, clock: Callable[[], datetime], lease: timedelta = LEASE):
        self.clock, self.lease = clock, lease
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="relay")
        self._flying: dict[Future, Notification] = {}

    def turn(self, *, limit_s: float | None = TURN_S) -> Turn:
        """Lease what is due and send it; with a limit (seconds), slow sends go on into the next turns."""
        ends_at = None if limit_s is None else time.monotonic() + limit_s
        rows = _lease(self.clock(), self.lease) if len(self._flying) < WORKERS else []
        turn = Turn(leased=len(rows))
        destinations.resolve(rows)
        waiting_rows = rows
        while waiting_rows or self._flying:
            if waiting_rows and self._is_late(waiting_rows[0]):
                _give_back(waiting_rows, self.clock())
                waiting_rows = []
            waiting_rows = self._start(waiting_rows, turn)
            self._collect(turn, ends_at)
            if ends_at is not None and time.monotonic() >= ends_at:
                break
        if waiting_rows:
            _give_back(waiting_rows, self.clock() + NO_ROOM)
        return turn

    def close(self) -> None:
        """Wait for what is under way and mark it."""
        self._pool.shutdown(wait=True)
        if self._flying:
            self._collect(Turn(), None)

    def _is_late(self, row: Notification) -> bool:
        # A lease that may run out during the send would let a second relay send the same message.
        return self.clock() > row.next_try_at - timedelta(seconds=settings.EMAIL_TIMEOUT)

    def _start(self, rows: list[Notification], turn: Turn) -> list[Notification]:
        """Begin as many as there is room for; the others are returned.

        Each is put into words right before it leaves: on a machine that is slow enough, wording a whole batch first
        took longer than its lease, and nothing left at all.
        """
        busy = Counter(map(receiver, self._flying.values()))
        left = []
        for row in rows:
            key = receiver(row)
            if len(self._flying) >= WORKERS or busy[key] >= PER_RECEIVER or self._is_late(row):
                left.append(row)
                continue
            if not self._is_worded(row, turn):
                continue
            busy[key] += 1
            row.tried_at = row.next_try_at - self.lease
            self._flying[self._pool.submit(_send, row)] = row
        return left

    def _is_worded(self, row: Notification, turn: Turn) -> bool:
        """Give it its words, here because the threads may not; what cannot be worded is tried later."""
        try:
            dress(row)
        except DatabaseError:
            raise
        except Exception as error:
            marking.failed(row, turn, error, self.clock())
            return False
        return True

    def _collect(self, turn: Turn, ends_at: float | None) -> None:
        """Wait for at least one send and mark what has ended. A mark that the database refuses is made next time."""
        left_s = None if ends_at is None else max(ends_at - time.monotonic(), 0.0)
        done, _under_way = wait(self._flying, timeout=left_s, return_when=FIRST_COMPLETED)
        for future in done:
            row, error = self._flying[future], future.exception()
            if error is None:
                marking.sent(row, turn, self.clock())
            else:
                marking.failed(row, turn, error, self.clock())
            del self._flying[future]


def receiver(row: Notification) -> str:
    """Who answers: the channel, and the host of its address."""
    host = urlsplit(row.to.address).hostname if row.to and row.channel != "email" else ""
    return f"{row.channel} {host or ''}"


def _send(row: Notification) -> None:
    channel = channels.get(row.channel)
    if not hasattr(channel, "send"):
        raise PermanentFailure(f"no channel {row.channel!r}")
    if row.to is None:
        raise PermanentFailure("this way was switched off")
    channel.send(row, row.words.subject, row.words.body)


def _lease(now: datetime, lease: timedelta = LEASE) -> list[Notification]:
    """Take up to a batch for this relay alone until the lease ends; committed before anything is sent."""
    due = waiting().filter(next_try_at__lte=now).order_by("next_try_at")
    if not due.exists():  # a look without a lock: SQLite's write lock is not taken for nothing
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = list(due[:BATCH])
        taken = waiting().filter(pk__in=[row.pk for row in rows])
        taken.update(next_try_at=now + lease, attempts=F("attempts") + 1)
    for row in rows:
        row.next_try_at, row.attempts = now + lease, row.attempts + 1
    return rows


def _give_back(rows: list[Notification], at: datetime) -> None:
    """Let go of what this turn had no time for; it has not been tried."""
    ours = waiting().filter(pk__in=[row.pk for row in rows], next_try_at=rows[0].next_try_at)
    ours.update(next_try_at=at, attempts=F("attempts") - 1)
