"""One wish to change a cell among many, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: What may become of an edit. "changed" and "merged" are written; "same" and "merged" may also mean that nothing
#: had to be; the others are not taken, and their message says why.
KINDS = ("changed", "same", "merged", "conflict", "invalid", "locked", "gone", "unknown")


@dataclass(frozen=True)
class Edit:
    """A new value (text as typed, or plain JSON) for one cell.

    ``row`` is a number or the key of a fixed row; None means a row to be added, the same one for all edits of
    one ``new_row``. ``base_version`` is what the writer saw (0: never filled), None whatever is there now.
    """

    field: str
    value: Any
    row: int | str | None
    new_row: str = ""
    base_version: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of an edit, or would; texts as people read them, ``version`` the cell's afterwards."""

    edit: Edit
    kind: str
    row_id: int | None = None
    version: int = 0
    shown_from: str = ""
    shown_to: str = ""
    message: str = ""
    theirs_by: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the wish is fulfilled: written now, or there already."""
        return self.kind in {"changed", "same", "merged"}
