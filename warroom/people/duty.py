"""Who is on duty now and who comes next, role by role? Pure: standard library only, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

#: A roll call also expects those whose shift begins within this time.
SOON = timedelta(minutes=60)


class Shift(Protocol):
    """The part of a shift that is asked for here; instants are aware, None is open."""

    name: str
    role: str
    org: str
    starts_at: datetime | None
    ends_at: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether it runs at this instant."""


@dataclass(frozen=True)
class Post:
    """One role: who holds it now, and who is next to come."""

    role: str
    now: tuple
    next: tuple = ()


def posts(shifts: Iterable[Shift], at: datetime) -> list[Post]:
    """Every role of the roster in its order, with its present people and those of its next shift."""
    by_role: dict[str, list[Shift]] = {}
    for shift in shifts:
        by_role.setdefault(shift.role, []).append(shift)
    return [_post(role, rows, at) for role, rows in by_role.items()]


def _post(role: str, rows: list[Shift], at: datetime) -> Post:
    present = tuple(shift for shift in rows if shift.covers(at))
    coming = [shift for shift in rows if shift.starts_at is not None and shift.starts_at > at]
    first = min((shift.starts_at for shift in coming), default=None)
    return Post(role, present, tuple(shift for shift in coming if shift.starts_at == first))


def expected(shifts: Iterable[Shift], at: datetime) -> list[Shift]:
    """Whom a roll call at this instant waits for: who is on duty, and whose shift begins soon. Each name once."""
    found = {}
    for shift in shifts:
        begins_soon = shift.starts_at is not None and at < shift.starts_at <= at + SOON
        if shift.covers(at) or begins_soon:
            found.setdefault(shift.name.casefold(), shift)
    return list(found.values())


def beginnings(shifts: Iterable[Shift], at: datetime, until: datetime) -> list[datetime]:
    """When shifts begin after `at` and no later than `until`, each instant once, the soonest first."""
    return sorted({shift.starts_at for shift in shifts if shift.starts_at and at < shift.starts_at <= until})


def next_change(shifts: Iterable[Shift], at: datetime) -> datetime | None:
    """When the next shift begins or ends; None when nothing changes any more."""
    instants = [one for shift in shifts for one in (shift.starts_at, shift.ends_at) if one and one > at]
    return min(instants, default=None)
