"""Does somebody have it, until when, and what becomes of the repeats? Works on a locked escalation.

An acknowledgement moves the next repeat of every broken clock to its own end: then the pages go on by themselves,
whether or not anybody remembers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from escalation.ladder import policies, rules
from escalation.models import Acknowledgement, Clock, ClockEvent, Deadline, Escalation, Page

RENEWED, ENDED_BY_SEVERITY, ENDED_BY_END = "renewed", "severity", "resolved"
# Whoever heard only that it exists has not been asked for anything.
ASKING = (rules.WARN_50, rules.WARN_80, rules.BREACH)

Holds = dict[int, list[tuple[datetime, datetime]]]


def read(escalation_ids: Iterable[int]) -> Holds:
    """From when until when somebody has them, by escalation; one query."""
    found: Holds = defaultdict(list)
    held = Acknowledgement.objects.filter(
        escalation_id__in=set(escalation_ids), ended_at=None, holds_until__isnull=False
    )
    for escalation_id, at, until in held.order_by().values_list("escalation_id", "at", "holds_until"):
        found[escalation_id].append((at, until))
    return found


def covering(holds: Holds, escalation_id: int, at: datetime) -> datetime | None:
    """The end of the hold in which this instant lies, or None. A hold ends before its last instant."""
    ends = [until for since, until in holds.get(escalation_id, ()) if since <= at < until]
    return max(ends, default=None)


def put(
    escalation: Escalation, *, kind: str, until: datetime, role: str, note: str, by, now: datetime
) -> Acknowledgement:
    """Write that this person has it until then; what they said before ends. Pages stop once enough have said so."""
    live(escalation).filter(user_id=by.pk).update(ended_at=now, end_reason=RENEWED)
    said = Acknowledgement.objects.create(
        escalation=escalation,
        kind=kind,
        user_id=by.pk,
        name=by.name,
        role=role,
        note=note,
        at=now,
        until=until,
    )
    Page.objects.filter(escalation=escalation, user_id=by.pk, satisfied_at=None).update(
        satisfied_at=now, satisfied_by_name=by.name
    )
    said.holds_until = _held_until(escalation, now)
    if said.holds_until is not None:
        said.save(update_fields=["holds_until"])
        open_pages = Page.objects.filter(escalation=escalation, satisfied_at=None)
        open_pages.update(satisfied_at=now, satisfied_by_name=by.name)
        _move_repeats(escalation, said.holds_until, now)
    return said


def renew(escalation: Escalation, *, by, now: datetime) -> datetime | None:
    """The customer heard an update: whoever has it keeps it for as long again. The new end, or None."""
    held = covering(read([escalation.pk]), escalation.pk, now)
    if held is None:
        return None
    until = max(held, now + timedelta(minutes=policies.term_of(escalation).ack_min))
    live(escalation).filter(holds_until__gt=now).update(holds_until=until)
    live(escalation).filter(until__gt=now, until__lt=until).update(until=until)
    _move_repeats(escalation, until, now)
    return until


def end(escalation: Escalation, *, reason: str, now: datetime) -> int:
    """Nobody has it any more, for what they acknowledged is another thing now; repeats that waited are due again."""
    held = covering(read([escalation.pk]), escalation.pk, now)
    count = live(escalation).filter(until__gt=now).update(ended_at=now, end_reason=reason)
    if held is not None:
        _repeats(escalation).filter(due_at=held).update(due_at=now, wake_at=now)
    return count


def live(escalation: Escalation):
    """The acknowledgements that nothing has ended."""
    return Acknowledgement.objects.filter(escalation=escalation, ended_at=None)


def _held_until(escalation: Escalation, now: datetime) -> datetime | None:
    needs = policies.term_of(escalation).needs
    acks = [
        rules.Answerer(*row)
        for row in live(escalation).filter(until__gt=now).values_list("user_id", "role", "until")
    ]
    told = [] if needs == rules.ANY else _asked(escalation)
    return rules.held_until(needs, told, acks, now)


def _asked(escalation: Escalation) -> list[rules.Answerer]:
    pages = Page.objects.filter(escalation=escalation, user_id__isnull=False).order_by("pk")
    return [
        rules.Answerer(user_id, role)
        for user_id, role, stage in pages.values_list("user_id", "role", "stage")
        if stage in ASKING or rules.split(stage)[0] == rules.AGAIN
    ]


def _repeats(escalation: Escalation):
    # By the clocks' numbers and not through a join: Django would update by a subquery, and PostgreSQL does not look
    # again whether a row still waits that an engine recorded while the update stood in line for it.
    clocks = list(Clock.objects.filter(escalation=escalation).values_list("pk", flat=True))
    return Deadline.objects.waiting().filter(clock__in=clocks, stage__startswith=rules.AGAIN)


def _move_repeats(escalation: Escalation, until: datetime, now: datetime) -> None:
    """The next repeat of each broken clock comes at the end of the acknowledgement; one that had none gets one."""
    _repeats(escalation).update(due_at=until, wake_at=until)
    waiting = set(_repeats(escalation).values_list("clock_id", flat=True))
    clocks = Clock.objects.filter(escalation=escalation).exclude(pk__in=waiting)
    clocks = clocks.prefetch_related("events", "deadlines")
    Deadline.objects.bulk_create(
        Deadline(clock=clock, cycle=clock.cycle, stage=stage, due_at=until, wake_at=until)
        for clock in clocks
        if (stage := _next_stage(clock)) is not None
    )


def _next_stage(clock: Clock) -> str | None:
    """The repeat after the last one of a clock that is broken and still runs, or None."""
    events = [event for event in clock.events.all() if event.cycle == clock.cycle]
    is_broken = any(event.stage == rules.BREACH for event in events)
    repeats = [
        (rules.split(row.stage)[1], row.cancelled_at)
        for row in clock.deadlines.all()
        if row.cycle == clock.cycle and rules.split(row.stage)[0] == rules.AGAIN
    ]
    # A cancelled repeat stands still with its clock, and comes back with it.
    if not is_broken or _is_over(events) or any(cancelled_at for _number, cancelled_at in repeats):
        return None
    return f"{rules.AGAIN}{max((number for number, _at in repeats), default=0) + 1}"


def _is_over(events: list[ClockEvent]) -> bool:
    kinds = [event.kind for event in events if event.kind in ("stopped", "cancelled", "reopened")]
    return bool(kinds) and kinds[-1] != "reopened"
