"""Who is told that a deadline has passed? Messages and page rows of a batch, in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Role
from escalation import catalog
from escalation.ladder import holding, policies, quiet, reading, rules, sending, words
from escalation.ladder.casting import Cast, Told, told
from escalation.models import Clock, Escalation, Page
from iem_portal import rows
from iem_portal.accounts.reach import ways_of
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Hook
from iem_portal.notifications.outbox import Message

_COLUMNS = (
    "escalation_id", "fact", "receiver", "kind", "stage", "user_id", "name", "role", "rule", "channels",
    "paged_at", "recorded_at", "held_until", "bundled_at", "satisfied_at", "satisfied_by_name",
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """What one batch has read, once."""

    casts: dict[int, Cast]
    ways: dict
    hooks: dict[int, list[Hook]]
    holds: holding.Holds
    silence: quiet.Silence


@dataclass(frozen=True, slots=True)
class Meant:
    """The answer of the rules to one kind of deadline in one engagement."""

    people: list[Told]
    is_to_hooks: bool
    term: rules.Term | None


def of_dues(dues: list, holds: holding.Holds, *, now: datetime) -> list[Message]:
    """The messages of these fired deadlines (`firing.Due`); each page is recorded, dated at its deadline."""
    policy_of = _policies(dues)
    told_of = _with_rules(dues, policy_of)
    if not told_of:
        return []
    known = _read(told_of, holds, now)
    # Hundreds of deadlines of one engagement ask the same question.
    meant: dict[tuple, Meant] = {}
    messages: list[Message] = []
    pages: list[tuple] = []
    for due in told_of:
        policy = policy_of[due.escalation_id]
        key = (*_where(policy, due), due.engagement.pk, due.owner_name, due.level)
        if key not in meant:
            meant[key] = _meant(policy, known.casts[due.engagement.pk], due)
        _tell(due, meant[key], known, now, messages, pages)
    rows.insert_values(Page, _COLUMNS, pages)
    return messages


def would_hear(escalation: Escalation, *, stage: str, now: datetime) -> list[str]:
    """The names of those who would be told of this stage of the first answer, with the present rules.

    Customers read them too: AWS's managers, who are no members, are named by their role.
    """
    cast = reading.casts([escalation.engagement_id], at=now)[escalation.engagement_id]
    people, _is_to_hooks = told(
        policies.of_escalation(escalation),
        cast,
        stage=stage,
        kind=Clock.Kind.FIRST_RESPONSE,
        severity=escalation.severity,
        lane=escalation.lane,
        owner_name=escalation.owner_name,
    )
    names = [Role.MANAGER.label if one.person.role == Role.MANAGER else one.person.name for one in people]
    return list(dict.fromkeys(map(str, names)))


def is_inside(due) -> bool:
    """How long something lies inside AWS is not for customers."""
    return due.kind == Clock.Kind.LEVEL and catalog.is_internal(due.level)


def _policies(dues: list) -> dict[int, rules.Policy]:
    """The rules of telling under which each escalation opened."""
    number_of = {due.escalation_id: due.ladder.get("policy") for due in dues}
    stored = policies.of_numbers(number_of.values())
    return {pk: stored.get(number, stored[None]) for pk, number in number_of.items()}


def _where(policy: rules.Policy, due) -> tuple:
    return id(policy), due.stage, due.kind, due.severity, due.lane


def _with_rules(dues: list, policy_of: dict[int, rules.Policy]) -> list:
    """The deadlines of which somebody is to hear at all; a breach always."""
    known: dict[tuple, bool] = {}
    found = []
    for due in dues:
        policy = policy_of[due.escalation_id]
        key = _where(policy, due)
        if key not in known:
            where = {"stage": due.stage, "kind": due.kind, "severity": due.severity, "lane": due.lane}
            known[key] = due.stage == rules.BREACH or bool(rules.tokens_for(policy, **where))
        if known[key]:
            found.append(due)
    return found


def _meant(policy: rules.Policy, cast: Cast, due) -> Meant:
    where = {"kind": due.kind, "severity": due.severity, "lane": due.lane}
    people, is_to_hooks = told(
        policy, cast, stage=due.stage, owner_name=due.owner_name, is_internal=is_inside(due), **where
    )
    return Meant(people, is_to_hooks, rules.term_for(policy.terms, **where))


def _read(dues: list, holds: holding.Holds, now: datetime) -> Known:
    engagements = {due.engagement.pk for due in dues}
    casts = reading.casts(engagements, at=now)
    people = {person.user_id for cast in casts.values() for person in (*cast.members, *cast.managers)}
    return Known(
        casts=casts,
        ways=ways_of(people),
        hooks=hooks.hooks_of(engagements, hooks.ESCALATION),
        holds=holds,
        silence=quiet.read(engagements, now),
    )


def _tell(due, meant: Meant, known: Known, now: datetime, messages: list, pages: list) -> None:
    is_held = holding.covering(known.holds, due.escalation_id, due.due_at) is not None
    is_loud = policies.is_loud(due.targets, due.severity)
    fact = _fact(due)
    for one in meant.people:
        way = rules.way_while_held(due.stage, one.way) if is_held else one.way
        if way is None:
            continue
        where = {"term": meant.term, "is_loud": is_loud}
        held_until = known.silence.until(due.engagement.pk, one.person.zone, **where)
        sent = [] if held_until else sending.to_person(fact, one, way, known.ways)
        messages += sent
        pages.append(_page(due, fact, one, sending.channels_of(sent), held_until, now))
    if not meant.is_to_hooks or (is_held and rules.way_while_held(due.stage, rules.MAIL) is None):
        return
    for hook in known.hooks[due.engagement.pk]:
        if hook.audience == Hook.Audience.AWS or not is_inside(due):
            messages.append(sending.to_hook(fact, hook))
            pages.append(_hook_page(due, fact, hook, now))


def _fact(due) -> sending.Fact:
    stage, _number = rules.split(due.stage)
    return sending.Fact(
        key=f"clock:{due.clock_id}:c{due.cycle}:{due.stage}",
        template=words.TEMPLATES[stage],
        params=words.of_due(due),
        engagement_id=due.engagement.pk,
        about=words.about(due.escalation_id),
    )


def _page(due, fact, one: Told, channels: str, held_until: datetime | None, now: datetime) -> tuple:
    person = one.person
    return (
        due.escalation_id, fact.key, f"user:{person.user_id}", due.kind, due.stage, person.user_id, person.name,
        person.role, one.rule, channels, due.due_at, now, held_until, None, None, "",
    )  # fmt: skip


def _hook_page(due, fact, hook: Hook, now: datetime) -> tuple:
    return (
        due.escalation_id, fact.key, f"hook:{hook.pk}", due.kind, due.stage, None, hook.name, "", rules.HOOKS,
        hook.kind, due.due_at, now, None, None, None, "",
    )  # fmt: skip
