"""How does a message leave? Leased, sent outside any transaction, then marked: at least once, never lost.

A relay that dies between sending and marking makes the next one send again under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from iem_portal.notifications.compose import compose
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification, RelayBeat
from iem_portal.registry import channels

logger = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=30)
BACK_OFF_S = (5, 15, 60, 300)
MAX_ATTEMPTS = 10
RELAY = "relay"


@dataclass
class Turn:
    """What one turn of the relay did, in messages."""

    leased: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0


def waiting():
    """Messages that are neither sent nor put aside; worded as the partial index is."""
    return Notification.objects.filter(sent_at__isnull=True, dead_at__isnull=True)


def run_once(*, clock: Callable[[], datetime], lease: timedelta = LEASE) -> Turn:
    """Send what is due, at most one batch. `clock` is asked again before each message, as sending takes time.

    `lease` must be longer than a receiver may take to answer (settings.EMAIL_TIMEOUT), or nothing is sent.
    """
    rows = _lease(clock(), lease)
    turn = Turn(leased=len(rows))
    for index, row in enumerate(rows):
        # A lease that may run out during the send would let a second relay send the same message.
        if clock() > row.next_try_at - timedelta(seconds=settings.EMAIL_TIMEOUT):
            _give_back(rows[index:], clock())
            break
        _send(row, turn, clock)
    return turn


def beat(*, instance: str, now: datetime) -> None:
    """Say that the relay is alive."""
    RelayBeat.objects.update_or_create(name=RELAY, defaults={"instance": instance, "beat_at": now})


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


def _give_back(rows: list[Notification], now: datetime) -> None:
    """Let go of what this turn had no time for; it has not been tried."""
    ours = waiting().filter(pk__in=[row.pk for row in rows], next_try_at=rows[0].next_try_at)
    ours.update(next_try_at=now, attempts=F("attempts") - 1)


def _send(row: Notification, turn: Turn, clock: Callable[[], datetime]) -> None:
    try:
        channel = channels.get(row.channel)
        if not hasattr(channel, "send"):
            raise PermanentFailure(f"no channel {row.channel!r}")
        channel.send(row, *compose(row))
    except DatabaseError:
        raise
    except PermanentFailure as error:
        _put_aside(row, turn, error, clock())
    except Exception as error:
        if not isinstance(error, TemporaryFailure):
            logger.exception("notification %s: cannot be composed or sent", row.key)
        _try_later(row, turn, error, clock())
    else:
        waiting().filter(pk=row.pk).update(sent_at=clock(), last_error="")
        turn.sent += 1


def _try_later(row: Notification, turn: Turn, error: Exception, now: datetime) -> None:
    if row.attempts >= MAX_ATTEMPTS:
        _put_aside(row, turn, error, now)
        return
    pause = timedelta(seconds=BACK_OFF_S[min(row.attempts, len(BACK_OFF_S)) - 1])
    waiting().filter(pk=row.pk).update(next_try_at=now + pause, last_error=_said(error))
    turn.failed += 1


def _put_aside(row: Notification, turn: Turn, error: Exception, now: datetime) -> None:
    logger.error(
        "notification %s to %s is given up after %s attempts: %s", row.key, row.address, row.attempts, error
    )
    waiting().filter(pk=row.pk).update(dead_at=now, last_error=_said(error))
    turn.dead += 1


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
