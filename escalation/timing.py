"""What does a fact mean for the clocks? The only place where facts become clock events.

Every function takes a locked escalation whose columns already say what happened, and is called inside the
verb's transaction. Instants are aware UTC; `at` is when it happened, `now` when it is written down. Starts,
pauses and stops follow the planning workbook 5.5; the four clocks are on their own, and none hides another.
"""

from __future__ import annotations

from datetime import datetime

from engagements import timeline
from engagements.models import TimelineEntry
from escalation import clock as pure
from escalation import cycles, firing, planning
from escalation.cycles import FIRST_RESPONSE, LEVEL, RESTORE, UPDATE, clock_of, target_min
from escalation.models import Clock, Escalation
from iem_portal import live
from iem_portal.accounts.actors import SYSTEM_CLOCK

HELD_KINDS = (UPDATE, LEVEL)
__all__ = ["FIRST_RESPONSE", "LEVEL", "RESTORE", "UPDATE", "clock_of", "target_min"]


def clocks_of(escalation: Escalation) -> dict[str, Clock]:
    """The clocks that have started, by kind. One query."""
    return {clock.kind: clock for clock in escalation.clocks.all()}


def opened(escalation: Escalation, *, by, now: datetime) -> None:
    """Detected and declared: the time to restore runs from the detection, update and level from the declaration."""
    cycles.begin(escalation, RESTORE, at=escalation.detected_at, by=by, now=now)
    cycles.begin(escalation, UPDATE, at=escalation.declared_at, by=by, now=now)
    cycles.begin(escalation, LEVEL, at=escalation.declared_at, by=by, now=now)


def case_opened(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str = "") -> None:
    """The case exists: AWS's first answer is owed from its creation, however late somebody noted it.

    Called again (a new case follows an ended one), the clock starts a new cycle and the old one stays on record.
    """
    cycles.begin(escalation, FIRST_RESPONSE, at=at, by=by, now=now, reason=reason)


def case_corrected(
    escalation: Escalation, *, at: datetime, by, now: datetime, reason: str
) -> cycles.Broken | None:
    """The case was opened at another time: the first answer is owed from then. What became of a breach, if any."""
    return cycles.correct(escalation, at=at, by=by, now=now, reason=reason)


def overtaken(escalation: Escalation, kind: str, *, at: datetime, now: datetime) -> bool:
    """Would a stop at `at` undo a breach that is on record? Then it wants a reason, because both stay.

    Fires what was due up to `at` first.
    """
    clock = clock_of(escalation, kind)
    if clock is None:
        return False
    planning.catch_up(clock, until=at, now=now)
    return pure.undoes_breach(planning.state_of(clock), at)


def answered(
    escalation: Escalation,
    *,
    at: datetime,
    by,
    now: datetime,
    how: str,
    reason: str = "",
    is_claim: bool = False,
) -> pure.State:
    """AWS answered: the first-response clock stops at `at`. Returns the clock as it is then.

    A second call corrects the time; `is_claim` lets an earlier `at` undo a breach on record. Both stay. Without
    an update so far, the first one is owed from the answer.
    """
    clock = clock_of(escalation, FIRST_RESPONSE)
    is_first = not planning.state_of(clock).is_over
    words = {"by": by, "now": now, "reason": reason}
    state = cycles.stop(clock, at=at, label=how, is_claim=is_claim, **words)
    update = clock_of(escalation, UPDATE)
    if is_first and update is not None and update.cycle == 0:
        update_told(escalation, at=at, by=by, now=now, label="answered")
    return state


def update_told(
    escalation: Escalation, *, at: datetime, by, now: datetime, reason: str = "", label: str = "told"
) -> None:
    """The customer heard: the present promise is kept at `at`, and the next one counts from there.

    What was said before the present cycle began changes nothing that is owed now.
    """
    settle(escalation, now=now)
    clock = clock_of(escalation, UPDATE)
    if clock is not None and at < (planning.state_of(clock).started_at or at):
        return
    cycles.begin_next(escalation, UPDATE, at=at, by=by, now=now, label=label, reason=reason)


def level_entered(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str = "") -> None:
    """It is at another level (or in another lane): the time there counts from `at`; the last level has no deadline."""
    settle(escalation, now=now)
    clock = clock_of(escalation, LEVEL)
    if clock is not None:
        at = max(at, planning.state_of(clock).started_at or at)
    cycles.begin_next(escalation, LEVEL, at=at, by=by, now=now, label="left", reason=reason)


def waiting(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str) -> None:
    """AWS waits for the customer: update and level stand still where the policy says so, from `at`.

    The first answer and the time to restore go on; the wait is marked on the latter. With `waiting_until` the
    engine lifts it by itself.
    """
    words = {"by": by, "now": now, "label": escalation.waiting_code, "reason": reason}
    restore = cycles.started(escalation, RESTORE, at=escalation.detected_at, by=by, now=now)
    # Two waits never overlap: the second one begins where the first ended.
    earlier = [wait.to for wait in planning.state_of(restore).waits if wait.to]
    planning.write(restore, pure.WAITED, at=max([at, escalation.detected_at, *earlier]), **words)
    for kind, clock in clocks_of(escalation).items():
        if cycles.is_held_by_wait(escalation, kind):
            cycles.hold(clock, at=at, **words)
    plan_lift(escalation, by=by, now=now)


def plan_lift(escalation: Escalation, *, by, now: datetime) -> None:
    """Write the row that ends the present wait at `waiting_until`, if any; an earlier row is taken back."""
    clock = cycles.started(escalation, RESTORE, at=escalation.detected_at, by=by, now=now)
    _cancel_lift(clock, now, planning.LIFTED)
    due = escalation.waiting_until
    if due is not None:
        count = clock.deadlines.filter(firing.RESUMES, cycle=clock.cycle).count()
        stage = f"{firing.RESUME}{count + 1 if count else ''}"
        clock.deadlines.create(cycle=clock.cycle, stage=stage, due_at=due, wake_at=due)


def waiting_over(escalation: Escalation, *, at: datetime, by, now: datetime) -> None:
    """The customer did their part: what stood still goes on at `at`, later by the length of the wait."""
    clocks = clocks_of(escalation)
    if RESTORE in clocks:
        planning.write(clocks[RESTORE], pure.WAIT_OVER, at=at, now=now, by=by)
        _cancel_lift(clocks[RESTORE], now, planning.LIFTED)
    for kind in HELD_KINDS:
        if kind in clocks:
            cycles.release(clocks[kind], at=at, by=by, now=now)


def settle(escalation: Escalation, *, now: datetime) -> bool:
    """Lift a wait whose end has passed, dated at that end: by the engine, or by the verb that comes first."""
    until = escalation.waiting_until
    if escalation.waiting_since is None or until is None or until > now:
        return False
    rows = _lifts(clock_of(escalation, RESTORE)).filter(due_at=until)
    rows.update(fired_at=now, fired_by=SYSTEM_CLOCK.name)
    waiting_over(escalation, at=until, by=SYSTEM_CLOCK, now=now)
    clear_wait(escalation)
    escalation.version += 1
    escalation.save(update_fields=[*WAIT_COLUMNS, "version"])
    timeline.record(
        escalation.engagement,
        "escalation.wait_lifted",
        by=SYSTEM_CLOCK,
        now=now,
        at=until,
        kind=TimelineEntry.Kind.SYSTEM,
        params={"reference": escalation.reference, "title": escalation.title},
        subject_type="escalation",
        subject_id=escalation.pk,
    )
    live.announce(escalation.engagement.topic, *firing.TILES)
    return True


WAIT_COLUMNS = ("waiting_since", "waiting_until", "waiting_code", "waiting_reason", "waiting_case")


def clear_wait(escalation: Escalation) -> None:
    """Nothing is waited for any more; the caller saves WAIT_COLUMNS."""
    escalation.waiting_since = escalation.waiting_until = None
    escalation.waiting_code = escalation.waiting_reason = ""
    escalation.waiting_case = None


def severity_changed(escalation: Escalation, *, by, now: datetime, reason: str = "") -> None:
    """Another severity: every open promise counts anew from its own start; a breach on record stays.

    What was not owed before starts now. The time to restore is the customer's own and keeps its target.
    """
    settle(escalation, now=now)
    words = {"by": by, "now": now, "reason": reason}
    clocks = clocks_of(escalation)
    for kind, clock in clocks.items():
        state = planning.state_of(clock)
        if kind == RESTORE or state.is_over:
            continue
        minutes = target_min(escalation, kind)
        if state.target is None and minutes is not None:
            cycles.begin_next(escalation, kind, at=now, label="severity", by=by, now=now)
            continue
        cycles.retarget(clock, minutes, label=escalation.severity, **words)
        if escalation.waiting_since and cycles.is_held_by_wait(escalation, kind):
            wait = {"label": escalation.waiting_code, "reason": escalation.waiting_reason}
            cycles.hold(clock, at=now, by=by, now=now, **wait)
        else:
            cycles.release(clock, at=now, by=by, now=now)
    if UPDATE not in clocks:
        cycles.begin(escalation, UPDATE, at=now, **words)


def restore_target_changed(escalation: Escalation, *, by, now: datetime, reason: str = "") -> None:
    """The customer's objective is another one (`restore_target_min`), counted from the detection as before."""
    clock = cycles.started(escalation, RESTORE, at=escalation.detected_at, by=by, now=now)
    if not planning.state_of(clock).is_over:
        minutes = escalation.restore_target_min
        cycles.retarget(clock, minutes, label="", by=by, now=now, reason=reason)


def restored(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str = "") -> None:
    """The service works again at `at`; the cause may still be open, so nothing else stops.

    A second call corrects the time. A reason lets an earlier `at` undo a breach on record. Both stay.
    """
    clock = cycles.started(escalation, RESTORE, at=escalation.detected_at, by=by, now=now)
    words = {"by": by, "now": now, "label": "restored", "reason": reason}
    cycles.stop(clock, at=at, is_claim=bool(reason), cancelled=planning.RESTORED, **words)


def resolved(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str = "") -> None:
    """The end: every clock stops at `at`. A first answer that never came is cancelled, or its breach stands."""
    settle(escalation, now=now)
    if escalation.waiting_since is not None:
        waiting_over(escalation, at=at, by=by, now=now)
    words = {"at": at, "by": by, "now": now, "reason": reason}
    for kind, clock in clocks_of(escalation).items():
        if planning.state_of(clock).is_over:
            continue
        if kind == FIRST_RESPONSE:
            cycles.void(clock, code=planning.RESOLVED, **words)
        else:
            cycles.stop(clock, label="resolved", is_claim=True, cancelled=planning.RESOLVED, **words)


def reopened(escalation: Escalation, *, at: datetime, by, now: datetime) -> None:
    """It broke again: the time to restore goes on, update and level start again, the first answer does not."""
    restore = cycles.started(escalation, RESTORE, at=at, by=by, now=now)
    if planning.state_of(restore).is_over:
        _go_on(restore, at=at, by=by, now=now)
    for kind in HELD_KINDS:
        cycles.begin_next(escalation, kind, at=at, by=by, now=now, label="reopened")


def unmerged(escalation: Escalation, *, at: datetime, by, now: datetime) -> None:
    """It was no duplicate: AWS owes the first answer as from the creation of the case, as if nothing had ended."""
    clock = clock_of(escalation, FIRST_RESPONSE)
    if clock is not None and planning.state_of(clock).status == pure.VOID:
        _go_on(clock, at=at, by=by, now=now)


def severity_raised(escalation: Escalation, *, now: datetime) -> None:
    """What is broken already is told again as often as the worse severity wants it."""
    for clock in clocks_of(escalation).values():
        planning.tell_again(clock, now=now)


def _go_on(clock: Clock, *, at: datetime, by, now: datetime) -> None:
    if planning.state_of(clock).is_corrected:
        cycles.resume_anew(clock, at=at, by=by, now=now)
        return
    planning.write(clock, pure.REOPENED, at=at, now=now, by=by)
    planning.realign(clock, now=now)
    planning.tell_again(clock, now=now)


def merged(escalation: Escalation, *, by, now: datetime) -> None:
    """A duplicate: its clocks end unjudged; breaches that are on record stay there. The verb clears a wait."""
    for clock in clocks_of(escalation).values():
        _cancel_lift(clock, now, planning.MERGED)
        if not planning.state_of(clock).is_over:
            cycles.void(clock, at=now, by=by, now=now, code=planning.MERGED, reason="merged")


def _lifts(clock: Clock):
    return clock.deadlines.waiting().filter(firing.RESUMES)


def _cancel_lift(clock: Clock, now: datetime, reason: str) -> None:
    _lifts(clock).update(cancelled_at=now, cancel_reason=reason)
