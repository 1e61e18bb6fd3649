"""Answers that the engagement itself already knows: shown in the workbook, kept at their home."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook.catalogue import FixedRow, Table


def stored(value) -> Any:
    """A value of the engagement in the shape in which cells keep values; None for nothing."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return None if value == "" else value


def of_form(engagement: Engagement, table: Table) -> dict[str, Any]:
    """The bound answers of a form, by field key."""
    return {field.key: stored(getattr(engagement, field.bound)) for field in table.fields if field.bound}


def of_fixed_row(engagement: Engagement, row: FixedRow) -> dict[str, Any]:
    """The bound and given answers of a fixed row, by field key; words in the active language."""
    given = {key: pick(value) for key, value in row.values.items()}
    return given | {key: stored(getattr(engagement, name)) for key, name in row.bound.items()}


def of_criteria(criteria: list, table: Table) -> list[dict[str, Any]]:
    """The answers of each success criterion, by field key."""
    return [{field.key: stored(getattr(row, field.bound)) for field in table.fields} for row in criteria]
