"""Answers that the engagement itself already knows: shown in the workbook, kept at their home."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from engagements.models import Engagement, Phase
from iem_portal.templatetags.portal import pick
from workbook.catalogue import FixedRow, Table

#: Nobody has written about an event that has not begun: nothing is looked up then.
BEFORE_THE_EVENT = frozenset({Phase.INITIATE, Phase.PLAN})


def stored(value) -> Any:
    """A value of the engagement in the shape in which cells keep values; None for nothing."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return None if value == "" else value


def of_form(engagement: Engagement, table: Table) -> dict[str, Any]:
    """The bound answers of a form, by field key.

    No query, or one for each part that is bound and was not loaded (see :func:`load`).
    """
    return {field.key: stored(_answer(engagement, field.bound)) for field in table.fields if field.bound}


def _answer(engagement: Engagement, name: str):
    """What the engagement, or a part of it ("report.summary"), says; None for a part that is not there yet."""
    part, dot, attribute = name.partition(".")
    if not dot:
        return getattr(engagement, part)
    if engagement.phase in BEFORE_THE_EVENT:
        return None
    return getattr(getattr(engagement, part, None), attribute, None)


def load(engagements: Iterable[Engagement], tables: Iterable[Table]) -> None:
    """Load the parts of many engagements that these tables are bound to. One query a part, none before an event."""
    begun = [engagement for engagement in engagements if engagement.phase not in BEFORE_THE_EVENT]
    names = {field.bound for table in tables for field in table.fields if "." in field.bound}
    prefetch_related_objects(begun, *sorted({name.partition(".")[0] for name in names}))


def of_fixed_row(engagement: Engagement, row: FixedRow) -> dict[str, Any]:
    """The bound and given answers of a fixed row, by field key; words in the active language."""
    given = {key: pick(value) for key, value in row.values.items()}
    return given | {key: stored(getattr(engagement, name)) for key, name in row.bound.items()}


def of_criteria(criteria: list, table: Table) -> list[dict[str, Any]]:
    """The answers of each success criterion, by field key."""
    return [{field.key: stored(getattr(row, field.bound)) for field in table.fields} for row in criteria]
