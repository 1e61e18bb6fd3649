"""What a page shows of an escalation: the faces of its clocks, its path, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Prefetch, QuerySet

from engagements.models import TimelineEntry
from escalation import clock as pure
from escalation import inside, planning
from escalation.cycles import target_min
from escalation.models import Clock, ClockEvent, Communication, Escalation, Hop
from escalation.wording import reasons, strip, why

__all__ = ["reasons", "strip", "why"]


@dataclass(frozen=True)
class Face:
    """A first-answer clock as drawn. Instants are aware UTC; spans are whole seconds.

    ``state`` is one of waiting (no case yet), running, met, missed or cancelled; a running
    clock whose ``due_at`` has passed is breached, and the page counts up from there.
    """

    state: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    target_min: int = 0
    taken_s: int | None = None
    breached_at: datetime | None = None
    is_over: bool = False

    @property
    def end_at(self) -> datetime | None:
        """When the promise ran out or was kept: what lists are sorted by."""
        return self.due_at


@dataclass(frozen=True)
class ClockFace(Face):
    """Any of the four clocks as drawn. Adds to a face, in whole seconds and minutes:

    ``state`` may also be "paused" (stands still), "free" (runs without a target), "ended" (so it stopped) and
    "inside" (it is inside AWS, which the reader may not time);
    ``used_s`` is the time used, ``left_s`` what is left of the target (negative when overdue), both at ``now``;
    ``net_s`` leaves out waiting for the customer, of the time to restore only.
    """

    kind: str = ""
    label: str = ""
    used_s: int = 0
    left_s: int | None = None
    net_s: int | None = None
    cycle: int = 0
    held_since: datetime | None = None
    held_reason: str = ""


def with_clocks(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """The escalations with everything their faces need, in three queries however many there are."""
    present = ClockEvent.objects.filter(cycle=F("clock__cycle"))
    clocks = Clock.objects.prefetch_related(Prefetch("events", queryset=present))
    return escalations.select_related("engagement").prefetch_related(
        Prefetch("clocks", queryset=clocks, to_attr="timed")
    )


def states_of(escalation: Escalation) -> dict[str, pure.State]:
    """The folded clocks that have started, by kind in the order of Clock.Kind; wants :func:`with_clocks`."""
    shown = [clock for clock in escalation.timed if not inside.is_hidden(escalation, clock.kind)]
    found = {clock.kind: planning.state_of(clock) for clock in shown}
    return {kind: found[kind] for kind in Clock.Kind.values if kind in found}


def state_of(escalation: Escalation, kind: str = Clock.Kind.FIRST_RESPONSE) -> pure.State | None:
    """One folded clock, the first-answer one unless named, or None before it starts; wants :func:`with_clocks`."""
    return next((planning.state_of(clock) for clock in escalation.timed if clock.kind == kind), None)


def face(escalation: Escalation, now: datetime) -> Face:
    """The face of the first-answer clock at ``now``; wants :func:`with_clocks`."""
    return clock_face(escalation, Clock.Kind.FIRST_RESPONSE, now)


def clock_faces(escalation: Escalation, now: datetime) -> list[ClockFace]:
    """All four faces in the order of Clock.Kind, those that have not started too; wants :func:`with_clocks`."""
    return [clock_face(escalation, kind, now) for kind in Clock.Kind.values]


def clock_face(escalation: Escalation, kind: str, now: datetime) -> ClockFace:
    """The face of one clock at ``now``; wants :func:`with_clocks`."""
    if inside.is_hidden(escalation, kind):
        return ClockFace("inside", kind=kind, label=str(Clock.Kind(kind).label))
    clock = next((one for one in escalation.timed if one.kind == kind), None)
    state = planning.state_of(clock) if clock else None
    words = {"kind": kind, "label": str(Clock.Kind(kind).label)}
    if state is None or state.started_at is None:
        return ClockFace("waiting", target_min=target_min(escalation, kind) or 0, **words)
    used = pure.elapsed(state, now)
    left = pure.remaining(state, now)
    held = state.segments[-1] if state.status == pure.HELD else None
    is_net = bool(state.waits)
    return ClockFace(
        state=_state_word(state),
        started_at=state.started_at,
        due_at=pure.due_at(state),
        target_min=0 if state.target is None else round(state.target.total_seconds() / 60),
        taken_s=_seconds(used) if state.is_over else None,
        breached_at=None if state.is_corrected else state.breached_at,
        is_over=state.is_over,
        used_s=_seconds(used),
        left_s=None if left is None else _seconds(left),
        net_s=_seconds(pure.net(state, now)) if is_net else None,
        cycle=clock.cycle,
        held_since=held.since if held else None,
        held_reason=held.reason if held else "",
        **words,
    )


def _state_word(state: pure.State) -> str:
    verdict = pure.verdict(state)
    if state.status == pure.VOID:
        return "missed" if verdict == pure.MISSED else "cancelled"
    if state.status == pure.ENDED:
        return verdict or "ended"
    if state.status == pure.HELD:
        return "paused"
    return "free" if state.target is None else "running"


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())


def communications(escalation: Escalation, *, audience: str) -> list[Communication]:
    """What was said, newest first; what is for AWS's people only stays with them."""
    said = escalation.communications.all()
    return list(said if audience == "staff" else said.filter(audience=TimelineEntry.Audience.ALL))


def hops_of(escalation: Escalation, *, audience: str) -> list[Hop]:
    """Every hop in order, those of the management chain too; a stay inside AWS is one step for customers."""
    hops = list(escalation.hops.order_by("entered_at", "pk"))
    if audience == "staff":
        return hops
    for hop in hops:
        hop.note = "" if hop.is_internal else hop.note
    return inside.hops(hops)
