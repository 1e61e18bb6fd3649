"""How full a section and the whole workbook are: required answers, filled ones, late ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import datetime
from functools import cached_property

from workbook.catalogue import Section
from workbook.due import Calendar
from workbook.words import who


@dataclass
class Tally:
    """Required answers: how many there should be, are, and how many of the missing ones are late."""

    required: int = 0
    filled: int = 0
    late: int = 0
    rows: int = 0
    #: Missing ones that are due only after T0, such as the analysis of the event.
    afterwards: int = 0

    @property
    def missing(self) -> int:
        """Required answers that are not there."""
        return self.required - self.filled

    @property
    def percent(self) -> int:
        """Whole percent, rounded down so that 100 means done; 100 when nothing is asked."""
        return self.filled * 100 // self.required if self.required else 100

    @property
    def missing_before_start(self) -> int:
        """Required answers that are not there and are due before the event."""
        return self.missing - self.afterwards

    def count(self, required: int, filled: int, *, days: int, calendar: Calendar, now: datetime) -> None:
        """Add answers of one field that is due ``days`` from T0."""
        self.required += required
        self.filled += filled
        if required > filled:
            self.late += required - filled if calendar.due_at(days) < now else 0
            self.afterwards += required - filled if days > 0 else 0

    def add(self, other: Tally) -> None:
        """Add another tally."""
        self.required += other.required
        self.filled += other.filled
        self.late += other.late
        self.afterwards += other.afterwards


@dataclass
class SectionProgress(Tally):
    """The tally of one section with what a list of sections shows."""

    section: Section = None
    due_at: datetime = None

    @property
    def state(self) -> str:
        """Status shape: ok, bad (late), run (begun) or todo."""
        if not self.missing:
            return "ok"
        if self.late:
            return "watch"
        return "run" if self.filled else "todo"

    @property
    def icon(self) -> str:
        """The sprite's name of the state's shape."""
        return f"s-{self.state}"

    @property
    def owner(self) -> str:
        """Who answers for the section."""
        return who([self.section.owner])


@dataclass(frozen=True)
class Outline:
    """What a workbook is made of: its sections, and the rows that exist."""

    sections: list[Section]
    #: Primary key and fixed key of every live row, in order, by section and table.
    rows_of: dict[tuple[str, str], list[tuple[int, str]]]

    @property
    def by_key(self) -> dict[str, Section]:
        """The sections by key."""
        return {section.key: section for section in self.sections}


@dataclass
class Progress(Tally):
    """The whole workbook of one engagement."""

    sections: list[SectionProgress] = default_of(default_factory=list)
    #: Reads the rows for whoever wants more than numbers: to count them, none of a long sheet's is needed.
    read_rows: Callable[[], dict] = default_of(default=dict, compare=False, repr=False)

    @cached_property
    def rows_of(self) -> dict[tuple[str, str], list[tuple[int, str]]]:
        """Primary key and fixed key of every live row, in order, by section and table. One query."""
        return self.read_rows()

    @property
    def outline(self) -> Outline:
        """Sections and rows without the counts."""
        return Outline([part.section for part in self.sections], self.rows_of)

    @property
    def done(self) -> int:
        """How many sections are complete."""
        return sum(not section.missing for section in self.sections)
