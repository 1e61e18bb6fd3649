"""What a rule of the scorecard reads and answers. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import datetime
from decimal import Decimal

GREEN, YELLOW, RED, GREY = "GREEN", "YELLOW", "RED", "GREY"
#: From good to bad; grey says nothing either way.
RANK = {GREEN: 0, YELLOW: 1, RED: 2}


@dataclass(frozen=True)
class Place:
    """A cell: section, row (number or fixed key as text), field and what the row is called; no field is the row."""

    section: str
    row: str
    field: str = ""
    title: str = ""


@dataclass(frozen=True)
class Answer:
    """One row as the rules see it: its values by field, worked-out ones included."""

    section: str
    row: str
    title: str
    values: dict

    def get(self, field: str):
        """The value of a field, None when it is empty."""
        return self.values.get(field)

    def number(self, field: str) -> Decimal | None:
        """A number as a Decimal, None when it is empty."""
        value = self.values.get(field)
        return None if value is None or isinstance(value, bool) else Decimal(str(value))

    def instant(self, field: str) -> datetime | None:
        """A stored instant (UTC), None when it is empty."""
        value = self.values.get(field)
        return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None

    def at(self, field: str = "") -> Place:
        """Where the answer stands."""
        return Place(self.section, self.row, field, self.title)


@dataclass(frozen=True)
class Facts:
    """The answers of one engagement at one instant; ``tables`` holds rows by every field of their table."""

    tables: dict[str, tuple[Answer, ...]]
    now: datetime
    starts_at: datetime
    ends_at: datetime
    limits: dict

    def rows(self, field: str) -> tuple[Answer, ...]:
        """The rows of the table that has this field; none when the workbook does not ask it."""
        return self.tables.get(field, ())

    def answered(self, field: str) -> list[Answer]:
        """The rows in which this field is filled."""
        return [row for row in self.rows(field) if row.get(field) is not None]

    def is_within(self, limit: str) -> bool:
        """Whether T0 is at most as many days away as the threshold says."""
        return (self.starts_at - self.now).total_seconds() <= self.limits[limit] * 86400


@dataclass(frozen=True)
class Reason:
    """Why a line has at least this colour: a key of the words, their numbers, and the cells it rests on."""

    colour: str
    key: str
    places: tuple[Place, ...] = ()
    params: dict = default_of(default_factory=dict)

    def plain(self) -> dict:
        """The reason as data that outlives the rules; words are found by the key when it is read."""
        return {
            "colour": self.colour,
            "key": self.key,
            "params": self.params,
            "places": [[place.section, place.row, place.field, place.title] for place in self.places],
        }


@dataclass(frozen=True)
class Verdict:
    """The colour of a line with its reasons, the gravest first."""

    colour: str
    reasons: tuple[Reason, ...]


Rule = Callable[[Facts], Verdict]


def about(colour: str, key: str, rows: Iterable[Answer], field: str = "", **params) -> list[Reason]:
    """One reason for these rows, or none when there are none; ``count`` is how many."""
    places = tuple(row.at(field) for row in rows)
    return [Reason(colour, key, places, {"count": len(places)} | params)] if places else []


def settle(reasons: list[Reason], good: str, rows: Iterable[Answer] = ()) -> Verdict:
    """The gravest colour found; green with the ``good`` words when nothing speaks against it."""
    if not reasons:
        places = tuple(row.at() for row in rows)
        reasons = [Reason(GREEN, good, places, {"count": len(places)})]
    ordered = sorted(reasons, key=lambda reason: -RANK[reason.colour])
    return Verdict(ordered[0].colour, tuple(ordered))


def unknown(key: str) -> Verdict:
    """Nothing is answered, so nothing is said."""
    return Verdict(GREY, (Reason(GREY, key),))
