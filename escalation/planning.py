"""Which deadlines does a clock plan? Keeps the waiting rows in step with what the events say."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from escalation import clock as pure
from escalation import firing, hours
from escalation.ladder import rules
from escalation.models import Clock, ClockEvent, Deadline
from iem_portal.accounts.actors import SYSTEM_CLOCK

logger = logging.getLogger(__name__)

# How long a row that cannot be recorded stands aside, before the engine tries it again.
ASIDE = timedelta(minutes=1)

# Reasons are codes, put into words where they are read.
PASSED = "already passed"
BREACHED_BEFORE = "breached before"
ANSWERED = "answered"
RESOLVED = "resolved"
RESTORED = "restored"
CASE_CORRECTED = "case time corrected"
NEXT_CYCLE = "next cycle"
PAUSED = "paused"
NO_TARGET = "no target"
MERGED = "merged"
LIFTED = "lifted"


def events_of(clock: Clock, rows: list[ClockEvent] | None = None) -> list[pure.Event]:
    """The events of the clock's present cycle, as the pure clock wants them."""
    rows = clock.events.all() if rows is None else rows
    return [
        pure.Event(row.kind, row.at, row.target_s, row.moved_to, row.stage, row.label, row.reason)
        for row in rows
        if row.cycle == clock.cycle
    ]


def state_of(clock: Clock) -> pure.State:
    """The clock folded from its stored events; prefetch `events` when reading many."""
    return pure.fold(events_of(clock), hours.from_json(clock.calendar))


def write(clock: Clock, kind: str, *, at: datetime, now: datetime, by, **words) -> None:
    """Append one event to the clock's log."""
    ClockEvent.objects.create(
        clock=clock,
        cycle=clock.cycle,
        kind=kind,
        at=at,
        recorded_at=now,
        by_id=by.pk,
        by_name=by.name,
        **words,
    )


def plan(clock: Clock, *, now: datetime, is_told: bool = False) -> None:
    """Write the rows of a cycle that has just started; the clock must have a `started` event.

    `is_told`: a breach in the past is known already, and recorded without telling anybody.
    """
    state = state_of(clock)
    dues = pure.dues(state)
    _add(clock, dues, now)
    until = min(now, state.stopped_at or now)
    aside: Collection[int] = ()
    if any(due <= until for due in dues.values()):
        aside = catch_up(clock, until=until, now=now, is_told=is_told)
    if state.is_over:
        cancel(clock, now=now, reason=ANSWERED, but=aside)


@dataclass(frozen=True)
class Reminders:
    """How far a breach was told again: the events of the reminders, and the row of the next one."""

    told: list[ClockEvent]
    next: Deadline | None


def reminders_of(clock: Clock) -> Reminders:
    """Those of the present cycle."""
    told = clock.events.filter(cycle=clock.cycle, kind=pure.REPEATED)
    waiting = clock.deadlines.waiting().filter(cycle=clock.cycle, stage__startswith=rules.AGAIN)
    return Reminders(list(told), waiting.order_by("due_at").first())


def take_over(clock: Clock, before: Reminders, *, now: datetime) -> None:
    """Let a cycle that began broken go on with the reminders of the one before it, instead of from the first."""
    state = state_of(clock)
    if state.breached_at is None:
        return
    for event in before.told:
        write(clock, event.kind, at=event.at, now=now, by=SYSTEM_CLOCK, stage=event.stage)
    if before.next is not None and state.status == pure.RUNNING:
        due = before.next.due_at
        clock.deadlines.create(cycle=clock.cycle, stage=before.next.stage, due_at=due, wake_at=due)


def realign(clock: Clock, *, now: datetime) -> None:
    """Move what has not fired to where the clock now says; a breach may be due at once and then fires here."""
    state = state_of(clock)
    rows = clock.deadlines.filter(cycle=clock.cycle, fired_at__isnull=True)
    dues = pure.dues(state)
    for stage, due in dues.items():
        fate = _fate(stage, due, now)
        if state.breached_at:
            fate = {"cancelled_at": now, "cancel_reason": BREACHED_BEFORE}
        rows.filter(stage=stage).update(due_at=due, wake_at=due, **fate)
    if dues and not state.breached_at:
        known = set(clock.deadlines.filter(cycle=clock.cycle).values_list("stage", flat=True))
        _add(clock, {stage: due for stage, due in dues.items() if stage not in known}, now)
    if state.target is None:
        cancel(clock, now=now, reason=NO_TARGET)
    catch_up(clock, until=now, now=now)


def shift_repeats(clock: Clock, by: timedelta) -> None:
    """Bring back the repeats of a breach that a pause took out of sight, later by the length of the pause."""
    held = clock.deadlines.filter(cycle=clock.cycle, fired_at__isnull=True, cancel_reason=PAUSED)
    repeats = held.exclude(stage__in=pure.STAGES)
    moved = {"due_at": F("due_at") + by, "wake_at": F("due_at") + by}
    repeats.update(cancelled_at=None, cancel_reason="", **moved)


def last_told(state: pure.State) -> str:
    """The breach of a broken clock, or its last repeat ("again3"), whatever their dates."""
    repeats = [stage for stage in state.fired if rules.split(stage)[1]]
    return max(repeats, key=lambda stage: rules.split(stage)[1], default=pure.BREACH)


def tell_again(clock: Clock, *, now: datetime) -> None:
    """Let a broken clock that runs be told again, counted from `now` by its rules; never later than planned.

    For a clock that goes on after its end, whose repeats were cancelled with it, and for a severity that was raised.
    """
    state = state_of(clock)
    if state.status != pure.RUNNING or state.target is None or state.breached_at is None:
        return
    escalation = clock.escalation
    following = rules.next_again(
        escalation.policy.get("ladder") or {},
        kind=clock.kind,
        severity=escalation.severity,
        lane=escalation.lane,
        stage=last_told(state),
        due_at=now,
    )
    if following is None:
        return
    stage, at = following
    row = clock.deadlines.filter(cycle=clock.cycle, stage=stage).first()
    if row is None:
        clock.deadlines.create(cycle=clock.cycle, stage=stage, due_at=at, wake_at=at)
    elif row.fired_at is None and (row.cancelled_at is not None or at < row.due_at):
        row.due_at = row.wake_at = at
        row.cancelled_at, row.cancel_reason = None, ""
        row.save(update_fields=["due_at", "wake_at", "cancelled_at", "cancel_reason"])


def catch_up(clock: Clock, *, until: datetime, now: datetime, is_told: bool = False) -> set[int]:
    """Fire what is due at or before `until`, so that no verb overtakes the engine; `is_told`: without telling.

    A row that cannot be recorded stands aside and holds up neither the others nor the verb: the engine tries it
    again in a minute, and the audit tells that it is late. Returns the numbers of such rows.
    """
    due = clock.deadlines.waiting().filter(cycle=clock.cycle, due_at__lte=until).exclude(firing.RESUMES)
    # Held row by row: a repeat that an engine planned a moment ago was not there when the verb locked the rest.
    held = due.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    aside: set[int] = set()
    while ids := [pk for pk in held.all() if pk not in aside]:
        aside |= _fire(ids, now, is_told)
    return aside


def _fire(ids: list[int], now: datetime, is_told: bool) -> set[int]:
    """Fire these rows, one by one when they fail together; the numbers of those that stand aside."""
    try:
        with transaction.atomic():
            dues = firing.read(Deadline.objects.filter(pk__in=ids))
            firing.fire(dues, now=now, by=SYSTEM_CLOCK, is_told=is_told)
        return set()
    except (OperationalError, InterfaceError, firing.RowsChanged):
        raise
    except Exception:
        logger.exception("deadlines %s cannot be recorded here", ids)
    if len(ids) > 1:
        return {pk for one in ids for pk in _fire([one], now, is_told)}
    Deadline.objects.filter(pk__in=ids).update(wake_at=now + ASIDE)
    return set(ids)


def cancel(clock: Clock, *, now: datetime, reason: str, but: Collection[int] = ()) -> int:
    """Take the waiting rows out of the engine's sight; how many there were. Their count is the truth of a race.

    `but`: rows that were due before and stand aside, for what happened is not undone by what followed. Those of an
    earlier cycle stand aside too.
    """
    waiting = clock.deadlines.waiting().filter(cycle=clock.cycle).exclude(firing.RESUMES).exclude(pk__in=but)
    return waiting.update(cancelled_at=now, cancel_reason=reason)


def revive(clock: Clock, *, until: datetime) -> None:
    """Let rows that a stop had cancelled pass after all, because the stop came only after `until`."""
    stopped = clock.deadlines.filter(
        cycle=clock.cycle, fired_at__isnull=True, cancel_reason__in=[ANSWERED, RESTORED]
    )
    stopped.filter(stage__in=pure.STAGES, due_at__lte=until).update(cancelled_at=None, cancel_reason="")


def _add(clock: Clock, dues: dict[str, datetime], now: datetime) -> None:
    Deadline.objects.bulk_create(
        Deadline(
            clock=clock, cycle=clock.cycle, stage=stage, due_at=due, wake_at=due, **_fate(stage, due, now)
        )
        for stage, due in dues.items()
    )


def _fate(stage: str, due: datetime, now: datetime) -> dict:
    """A warning that lies in the past warns nobody; a breach in the past is still a breach."""
    if stage != pure.BREACH and due <= now:
        return {"cancelled_at": now, "cancel_reason": PASSED}
    return {"cancelled_at": None, "cancel_reason": ""}
