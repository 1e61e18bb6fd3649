"""Which deadlines have passed, and how is each recorded exactly once, whoever is killed and whenever?

Any number of engines may run: a batch is one transaction around one conditional UPDATE. The broker has no part
in it; a wake-up that is lost is made good by the next one. Times of the facts come from the rows, not from us.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction

from escalation import firing
from escalation.actions.waiting import lift
from escalation.models import Deadline, EngineBeat, Escalation
from escalation.watching import lag
from iem_portal.accounts.actors import SYSTEM_CLOCK

logger = logging.getLogger(__name__)

# The oldest are on record soon; of a long queue larger pieces, each of which reads once who is to be told.
BATCH, LARGEST_BATCH = 250, 2_000
PUSH_AHEAD = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
CLOCK = "clock"


def run_due(now: datetime, *, clock: Callable[[], datetime] | None = None) -> int:
    """Fire every waiting deadline of at or before `now` (aware UTC), oldest first; how many were fired.

    `clock` tells the time after each commit, for the record of how late it was; without it, it is `now`.
    Catching up after an outage is the same call: each event is dated at its own deadline. Raises only when the
    database itself is away.
    """
    fired, size = 0, BATCH
    # A look without a lock: most turns find nothing, and SQLite's write lock is not taken for nothing.
    while _due(now).exists():
        with _collector_at_rest():
            count, seen = _fire_batch(now, size, clock)
        lifted = _lift_holds(now)
        fired += count + lifted
        # What is left is held by another engine, or pushed ahead. A repeat may follow what was just fired.
        if not (seen or lifted):
            break
        size = min(size * 2, LARGEST_BATCH)
    return fired


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A batch makes thousands of objects and no rings: looking through all that lives cost a fifth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def next_due_at() -> datetime | None:
    """When the engine must look again, or None while nothing waits. One read of the partial index."""
    return Deadline.objects.waiting().order_by("wake_at").values_list("wake_at", flat=True).first()


def beat(*, instance: str, now: datetime, cycle_ms: int) -> None:
    """Say that the clock loop is alive and how long its last turn took."""
    defaults = {"instance": instance, "beat_at": now, "cycle_ms": cycle_ms}
    EngineBeat.objects.update_or_create(name=CLOCK, defaults=defaults)


def _due(now: datetime):
    return Deadline.objects.waiting().filter(wake_at__lte=now).order_by("wake_at")


def _claim(now: datetime, size: int) -> list[int]:
    """Up to `size` rows for this engine alone, until its transaction ends."""
    rows = _due(now).exclude(firing.RESUMES)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True)[:size])


def _fire_batch(now: datetime, size: int, clock: Callable[[], datetime] | None = None) -> tuple[int, int]:
    """Fire one batch of up to `size`; how many were fired, and how many were seen."""
    ids: list[int] = []
    try:
        with transaction.atomic():
            ids = _claim(now, size)
            dues = _fire(ids, now)
        _note_lag(dues, clock() if clock else now)
        return len(ids), len(ids)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if not ids:
            raise
        logger.exception("a batch of %s deadlines failed and is tried one by one", len(ids))
    return sum(_fire_alone(pk, now) for pk in ids), len(ids)


def _lift_holds(now: datetime) -> int:
    """End the waits whose time has come, one transaction each: lifting re-plans the clocks that stood still."""
    due = _due(now).filter(firing.RESUMES).values_list("pk", "clock__escalation")
    return sum(_lift(pk, escalation_id, now) for pk, escalation_id in due[:BATCH])


def _lift(pk: int, escalation_id: int, now: datetime) -> int:
    # The escalation is locked before its rows, as verbs do it, so that neither waits for the other in a ring.
    try:
        if lift(escalation=Escalation(pk=escalation_id), now=now):
            return 1
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("the wait of deadline %s cannot be lifted; it is tried again in a minute", pk)
    # Another was first, then this changes nothing; or it failed, and must hold up nobody.
    Deadline.objects.waiting().filter(pk=pk).update(wake_at=now + PUSH_AHEAD)
    return 0


def _fire(ids: list[int], now: datetime) -> list[firing.Due]:
    dues = firing.read(Deadline.objects.filter(pk__in=ids))
    firing.fire(dues, now=now, by=SYSTEM_CLOCK)
    return dues


def _note_lag(dues: list[firing.Due], recorded_at: datetime) -> None:
    """Count how late these were recorded; after the commit, for no deadline may wait for a statistic."""
    late = [(due.pk, max(round((recorded_at - due.due_at) / MILLISECOND), 0)) for due in dues]
    try:
        lag.record(late, now=recorded_at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("the lateness of %s deadlines was not noted", len(late))


def _fire_alone(pk: int, now: datetime) -> int:
    """Fire one row; a row that fails is looked at again in a minute, so that it holds up nobody else."""
    try:
        with transaction.atomic():
            _fire([pk], now)
        return 1
    except firing.RowsChanged:
        return 0  # another engine or an answer was first
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("deadline %s cannot be recorded; it is tried again in a minute", pk)
        Deadline.objects.waiting().filter(pk=pk).update(wake_at=now + PUSH_AHEAD)
        return 0
