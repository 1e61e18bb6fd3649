"""The sign on a cell or a row that has files."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import ngettext

from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.models import Attachment
from workbook.signs import Mark, Source


def of_section(
    engagement: Engagement, section: Section, sees_internal: bool
) -> list[tuple[tuple[int, str], Mark]]:
    """The marks of a section. One query; files are no secret of either side."""
    live = Attachment.objects.filter(engagement=engagement, section=section.key, removed_at=None)
    counted = live.order_by().values_list("row_id", "field").annotate(count=Count("pk"))
    return [((row, field), Mark("file", "paperclip", _words(number))) for row, field, number in counted]


def _words(number: int) -> str:
    return ngettext("%(count)s file", "%(count)s files", number) % {"count": number}


SOURCE = Source(of_section, (Attachment,))
