"""Who is told at which stage of which clock, and when is a breach told again?

Pure: standard library only, no current time. Instants are aware UTC, spans are minutes. A policy is a list of
rules (who hears of a stage) and of terms (how often a breach is told again, how long an acknowledgement holds).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

OPENED, CHANGED, WARN_50, WARN_80, BREACH, AGAIN = "opened", "changed", "warn50", "warn80", "breach", "again"
STAGES = (OPENED, CHANGED, WARN_50, WARN_80, BREACH, AGAIN)
# Told to whoever hears of an opening: rules that are stored speak of no such stage.
REOPENED = "reopened"
# How somebody is told, from quiet to loud: by mail only, by their first channel, by every channel they have.
MAIL, FIRST, EVERY = "mail", "first", "every"
WAYS = (MAIL, FIRST, EVERY)
ANY, ALL, ROLES = "any", "all", "roles"
NEEDS = (ANY, ALL, ROLES)
DUTY, DEPUTY, OWNER, HOOKS, ROLE, USER = "duty", "deputy", "owner", "hooks", "role:", "user:"
# Who bears a role over the whole portal is in no list of members.
MANAGER = "role:manager"
LOUDEST_CLASS_MIN = 15
LONGEST_MIN, MOST_TIMES = 10_080, 24


@dataclass(frozen=True, slots=True)
class Scope:
    """Which clocks, severities and lanes a line of the policy speaks of; an empty set means every one."""

    kinds: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    lanes: frozenset[str] = frozenset()

    def covers(self, *, kind: str, severity: str, lane: str) -> bool:
        """Does it speak of this clock? An escalation as a whole has no kind, which every set of kinds covers."""
        return (
            (not self.kinds or not kind or kind in self.kinds)
            and (not self.severities or severity in self.severities)
            and (not self.lanes or lane in self.lanes)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """At this stage these are told; of repeats, from the `since`-th on."""

    stage: str
    scope: Scope
    who: tuple[str, ...]
    way: str = MAIL
    since: int = 1


@dataclass(frozen=True, slots=True)
class Term:
    """How a breach goes on (every `again_min`, `again_times` in all), and what an acknowledgement is worth."""

    scope: Scope
    again_min: int = 0
    again_times: int = 0
    ack_min: int = 30
    needs: str = ANY
    # "22:00-07:00" in the receiver's own zone, or empty.
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """All lines that hold together; of terms the first that covers a clock counts."""

    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]


def _scope(row: Mapping) -> Scope:
    return Scope(*(frozenset(row.get(name) or ()) for name in ("kinds", "severities", "lanes")))


def policy_of(body: Mapping) -> Policy:
    """A stored policy; whoever stored it has checked it."""
    rules = tuple(
        Rule(row["stage"], _scope(row), tuple(row["who"]), row.get("way", MAIL), row.get("since", 1))
        for row in body.get("rules", ())
    )
    return Policy(rules, tuple(map(term_of, body.get("terms", ()))))


def term_of(row: Mapping) -> Term:
    """One stored term."""
    names = ("again_min", "again_times", "ack_min", "needs", "quiet")
    return Term(_scope(row), **{name: row[name] for name in names if name in row})


def term_for(terms: Iterable[Term], *, kind: str, severity: str, lane: str) -> Term | None:
    """The first term that covers this clock, or None."""
    return next((term for term in terms if term.scope.covers(kind=kind, severity=severity, lane=lane)), None)


def split(stage: str) -> tuple[str, int]:
    """The stage and, of a repeat, its number: "again3" is ("again", 3)."""
    number = stage.removeprefix(AGAIN)
    return (AGAIN, int(number)) if number != stage and number.isdecimal() else (stage, 0)


def next_again(
    policy_ladder: Mapping, *, kind: str, severity: str, lane: str, stage: str, due_at: datetime
) -> tuple[str, datetime] | None:
    """The stage ("again1", "again2", …) and instant that follow this one, or None when nothing is repeated.

    `policy_ladder` is what was copied onto the escalation at its opening.
    """
    base, number = split(stage)
    if base not in (BREACH, AGAIN):
        return None
    terms = map(term_of, policy_ladder.get("terms", ()))
    term = term_for(terms, kind=kind, severity=severity, lane=lane)
    if term is None or not term.again_min or number >= term.again_times:
        return None
    return f"{AGAIN}{number + 1}", due_at + timedelta(minutes=term.again_min)


def tokens_for(
    policy: Policy, *, stage: str, kind: str = "", severity: str, lane: str
) -> dict[str, tuple[str, int]]:
    """Who is told ("role:tam", "duty", …): the loudest way of the rules that name them, and the first one's number."""
    base, number = split(stage)
    told: dict[str, tuple[str, int]] = {}
    for index, rule in enumerate(policy.rules):
        if rule.stage != base or number < (rule.since if base == AGAIN else 0):
            continue
        if not rule.scope.covers(kind=kind, severity=severity, lane=lane):
            continue
        for token in rule.who:
            way, first = told.get(token, (MAIL, index))
            told[token] = louder(way, rule.way), first
    return told


def louder(one: str, other: str) -> str:
    """The louder of two ways."""
    return max(one, other, key=WAYS.index)


def is_loud_class(severity: str, target_min: int | None) -> bool:
    """The 15-minute class: nothing of it is ever quiet, muted or snoozed."""
    return severity == "critical" or (target_min is not None and target_min <= LOUDEST_CLASS_MIN)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who was paged, or who acknowledged: then with the end of what they promised."""

    user_id: int
    role: str
    until: datetime | None = None


def held_until(
    needs: str, told: Iterable[Answerer], acks: Iterable[Answerer], at: datetime
) -> datetime | None:
    """Until when nobody needs to be paged, given who was told and who acknowledged; None while somebody does.

    Any one suffices, or everybody who was told, or one of each role that was told. It ends with the first
    acknowledgement without which too few are left.
    """
    alive = [ack for ack in acks if ack.until is not None and ack.until > at]
    if not alive:
        return None
    if needs == ANY:
        return max(ack.until for ack in alive)
    key = "role" if needs == ROLES else "user_id"
    latest: dict = {}
    for ack in alive:
        latest[getattr(ack, key)] = max(ack.until, latest.get(getattr(ack, key), ack.until))
    wanted = {getattr(one, key) for one in told}
    if not wanted:
        return max(latest.values())
    return min(latest[one] for one in wanted) if wanted <= set(latest) else None


def way_while_held(stage: str, way: str) -> str | None:
    """How a stage is told while somebody has it: a breach is news and goes out by mail, the rest to nobody."""
    base, _number = split(stage)
    if base in (WARN_50, WARN_80, AGAIN):
        return None
    return MAIL if base == BREACH else way


@lru_cache(maxsize=64)
def quiet_hours(text: str) -> tuple[int, int] | None:
    """ "22:00-07:00" as minutes of the day, or None when it is empty. Raises ValueError when it is neither."""
    if not text:
        return None
    since, to = (_minute(part) for part in text.split("-"))
    if since == to:
        raise ValueError(text)
    return since, to


def _minute(text: str) -> int:
    hour, minute = text.strip().split(":")
    if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
        raise ValueError(text)
    return int(hour) * 60 + int(minute)


def quiet_until(text: str, local: datetime) -> datetime | None:
    """When the quiet hours end in which this local time (aware, the receiver's zone) lies, or None outside them.

    The end is the wall clock's: a night in which the clocks change is shorter or longer by as much.
    """
    hours = quiet_hours(text)
    if hours is None:
        return None
    since, to = hours
    minute = local.hour * 60 + local.minute
    is_quiet = since <= minute < to if since < to else minute >= since or minute < to
    if not is_quiet:
        return None
    days = 1 if since > to and minute >= since else 0
    day = local + timedelta(days=days)
    return day.replace(hour=to // 60, minute=to % 60, second=0, microsecond=0, fold=0)
