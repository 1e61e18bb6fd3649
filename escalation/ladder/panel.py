"""Who was told of an escalation, who has it, and until when: for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engagements.access import Permission
from engagements.models import Role
from escalation.ladder import names
from escalation.models import Acknowledgement, Clock, Escalation, Page

MOST_SHOWN = 200


@dataclass
class Turn:
    """One fact with everybody who was told of it."""

    fact: str
    label: str
    paged_at: datetime
    pages: list[Page] = field(default_factory=list)


def context(escalation: Escalation, request, now: datetime) -> dict:
    """`acks` in force, `held_until` (None: nobody has it), and `turns`: who was told, newest first. Two queries."""
    sees_all = Permission.SEE_INTERNAL in request.permissions
    acks = [ack for ack in _acks(escalation) if ack.ended_at is None and ack.until > now]
    turns = turns_of(escalation, sees_all=sees_all)
    return {
        "acks": acks,
        "held_until": max((ack.holds_until for ack in acks if ack.holds_until), default=None),
        "turns": turns,
        "zone": request.engagement.time_zone,
        "now": now,
    }


def turns_of(escalation: Escalation, *, sees_all: bool) -> list[Turn]:
    """Who was told of what; what is about AWS's inside is for AWS's people. One query."""
    pages = Page.objects.filter(escalation=escalation).order_by("-paged_at", "-pk")
    if not sees_all:
        pages = pages.exclude(kind=Clock.Kind.LEVEL).exclude(role=Role.MANAGER)
    turns: dict[str, Turn] = {}
    for page in pages[:MOST_SHOWN]:
        turn = turns.get(page.fact)
        if turn is None:
            turn = turns[page.fact] = Turn(page.fact, names.of_stage(page.stage, page.kind), page.paged_at)
        turn.pages.append(page)
    return list(turns.values())


def _acks(escalation: Escalation) -> list[Acknowledgement]:
    return list(Acknowledgement.objects.filter(escalation=escalation).order_by("-until"))
