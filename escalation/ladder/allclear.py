"""Who hears that it is over? Everybody who was told that it began, or of any stage of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q

from escalation.ladder import reading, rules, sending, telling, words
from escalation.ladder.casting import Told
from escalation.models import Escalation, Page
from iem_portal.notifications.outbox import Message


def of(escalation: Escalation, *, now: datetime) -> list[Message]:
    """The all-clear to everybody who was paged and may still read it; what was still held back is told no more.

    By the loudest way they were told before, so that nobody is woken who was not.
    """
    hush(escalation, now=now)
    # Whoever was paged for a duplicate waits for the end of this one.
    duplicates = Q(escalation__merged_into=escalation) | Q(escalation__merged_into__merged_into=escalation)
    told_before = Page.objects.filter(Q(escalation=escalation) | duplicates)
    receivers = dict(told_before.values_list("receiver").annotate(Max("channels")))
    if not receivers:
        return []
    cast = reading.casts([escalation.engagement_id], at=now)[escalation.engagement_id]
    people = {f"user:{person.user_id}": person for person in (*cast.managers, *cast.members)}
    told = [
        Told(person, rules.OPENED, rules.MAIL if channels in ("", "email") else rules.FIRST)
        for receiver, channels in receivers.items()
        if (person := people.get(receiver)) is not None
    ]
    params = words.facts(escalation) | {
        "resolution": escalation.resolution,
        "event": "resolve",  # for pagers
        "resolved_at": words.instant(escalation.resolved_at or now),
        "restored_at": words.instant(escalation.restored_at or escalation.resolved_at or now),
    }
    fact = sending.Fact(
        key=f"esc:{escalation.pk}:over:{escalation.version}",
        template=words.ALL_CLEAR,
        params=params,
        engagement_id=escalation.engagement_id,
        about=words.about(escalation.pk),
    )
    is_to_hooks = any(receiver.startswith("hook:") for receiver in receivers)
    return telling.pages(escalation, telling.OVER, fact, told, is_to_hooks=is_to_hooks, now=now)


def hush(escalation: Escalation, *, now: datetime) -> None:
    """What was still held back is told no more."""
    held = Page.objects.filter(escalation=escalation, held_until__isnull=False, bundled_at=None)
    held.update(bundled_at=now)
