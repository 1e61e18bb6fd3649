"""The signs of talk on cells: comments, open items, and AWS's own notes for those who may see them."""

from __future__ import annotations

from django.db.models import CharField, Count, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.models import Note, OpenItem, Thread
from workbook.signs import Mark, Source
from workbook.talk import questions

COMMENT, ITEM, NOTE = "talk", "item", "note"


def of_section(
    engagement: Engagement, section: Section, sees_internal: bool
) -> list[tuple[tuple[int, str], Mark]]:
    """The marks of a section, a place may have several. One query: three parts of one UNION."""
    parts = [_comments(engagement, section), _items(engagement, section)]
    if sees_internal:
        parts.append(_notes(engagement, section))
    found = parts[0].union(*parts[1:], all=True)
    return [((row, field), _mark(kind, count)) for kind, row, field, count in found]


def _of_kind(kind: str, rows):
    counted = rows.order_by().values("row_id", "field").annotate(count=Count("pk"))
    return counted.annotate(kind=Value(kind, CharField())).values_list("kind", "row_id", "field", "count")


def _comments(engagement: Engagement, section: Section):
    talks = Thread.objects.filter(engagement=engagement, section=section.key, row__isnull=False)
    counted = talks.filter(resolved_at=None).order_by().values("row_id", "field")
    counted = counted.annotate(
        kind=Value(COMMENT, CharField()), count=Count("comments", filter=Q(comments__deleted_at=None))
    )
    return counted.values_list("kind", "row_id", "field", "count")


def _items(engagement: Engagement, section: Section):
    return _of_kind(ITEM, questions.still_open(engagement).filter(section=section.key))


def _notes(engagement: Engagement, section: Section):
    notes = Note.objects.filter(engagement=engagement, section=section.key, row__isnull=False)
    return _of_kind(NOTE, notes.filter(deleted_at=None))


def _mark(kind: str, count: int) -> Mark:
    if kind == COMMENT:
        words = ngettext("%(count)s comment", "%(count)s comments", count)
        return Mark(COMMENT, "message", words % {"count": count})
    if kind == ITEM:
        return Mark(ITEM, "help", _("Open item"))
    words = ngettext("%(count)s AWS-only note", "%(count)s AWS-only notes", count)
    return Mark(NOTE, "lock", words % {"count": count})


SOURCE = Source(of_section, (Thread, OpenItem, Note))
