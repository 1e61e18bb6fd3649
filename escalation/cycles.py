"""How does one clock start, stop, stand still and go on? What `timing` is made of; nobody else calls this.

Everything here works on one clock of a locked escalation, inside the verb's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation import catalog, planning, promises
from escalation import clock as pure
from escalation.events import BREACHED, REPEATED, WARNED, in_effect
from escalation.hours import Calendar
from escalation.models import Clock, Escalation

FIRED = frozenset({WARNED, BREACHED, REPEATED})
FIRST_RESPONSE, UPDATE, LEVEL, RESTORE = Clock.Kind.values


def clock_of(escalation: Escalation, kind: str) -> Clock | None:
    """One clock, or None before its first start."""
    return escalation.clocks.filter(kind=kind).first()


def target_min(escalation: Escalation, kind: str, severity: str = "") -> int | None:
    """Minutes that this clock may take, at this severity (default: the present one); None: nothing is promised."""
    severity = severity or escalation.severity
    if kind == FIRST_RESPONSE:
        return escalation.policy["targets"].get(severity, {}).get("minutes")
    if kind == RESTORE:
        return escalation.restore_target_min
    objective = _objective(escalation, kind, severity)
    return objective["minutes"] if objective else None


def is_held_by_wait(escalation: Escalation, kind: str) -> bool:
    """Does this clock stand still while AWS waits for the customer? Never the first answer, never the restoration."""
    if kind not in (UPDATE, LEVEL):
        return False
    objective = _objective(escalation, kind, escalation.severity)
    return objective["held"] if objective else True


def begin(
    escalation: Escalation,
    kind: str,
    *,
    at: datetime,
    by,
    now: datetime,
    reason: str = "",
    ended: str = "",
    is_told: bool = False,
) -> Clock | None:
    """Start a clock, or its next cycle; None where no update is owed. Within a wait it stands still at once.

    `ended` is why the present cycle's rows wait no more; without it that cycle has ended, and only rows that stand
    aside still wait: what happened in it will be recorded. `is_told`: the present cycle is broken, which is known;
    where the next one is broken too, nobody is told again, and reminders go on as they were.
    """
    minutes = target_min(escalation, kind)
    clock = clock_of(escalation, kind)
    if clock is None and minutes is None and kind == UPDATE:
        return None
    if clock is None:
        clock = Clock.objects.create(escalation=escalation, kind=kind, calendar=_calendar(escalation, kind))
    else:
        reminders = planning.reminders_of(clock) if is_told else None
        if ended:
            planning.cancel(clock, now=now, reason=ended)
        clock.cycle, clock.calendar = clock.cycle + 1, _calendar(escalation, kind)
        clock.save(update_fields=["cycle", "calendar"])
    words = {"by": by, "now": now}
    stage = f"level{escalation.level}" if kind == LEVEL else ""
    label = "" if kind == RESTORE else escalation.severity
    planning.write(
        clock,
        pure.STARTED,
        at=at,
        target_s=_seconds(minutes),
        label=label,
        stage=stage,
        reason=reason,
        **words,
    )
    if kind == FIRST_RESPONSE and escalation.answered_at:
        planning.write(clock, pure.STOPPED, at=escalation.answered_at, label=escalation.answered_how, **words)
    if escalation.waiting_since and is_held_by_wait(escalation, kind):
        since = max(at, escalation.waiting_since)
        wait = {"label": escalation.waiting_code, "reason": escalation.waiting_reason}
        planning.write(clock, pure.PAUSED, at=since, **wait, **words)
    planning.plan(clock, now=now, is_told=is_told)
    if is_told:
        planning.take_over(clock, reminders, now=now)
    return clock


@dataclass(frozen=True)
class Broken:
    """What a corrected time of the case did to a breach that had been told; instants are aware UTC."""

    old_due_at: datetime
    due_at: datetime
    is_still_broken: bool


def correct(escalation: Escalation, *, at: datetime, by, now: datetime, reason: str) -> Broken | None:
    """Start the first-answer clock again at another time of the case; the old cycle stays on record.

    An answer that is on record stops the new cycle as well. A breach that was told already is told to nobody again
    where it stays one. Returns what became of it; None when there was none.
    """
    old = planning.state_of(clock_of(escalation, FIRST_RESPONSE))
    is_told = pure.verdict(old) == pure.MISSED and old.breached_at is not None
    words = {"by": by, "now": now, "reason": reason, "ended": planning.CASE_CORRECTED}
    new = planning.state_of(begin(escalation, FIRST_RESPONSE, at=at, is_told=is_told, **words))
    if not is_told:
        return None
    return Broken(old.breached_at, pure.due_at(new), is_still_broken=pure.verdict(new) == pure.MISSED)


def resume_anew(clock: Clock, *, at: datetime, by, now: datetime) -> None:
    """Go on at `at` in a next cycle that knows of the old one all but what fired in it.

    For a clock whose breach was undone by a correction: that breach is on record, so this cycle could not break again.
    """
    known = in_effect(planning.events_of(clock))
    clock.cycle += 1
    clock.save(update_fields=["cycle"])
    for event in known:
        if event.kind not in FIRED:
            words = {"label": event.label, "reason": event.reason, "target_s": event.target_s}
            planning.write(clock, event.kind, at=event.at, by=by, now=now, **words)
    planning.write(clock, pure.REOPENED, at=at, by=by, now=now)
    planning.plan(clock, now=now)


def started(escalation: Escalation, kind: str, *, at: datetime, by, now: datetime) -> Clock:
    """The clock; escalations of before the four clocks get theirs when it is needed, from `at` on."""
    return clock_of(escalation, kind) or begin(escalation, kind, at=at, by=by, now=now)


def begin_next(
    escalation: Escalation, kind: str, *, at: datetime, by, now: datetime, label: str, reason: str = ""
) -> None:
    """Stop the present cycle at `at` and start the next one there. A reason lets an earlier `at` undo a breach."""
    clock = clock_of(escalation, kind)
    words = {"by": by, "now": now, "reason": reason}
    if clock is not None and not planning.state_of(clock).is_over:
        stop(clock, at=at, label=label, is_claim=bool(reason), cancelled=planning.NEXT_CYCLE, **words)
    begin(escalation, kind, at=at, **words)


def stop(
    clock: Clock,
    *,
    at: datetime,
    by,
    now: datetime,
    label: str,
    reason: str = "",
    is_claim: bool = False,
    cancelled: str = planning.ANSWERED,
) -> pure.State:
    """Stop the clock at `at`, after firing what was due up to then; the clock as it is afterwards.

    Stopped already: the time of the stop is corrected, and both stay. `is_claim`: an `at` before a breach that
    is on record counts, and both stay; without it the breach stands.
    """
    state = planning.state_of(clock)
    is_again = state.is_over
    # An end of before it began, such as a solution that is noted with an earlier time, ends it where it began.
    at = max(at, pure.begun_at(state) or at)
    if is_again:
        planning.revive(clock, until=at)
    aside = planning.catch_up(clock, until=at, now=now)
    planning.cancel(clock, now=now, reason=cancelled, but=aside)
    undoes = is_claim and pure.undoes_breach(planning.state_of(clock), at)
    words = {"now": now, "by": by, "label": label, "reason": reason}
    if not is_again:
        planning.write(clock, pure.STOPPED, at=now if undoes else at, **words)
    if is_again or undoes:
        planning.write(clock, pure.STOP_MOVED, at=now, moved_to=at, **words)
    return planning.state_of(clock)


def void(clock: Clock, *, at: datetime, by, now: datetime, code: str, reason: str) -> None:
    """End the clock without a verdict, after firing what was due up to `at`: a breach on record stands."""
    at = max(at, pure.begun_at(planning.state_of(clock)) or at)
    aside = planning.catch_up(clock, until=at, now=now)
    planning.cancel(clock, now=now, reason=code, but=aside)
    planning.write(clock, pure.CANCELLED, at=at, now=now, by=by, reason=reason)


def hold(clock: Clock, *, at: datetime, by, now: datetime, label: str, reason: str) -> None:
    """The clock stands still from `at`: what was due up to then fires, the rest waits."""
    state = planning.state_of(clock)
    if state.status != pure.RUNNING:
        return
    since = max(at, state.segments[-1].since)
    aside = planning.catch_up(clock, until=since, now=now)
    planning.cancel(clock, now=now, reason=planning.PAUSED, but=aside)
    planning.write(clock, pure.PAUSED, at=since, now=now, by=by, label=label, reason=reason)


def release(clock: Clock, *, at: datetime, by, now: datetime) -> None:
    """The clock goes on at `at`; what had not fired is due later by the length of the hold."""
    state = planning.state_of(clock)
    if state.status != pure.HELD:
        return
    since = state.segments[-1].since
    at = max(at, since)
    planning.write(clock, pure.RESUMED, at=at, now=now, by=by)
    planning.shift_repeats(clock, at - since)
    planning.realign(clock, now=now)


def retarget(clock: Clock, minutes: int | None, *, label: str, by, now: datetime, reason: str) -> None:
    """Another target for the present cycle, counted from its own start; the old one stays on record."""
    if minutes is None and planning.state_of(clock).target is None:
        return
    planning.write(
        clock,
        pure.TARGET_CHANGED,
        at=now,
        now=now,
        by=by,
        target_s=_seconds(minutes),
        label=label,
        reason=reason,
    )
    planning.realign(clock, now=now)


def _objective(escalation: Escalation, kind: str, severity: str) -> dict | None:
    """{minutes, held} of the update or level clock; the last level of a lane has nowhere to go and so none."""
    if kind == UPDATE:
        return promises.update_objective(escalation.policy, severity)
    if escalation.level >= catalog.highest_level(escalation.lane):
        return None
    return promises.level_objective(escalation.policy, severity, escalation.level, escalation.lane)


def _calendar(escalation: Escalation, kind: str) -> dict:
    """AWS's promise has hours; what the team owes, and the outage itself, go on day and night."""
    if kind == FIRST_RESPONSE:
        return promises.calendar_of(escalation.policy, escalation.severity).as_json()
    return Calendar().as_json()


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else int(timedelta(minutes=minutes).total_seconds())
