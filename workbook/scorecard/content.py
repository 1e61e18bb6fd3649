"""The whole workbook as plain data: what a freeze keeps, and what a diff compares."""

from __future__ import annotations

from collections import defaultdict

from engagements.models import Engagement, SuccessCriterion
from workbook import bound, editions
from workbook.catalogue import FORM, PANEL, Section, Table
from workbook.models import Cell
from workbook.publishing import loading
from workbook.readiness import CRITERIA, Outline

EDITION = 1
#: The type of a field whose value leaves the workbook for no file and no mail.
SECRET = "secret"  # noqa: S105  (the name of a type)


def content_of(engagement: Engagement, outline: Outline) -> dict:
    """Every value of the live workbook with version, writer and time, and what the engagement itself answers.

    Two queries, however many cells.
    """
    sections = outline.sections
    cells = _cells(engagement)
    rows = [row for section in sections for row in _section(engagement, section, outline, cells)]
    return {
        "edition": EDITION,
        "sections": [{"key": section.key, "version": section.version} for section in sections],
        "rows": rows,
    }


def _section(engagement: Engagement, section: Section, outline: Outline, cells: dict) -> list[dict]:
    """The rows of a section. A value that must not be read is kept as its version: one sees that it changed."""
    rows = [
        row
        for table in section.tables
        for row in _rows(engagement, section, table, outline.rows_of.get((section.key, table.key), []), cells)
    ]
    closed = _closed(engagement, section, {field for row in rows for field in row["cells"]})
    for row in rows:
        row["cells"] |= {
            field: [f"v{cell[1]}", *cell[1:]]
            for field, cell in row["cells"].items()
            if field in closed and cell[0] is not None
        }
    return rows


def _closed(engagement: Engagement, section: Section, filled: set[str]) -> set[str]:
    """Those of the fields whose values nobody reads in a freeze: secrets, also those that earlier versions of the
    section asked for, and what no version knows. One query at most, for answers that are no longer asked."""
    now = {field.key: field.type for table in section.tables for field in table.fields}
    closed = {key for key in filled if now.get(key) == SECRET}
    retired = filled - now.keys()
    if not retired:
        return closed
    older = loading.older(editions.frozen(engagement).template, section)
    fields = [field for each in older for table in each.tables for field in table.fields]
    was_secret, known = (
        {field.key for field in fields if field.type == SECRET},
        {field.key for field in fields},
    )
    return closed | (retired & was_secret) | (retired - known)


def _cells(engagement: Engagement) -> dict[int, dict[str, list]]:
    found: dict[int, dict[str, list]] = defaultdict(dict)
    cells = Cell.objects.filter(row__engagement=engagement, row__deleted_at=None).order_by()
    for row, field, value, version, by, at in cells.values_list(
        "row_id", "field", "value", "version", "updated_by_name", "updated_at"
    ):
        found[row][field] = [value, version, by, at.isoformat(timespec="seconds")]
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
