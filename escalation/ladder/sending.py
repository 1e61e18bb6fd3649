"""Which messages tell a person or a hook of one fact, and who hears instead when a channel is dead?"""

from __future__ import annotations

from dataclasses import dataclass

from escalation.ladder import rules
from escalation.ladder.casting import Person, Told
from iem_portal.accounts.reach import EMAIL, Way
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Hook
from iem_portal.notifications.outbox import Message

MAIL_WAYS = frozenset({EMAIL})


@dataclass(frozen=True, slots=True)
class Fact:
    """What is told: `key` names it, and makes each message unique."""

    key: str
    template: str
    params: dict
    engagement_id: int
    about: str


def to_person(fact: Fact, told: Told, way: str, ways: dict[int, list[Way]]) -> list[Message]:
    """The messages to one person, the next channels and then the deputy as fallbacks of the last one."""
    person, own = told.person, ways.get(told.person.user_id) or []
    chosen = _chosen(way, own)
    if not chosen:
        return []
    rest = [one for one in own if one not in chosen] if way != rules.MAIL else []
    fallbacks = tuple(_message(fact, person, one, own) for one in rest)
    deputy = told.deputy
    if deputy is not None and deputy.user_id != person.user_id:
        fallbacks += tuple(
            _message(fact, deputy, one, (), instead_of=person.user_id)
            for one in (ways.get(deputy.user_id) or [])[:1]
        )
    last = len(chosen) - 1
    return [
        _message(fact, person, one, own, fallbacks=fallbacks if place == last else ())
        for place, one in enumerate(chosen)
    ]


def channels_of(messages: list[Message]) -> str:
    """The channels of these messages in words of a column: "sms email"."""
    return " ".join(dict.fromkeys(message.channel for message in messages))[:60]


def to_hook(fact: Fact, hook: Hook) -> Message:
    """The message to a system that the engagement tells."""
    return Message(
        key=f"{fact.key}:hook:{hook.pk}",
        channel=hook.kind,
        address=hooks.address(hook),
        template=fact.template,
        params=fact.params,
        language=hook.language,
        time_zone=hook.time_zone,
        engagement_id=fact.engagement_id,
        about=fact.about,
        label=hooks.label(hook),
    )


def _chosen(way: str, own: list[Way]) -> list[Way]:
    if way == rules.EVERY:
        return own
    if way == rules.FIRST:
        return own[:1]
    return [one for one in own if one.channel in MAIL_WAYS][:1]


def _message(
    fact: Fact, person: Person, way: Way, own, *, fallbacks: tuple[Message, ...] = (), instead_of: int = 0
) -> Message:
    # Two phones of one person are one channel but two messages.
    same = [one for one in own if one.channel == way.channel]
    nth = f":{same.index(way) + 1}" if len(same) > 1 else ""
    instead = f":for:{instead_of}" if instead_of else ""
    return Message(
        key=f"{fact.key}:user:{person.user_id}:{way.channel}{nth}{instead}",
        channel=way.channel,
        address=way.address,
        template=fact.template,
        params=fact.params,
        user_id=person.user_id,
        language=person.language,
        time_zone=person.zone,
        engagement_id=fact.engagement_id,
        about=fact.about,
        label=way.label,
        fallbacks=fallbacks,
    )
