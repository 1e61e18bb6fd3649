"""What hangs on a cell besides its value: comments, suggestions, exemptions, files; every source in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

from engagements.models import Engagement
from workbook import hanging
from workbook.catalogue import Section
from workbook.signs import Mark, Place, Source, draw
from workbook.suggestions import marks as suggestions
from workbook.talk import marks as talk

__all__ = ["Mark", "Place", "draw", "hanging_on", "of_section"]

#: Every source signs up here, once: it names both how its marks are read and which lines they come from.
SOURCES: tuple[Source, ...] = (talk.SOURCE, suggestions.SOURCE, hanging.SOURCE)


def hanging_on(row: str) -> str:
    """SQL that is true when any line that could become a mark names this row: for most not, and then no source
    need be asked. ``row`` is an expression of ours."""
    tables = [
        connection.ops.quote_name(model._meta.db_table) for source in SOURCES for model in source.models
    ]
    each = [f"EXISTS (SELECT 1 FROM {table} WHERE row_id = {row})" for table in tables]  # noqa: S608
    return f"({' OR '.join(each)})"


def of_section(engagement: Engagement, section: Section, *, sees_internal: bool) -> dict[Place, list[Mark]]:
    """Every mark of a section that this reader may see. One query a source."""
    found: dict[Place, list[Mark]] = defaultdict(list)
    for source in SOURCES:
        marked = source.of_section(engagement, section, sees_internal)
        for place, mark in marked.items() if isinstance(marked, Mapping) else marked:
            found[place].append(mark)
    return found
