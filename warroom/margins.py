"""Stars and corrections of the timeline's entries, as the timeline, the board and the report read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from engagements.margins import Margin
from engagements.models import TimelineEntry
from iem_portal.accounts.actors import shown
from iem_portal.registry import margins
from warroom.models import EntryMark

TEXT, STAR = EntryMark.Kind.TEXT, EntryMark.Kind.STAR


@margins.register
class Marks:
    """The marks of people: the last star or its end counts, and the last correction."""

    key = "warroom"

    def of(self, entries: list[TimelineEntry]) -> dict[int, Margin]:
        """One query for all of them, or none when they brought their marks along."""
        prefetch_related_objects(entries, "marks")
        return {entry.pk: folded(entry.marks.all()) for entry in entries if entry.marks.all()}


def folded(marks: Iterable[EntryMark]) -> Margin:
    """What the marks of one entry, oldest first, amount to."""
    is_starred, text, by = False, "", ""
    for mark in marks:
        if mark.kind == TEXT:
            text, by = mark.text, shown(mark.by_name)
        else:
            is_starred = mark.kind == STAR
    return Margin(is_starred, text, by)
