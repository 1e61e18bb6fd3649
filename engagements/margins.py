"""What was written beside entries of the timeline, such as a star or a correction; by parts of other apps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from engagements.models import TimelineEntry
from iem_portal.registry import margins


@dataclass(frozen=True)
class Margin:
    """How an entry is read now: `text` takes the place of its own words, which are kept."""

    is_starred: bool = False
    text: str = ""
    corrected_by: str = ""


NOTHING = Margin()


def with_margins(entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
    """The same entries, read together with what was written beside them: `margins_of` then asks nothing."""
    for part in margins:
        entries = part.joined(entries)
    return entries


def margins_of(entries: Iterable[TimelineEntry]) -> dict[int, Margin]:
    """The margins of these entries by primary key; none where nothing was written.

    One query for all of them, and none when they were read with their margins.
    """
    rows = list(entries)
    found: dict[int, Margin] = {}
    for part in margins:
        found |= part.of(rows)
    return found
