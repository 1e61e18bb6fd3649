"""Which people do the rules mean, given who is a member and who is on duty?

Pure: standard library only, no current time. Only members of the engagement (and AWS's managers) can be meant:
a name in a roster opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from escalation.ladder import rules

TAM = "tam"


@dataclass(frozen=True, slots=True)
class Person:
    """A member who may be told."""

    user_id: int
    name: str
    email: str
    role: str
    is_aws: bool
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who can be meant in one engagement; people on duty and deputies by lower-case address."""

    members: tuple[Person, ...] = ()
    managers: tuple[Person, ...] = ()
    on_duty: frozenset[str] = frozenset()
    #: Who stands in, by the address of the one on duty.
    deputies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One person who is told, why, how loudly, and who hears instead when no channel of theirs works."""

    person: Person
    rule: str
    way: str
    deputy: Person | None = None


def told(
    policy: rules.Policy,
    cast: Cast,
    *,
    stage: str,
    kind: str = "",
    severity: str,
    lane: str,
    owner_name: str = "",
    is_internal: bool = False,
) -> tuple[list[Told], bool]:
    """Who is told, each person once, and whether the engagement's hooks are.

    What happens inside AWS (`is_internal`) is told to AWS's people only, whatever the rules say (and by the
    caller to AWS's hooks only). A breach of which the rules tell nobody who is there goes to the TAM.
    """
    tokens = rules.tokens_for(policy, stage=stage, kind=kind, severity=severity, lane=lane)
    found: dict[int, Told] = {}
    for token, (way, _first) in tokens.items():
        for person in _meant(token, cast, owner_name):
            _add(found, person, token, way, cast)
    if not found and stage == rules.BREACH:
        for person in _meant(f"{rules.ROLE}{TAM}", cast, owner_name):
            _add(found, person, f"{rules.ROLE}{TAM}", rules.FIRST, cast)
    people = [one for one in found.values() if one.person.is_aws or not is_internal]
    if is_internal:
        people = [_without_outsider(one) for one in people]
    return people, rules.HOOKS in tokens


def _add(found: dict[int, Told], person: Person, token: str, way: str, cast: Cast) -> None:
    before = found.get(person.user_id)
    rule = before.rule if before else token
    way = rules.louder(before.way, way) if before else way
    found[person.user_id] = Told(person, rule, way, _deputy(person, cast))


def _meant(token: str, cast: Cast, owner_name: str) -> Iterable[Person]:
    if token == rules.MANAGER:
        return cast.managers
    if token.startswith(rules.ROLE):
        role = token.removeprefix(rules.ROLE)
        return [one for one in cast.members if one.role == role]
    if token.startswith(rules.USER):
        return [one for one in cast.members if str(one.user_id) == token.removeprefix(rules.USER)]
    if token == rules.DUTY:
        return [one for one in cast.members if one.email.lower() in cast.on_duty]
    if token == rules.DEPUTY:
        standing_in = set(cast.deputies.values())
        return [one for one in cast.members if one.email.lower() in standing_in]
    if token == rules.OWNER and owner_name:
        return [one for one in cast.members if one.name.casefold() == owner_name.casefold()]
    return []


def _deputy(person: Person, cast: Cast) -> Person | None:
    address = cast.deputies.get(person.email.lower())
    return next((one for one in cast.members if address and one.email.lower() == address), None)


def _without_outsider(one: Told) -> Told:
    keeps = one.deputy is None or one.deputy.is_aws
    return one if keeps else Told(one.person, one.rule, one.way)


def on_path(policy: rules.Policy, cast: Cast) -> list[Told]:
    """Everybody whom any rule means at any stage of anything, each once; owners are members anyway."""
    found: dict[int, Told] = {}
    for rule in policy.rules:
        for token in rule.who:
            for person in _meant(token, cast, ""):
                _add(found, person, token, rule.way, cast)
    return list(found.values())
