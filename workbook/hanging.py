"""The signs on cells that have files or do not apply: read together, for a section opens in twelve queries."""

from __future__ import annotations

from django.db.models import CharField, Count, IntegerField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.models import Attachment, NotApplicable
from workbook.signs import Mark, Place, Source

#: Nothing is asked of a cell with this kind of mark any more.
ACCEPTED = "na"
_ASKED, _FILE = "na-asked", "file"


def of_section(engagement: Engagement, section: Section, sees_internal: bool) -> list[tuple[Place, Mark]]:
    """The marks of a section. One query; they are no secret of either side."""
    files = Attachment.objects.filter(engagement=engagement, section=section.key, removed_at=None)
    standing = NotApplicable.objects.filter(engagement=engagement, section=section.key, ended_at=None)
    counted = _lines(files, _FILE, Count("pk"))
    accepted = _lines(standing.filter(accepted_at__isnull=False), ACCEPTED, Value(1))
    asked = _lines(standing.filter(accepted_at=None), _ASKED, Value(1))
    return [
        ((row, field), _mark(kind, number))
        for row, field, kind, number in counted.union(accepted, asked, all=True)
    ]


def _lines(found, kind: str, number):
    """Row, field, kind and how many."""
    named = found.order_by().annotate(kind=Value(kind, CharField())).values("row_id", "field", "kind")
    counted = named.annotate(number=Cast(number, IntegerField()))
    return counted.values_list("row_id", "field", "kind", "number")


def _mark(kind: str, number: int) -> Mark:
    if kind == ACCEPTED:
        return Mark(ACCEPTED, "s-skip", _("Does not apply"))
    if kind == _ASKED:
        return Mark(_ASKED, "help", _("Said not to apply, AWS decides"))
    return Mark(_FILE, "paperclip", ngettext("%(count)s file", "%(count)s files", number) % {"count": number})


SOURCE = Source(of_section, (Attachment, NotApplicable))
