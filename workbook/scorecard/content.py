"""The whole workbook as plain data: what a freeze keeps, and what a diff compares."""

from __future__ import annotations

from collections import defaultdict

from engagements.models import Engagement, SuccessCriterion
from workbook import bound
from workbook.catalogue import FORM, PANEL, Section, Table
from workbook.models import Cell
from workbook.readiness import CRITERIA, Outline

EDITION = 1
#: The type of a field whose value leaves the workbook for no file and no mail.
SECRET = "secret"  # noqa: S105  (the name of a type)


def content_of(engagement: Engagement, outline: Outline) -> dict:
    """Every value of the live workbook with version, writer and time, and what the engagement itself answers.

    Two queries, however many cells.
    """
    sections = outline.sections
    cells = _cells(engagement, {key for section in sections for key in _secrets(section)})
    rows = [
        row
        for section in sections
        for table in section.tables
        for row in _rows(engagement, section, table, outline.rows_of.get((section.key, table.key), []), cells)
    ]
    return {
        "edition": EDITION,
        "sections": [{"key": section.key, "version": section.version} for section in sections],
        "rows": rows,
    }


def _secrets(section: Section) -> set[str]:
    return {field.key for table in section.tables for field in table.fields if field.type == SECRET}


def _cells(engagement: Engagement, secrets: set[str]) -> dict[int, dict[str, list]]:
    found: dict[int, dict[str, list]] = defaultdict(dict)
    cells = Cell.objects.filter(row__engagement=engagement, row__deleted_at=None).order_by()
    for row, field, value, version, by, at in cells.values_list(
        "row_id", "field", "value", "version", "updated_by_name", "updated_at"
    ):
        # A secret is kept as its version: one sees that it changed, never what it was.
        kept = f"v{version}" if field in secrets and value is not None else value
        found[row][field] = [kept, version, by, at.isoformat(timespec="seconds")]
    return found


def _rows(engagement: Engagement, section: Section, table: Table, pairs, cells: dict) -> list[dict]:
    if table.kind == PANEL:
        return _criteria(engagement, section, table) if table.home == CRITERIA else []
    made = {key: pk for pk, key in pairs if key}
    places = [(made.get(key), key) for key in table.keys_for(engagement.event_type)]
    places += [(pk, "") for pk, key in pairs if not key]
    return [
        {
            "section": section.key,
            "table": table.key,
            "row": key or str(pk),
            "cells": _known(engagement, table, key) | cells.get(pk, {}),
        }
        for pk, key in places
    ]


def _known(engagement: Engagement, table: Table, key: str) -> dict[str, list]:
    """What the engagement itself answers in this row: without version, writer and time."""
    if table.kind == FORM:
        return _plain(bound.of_form(engagement, table))
    fixed = table.fixed_row(key) if key else None
    names = fixed.bound if fixed else {}
    return _plain({field: bound.stored(getattr(engagement, name)) for field, name in names.items()})


def _criteria(engagement: Engagement, section: Section, table: Table) -> list[dict]:
    criteria = list(SuccessCriterion.objects.filter(engagement=engagement, removed_at=None))
    answers = bound.of_criteria(criteria, table)
    return [
        {"section": section.key, "table": table.key, "row": f"c{one.pk}", "cells": _plain(values)}
        for one, values in zip(criteria, answers, strict=True)
    ]


def _plain(values: dict) -> dict[str, list]:
    return {field: [value, 0, "", ""] for field, value in values.items() if value is not None}
