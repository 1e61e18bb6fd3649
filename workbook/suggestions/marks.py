"""The sign on a cell for which something is suggested."""

from __future__ import annotations

from django.db.models import Count
from django.utils.translation import ngettext

from engagements.models import Engagement
from workbook.catalogue import Section
from workbook.models import Suggestion
from workbook.signs import Mark, Source


def of_section(
    engagement: Engagement, section: Section, sees_internal: bool
) -> list[tuple[tuple[int, str], Mark]]:
    """The marks of a section. One query; suggestions are no secret of either side."""
    live = Suggestion.objects.filter(
        engagement=engagement, section=section.key, state=Suggestion.State.OPEN, row__isnull=False
    )
    counted = live.order_by().values_list("row_id", "field").annotate(count=Count("pk"))
    return [
        ((row, field), Mark("suggestion", "corner-down-right", _words(number)))
        for row, field, number in counted
    ]


def _words(number: int) -> str:
    return ngettext("%(count)s suggestion", "%(count)s suggestions", number) % {"count": number}


SOURCE = Source(of_section, (Suggestion,))
