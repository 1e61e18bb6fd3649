"""What changed between two contents of a workbook. Standard library only.

A content is plain data: ``{"edition", "sections": [{"key", "version"}], "rows": [{"section", "table", "row",
"cells": {field: [value, version, by, at]}}]}``; an emptied cell is kept with the value None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CELL, ROW_ADDED, ROW_DELETED, SECTION = "cell", "row_added", "row_deleted", "section"
#: Section, table and row.
Key = tuple[str, str, str]
_EMPTY = [None, 0, "", ""]


@dataclass(frozen=True)
class Change:
    """One difference; ``before`` and ``after`` are cells as kept, or the versions of a section."""

    kind: str
    section: str
    table: str = ""
    row: str = ""
    field: str = ""
    before: Any = None
    after: Any = None

    @property
    def key(self) -> Key:
        """Which row it is about."""
        return self.section, self.table, self.row

    @property
    def by(self) -> str:
        """Who wrote the newer value; nobody is known for what was emptied with its row."""
        return self.after[2] if self.kind == CELL and self.after else ""

    @property
    def at(self) -> str:
        """When the newer value was written: ISO, UTC."""
        return self.after[3] if self.kind == CELL and self.after else ""


def rows_of(content: dict) -> dict[Key, dict[str, list]]:
    """The cells of every row by section, table and row."""
    return {(row["section"], row["table"], row["row"]): row["cells"] for row in content["rows"]}


def values_of(content: dict) -> dict[Key, dict[str, Any]]:
    """The filled values alone: two contents are the same when these are."""
    return {
        key: {field: cell[0] for field, cell in cells.items() if cell[0] is not None}
        for key, cells in rows_of(content).items()
    }


def diff(before: dict, after: dict) -> list[Change]:
    """What leads from one content to the other, in the order of the newer one; deleted rows come last."""
    old, new = rows_of(before), rows_of(after)
    changes = _versions(before, after)
    for key, cells in new.items():
        if key not in old:
            changes.append(Change(ROW_ADDED, *key))
        changes += _cells(key, old.get(key, {}), cells)
    for key, cells in old.items():
        if key not in new:
            changes.append(Change(ROW_DELETED, *key))
            changes += _cells(key, cells, {})
    return changes


def _versions(before: dict, after: dict) -> list[Change]:
    old = {section["key"]: section["version"] for section in before["sections"]}
    new = {section["key"]: section["version"] for section in after["sections"]}
    return [
        Change(SECTION, key, before=old.get(key), after=new.get(key))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key) != new.get(key)
    ]


def _cells(key: Key, old: dict[str, list], new: dict[str, list]) -> list[Change]:
    fields = [*new, *(field for field in old if field not in new)]
    pairs = ((field, old.get(field, _EMPTY), new.get(field, _EMPTY)) for field in fields)
    return [
        Change(CELL, *key, field, before, after) for field, before, after in pairs if before[0] != after[0]
    ]


def apply(content: dict, changes: list[Change]) -> dict:
    """The content after the changes: ``apply(a, diff(a, b))`` has the values of ``b``."""
    sections = {section["key"]: section["version"] for section in content["sections"]}
    rows = {key: dict(cells) for key, cells in rows_of(content).items()}
    for change in changes:
        if change.kind == SECTION:
            sections[change.section] = change.after
        elif change.kind == ROW_ADDED:
            rows[change.key] = {}
        elif change.kind == CELL:
            rows[change.key][change.field] = change.after
    for change in changes:
        if change.kind == ROW_DELETED:
            del rows[change.key]
    return {
        "edition": content["edition"],
        "sections": [
            {"key": key, "version": version} for key, version in sections.items() if version is not None
        ],
        "rows": [
            {"section": section, "table": table, "row": row, "cells": cells}
            for (section, table, row), cells in rows.items()
        ],
    }
