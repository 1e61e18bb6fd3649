"""What becomes of an edit when the cell may have changed since? One rule for every way in. Standard library only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workbook.merge import merge


class Kind(StrEnum):
    """The five ends of an edit."""

    SAME = "same"
    WRITE = "write"
    MERGE = "merge"
    THEIRS = "theirs"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Verdict:
    """What to do, and the value the cell should hold; of a conflict, the writer's. ``base`` is what both began with."""

    kind: Kind
    value: Any
    base: Any = None

    @property
    def is_write(self) -> bool:
        """Whether something has to be written."""
        return self.kind in {Kind.WRITE, Kind.MERGE}


def decide(
    *, mine, theirs, version: int, base_version: int | None, base: Callable[[], Any], merges: bool
) -> Verdict:
    """The same value agrees; the seen version is written; else it depends on who changed what since.

    ``theirs`` and ``version`` are the cell as it is, ``base_version`` what the writer saw (None: whatever is
    there now), ``base()`` the value of that version, looked up only when it is needed.
    """
    if theirs == mine:
        return Verdict(Kind.SAME, theirs)
    if base_version is None or version == base_version:
        return Verdict(Kind.WRITE, mine)
    began = base()
    if began == mine:
        return Verdict(Kind.THEIRS, theirs, began)
    if began == theirs:
        return Verdict(Kind.WRITE, mine, began)
    both = merge(began or "", mine or "", theirs or "") if merges else None
    if not both:
        return Verdict(Kind.CONFLICT, mine, began)
    return Verdict(Kind.THEIRS if both == theirs else Kind.MERGE, both, began)
