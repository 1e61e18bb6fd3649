"""What a file wants of the workbook: edits by table, rows that are gone from it, and cells that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from workbook.edits import Edit
from workbook.exchange.safezip import Unreadable

#: More edits are no offline edit of a planning workbook any more.
MAX_EDITS = 20_000


@dataclass(frozen=True)
class Wish:
    """One cell that the file changes: where it stands in the file, and the text found there."""

    number: int
    field: str
    text: str
    row: str | None
    new_row: str = ""
    base: int | None = None
    at: str = ""
    #: The code of why the cell cannot be read at all.
    problem: str = ""

    def edit(self, made: dict[str, int]) -> Edit:
        """The edit of this wish; a new row that was made already is that row now."""
        row = self.row if self.row is not None else made.get(self.new_row)
        return Edit(
            field=self.field,
            value=self.text,
            row=row,
            new_row="" if row is not None else self.new_row,
            base_version=self.base if row is not None else None,
        )


@dataclass
class Part:
    """The wishes for one table, and the rows of it that the file had once and has no more."""

    section: str
    table: str
    sheet: str
    wishes: list[Wish] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Section and table in one word."""
        return f"{self.section}/{self.table}"


@dataclass
class Parsed:
    """Everything that a file says."""

    parts: list[Part] = field(default_factory=list)
    notices: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    untouched: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the file changes nothing."""
        return not any(part.wishes or part.missing for part in self.parts)

    def check_size(self) -> None:
        """Raise Unreadable when the file changes more than anybody can review."""
        if sum(len(part.wishes) for part in self.parts) > MAX_EDITS:
            raise Unreadable("too_many")

    def content(self) -> dict:
        """The parts as they are kept with the import."""
        return {"parts": [_packed(part) for part in self.parts if part.wishes or part.missing]}


_SHORT = {
    "number": "n",
    "field": "f",
    "text": "v",
    "row": "r",
    "new_row": "w",
    "base": "b",
    "at": "a",
    "problem": "p",
}
_LONG = {short: name for name, short in _SHORT.items()}


def _packed(part: Part) -> dict:
    wishes = [
        {_SHORT[name]: value for name, value in asdict(wish).items() if value not in ("", None)}
        for wish in part.wishes
    ]
    kept = {"section": part.section, "table": part.table, "sheet": part.sheet}
    return kept | {"wishes": wishes, "missing": part.missing}


def parts_of(content: dict) -> list[Part]:
    """The parts of a kept import."""
    return [_unpacked(each) for each in content.get("parts", [])]


def _unpacked(each: dict) -> Part:
    blank = {"text": "", "row": None}
    wishes = [
        Wish(**blank | {_LONG[short]: value for short, value in wish.items()}) for wish in each["wishes"]
    ]
    return Part(each["section"], each["table"], each["sheet"], wishes, each["missing"])


def numbered(parts: Iterable[Part]) -> None:
    """Give every wish of a file its own number, by which it is ticked and remembered."""
    count = 0
    for part in parts:
        for place, wish in enumerate(part.wishes):
            count += 1
            part.wishes[place] = Wish(**asdict(wish) | {"number": count})
