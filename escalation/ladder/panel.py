"""Who was told of an escalation, who has it, and until when: for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engagements.access import Permission
from engagements.models import Role
from escalation import catalog
from escalation.events import CANCELLED, STARTED, STOPPED
from escalation.ladder import names, rules
from escalation.models import MANAGEMENT, Acknowledgement, Clock, ClockEvent, Escalation, Page
from iem_portal.accounts.models import User
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Hook

MOST_SHOWN = 200


@dataclass
class Turn:
    """One fact with everybody who was told of it."""

    fact: str
    label: str
    paged_at: datetime
    # It told of a breach by a time of the case that was found to be wrong.
    is_corrected: bool = False
    pages: list[Page] = field(default_factory=list)


def context(escalation: Escalation, request, now: datetime) -> dict:
    """`acks` in force, `held_until` (None: nobody has it), and `turns`: who was told, newest first. Five queries."""
    sees_all = Permission.SEE_INTERNAL in request.permissions
    acks = [ack for ack in _acks(escalation) if ack.ended_at is None and ack.until > now]
    if acks and not sees_all:
        _keep_inside(escalation, acks)
    turns = turns_of(escalation, sees_all=sees_all)
    return {
        "acks": acks,
        "held_until": max((ack.holds_until for ack in acks if ack.holds_until), default=None),
        "turns": turns,
        "zone": request.engagement.time_zone,
        "now": now,
    }


def turns_of(escalation: Escalation, *, sees_all: bool) -> list[Turn]:
    """Who was told of what; what is about AWS's inside, and its systems, are for AWS's people. Two queries at most."""
    pages = Page.objects.filter(escalation=escalation).order_by("-paged_at", "-pk")
    if not sees_all:
        own = Hook.objects.filter(engagement_id=escalation.engagement_id, audience=Hook.Audience.AWS)
        pages = pages.exclude(kind=Clock.Kind.LEVEL).exclude(role=Role.MANAGER)
        pages = pages.exclude(receiver__in=[hooks.address(hook) for hook in own])
    turns: dict[str, Turn] = {}
    for page in pages[:MOST_SHOWN]:
        turn = turns.get(page.fact)
        if turn is None:
            turn = turns[page.fact] = Turn(page.fact, names.of_stage(page.stage, page.kind), page.paged_at)
        turn.pages.append(page)
    _mark_corrected(escalation, list(turns.values()))
    return list(turns.values())


def _mark_corrected(escalation: Escalation, turns: list[Turn]) -> None:
    """Breaches of a first answer whose case was then found to be of another time. One query, if one was told."""
    breaches = [
        turn for turn in turns if turn.pages[0].kind == Clock.Kind.FIRST_RESPONSE and _is_breach(turn)
    ]
    if not breaches:
        return
    events = ClockEvent.objects.filter(
        clock__escalation=escalation,
        clock__kind=Clock.Kind.FIRST_RESPONSE,
        kind__in=[STARTED, STOPPED, CANCELLED],
    )
    starts: dict[int, datetime] = {}
    ends: dict[int, datetime] = {}
    for cycle, kind, at in events.order_by("pk").values_list("cycle", "kind", "at"):
        (starts if kind == STARTED else ends)[cycle] = at
    for turn in breaches:
        cycle = int(turn.fact.split(":")[2].removeprefix("c"))
        following, end = starts.get(cycle + 1), ends.get(cycle)
        # A cycle that the next one overlaps was a slip; one that follows its end is another case.
        turn.is_corrected = following is not None and (end is None or following < end)


def _is_breach(turn: Turn) -> bool:
    return turn.fact.startswith("clock:") and turn.fact.endswith(f":{rules.BREACH}")


def _acks(escalation: Escalation) -> list[Acknowledgement]:
    return list(Acknowledgement.objects.filter(escalation=escalation).order_by("-until"))


def _keep_inside(escalation: Escalation, acks: list[Acknowledgement]) -> None:
    """Empty the notes that AWS's people wrote while it was at a level inside AWS. Two queries."""
    hops = escalation.hops.exclude(lane=MANAGEMENT).order_by("entered_at", "pk")
    path = list(hops.values_list("entered_at", "level"))
    writers = User.objects.filter(pk__in=[ack.user_id for ack in acks], customer=None)
    staff = set(writers.values_list("pk", flat=True))
    for ack in acks:
        level = next((level for entered_at, level in reversed(path) if entered_at <= ack.at), 0)
        if ack.user_id in staff and catalog.is_internal(level):
            ack.note = ""
