"""Stars and corrections of the timeline's entries, as the timeline, the board and the report read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects

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

    def joined(self, entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
        """The entries with their last star and their last correction."""
        marks = EntryMark.objects.filter(entry=OuterRef("pk")).order_by("-number")
        texts, stars = marks.filter(kind=TEXT), marks.exclude(kind=TEXT)
        return entries.annotate(
            mark_text=Subquery(texts.values("text")[:1]),
            mark_by=Subquery(texts.values("by_name")[:1]),
            mark_star=Subquery(stars.values("kind")[:1]),
        )

    def of(self, entries: list[TimelineEntry]) -> dict[int, Margin]:
        """What they were read with; for those that were not, one query."""
        bare = [entry for entry in entries if "mark_text" not in entry.__dict__]
        if bare:
            prefetch_related_objects(bare, "marks")
        found = {entry.pk: folded(entry.marks.all()) for entry in bare}
        found |= {
            entry.pk: Margin(entry.mark_star == STAR, entry.mark_text or "", shown(entry.mark_by or ""))
            for entry in entries
            if entry.pk not in found and (entry.mark_text or entry.mark_star)
        }
        return found


def folded(marks: Iterable[EntryMark]) -> Margin:
    """What the marks of one entry, oldest first, amount to."""
    is_starred, text, by = False, "", ""
    for mark in marks:
        if mark.kind == TEXT:
            text, by = mark.text, shown(mark.by_name)
        else:
            is_starred = mark.kind == STAR
    return Margin(is_starred, text, by)
