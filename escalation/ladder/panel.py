"""Who was told of an escalation, who has it, and until when: for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engagements.access import Permission
from engagements.models import Role
from escalation import catalog
from escalation.ladder import names
from escalation.models import MANAGEMENT, Acknowledgement, Clock, Escalation, Page
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
    return list(turns.values())


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
