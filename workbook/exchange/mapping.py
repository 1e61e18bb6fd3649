"""Which heading of a foreign file means which field? A guess by likeness, for a person to confirm. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

#: From which likeness on a heading counts as the field's; found by trying spellings of people's workbooks.
ENOUGH = 0.82
#: How many rows at the top of a sheet may stand above its headings.
HEADING_DEPTH = 25


def normal(text: str) -> str:
    """A heading without case, width, brackets' content, signs and spaces: "Peak  need (vCPU) *" is "peakneed"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = re.sub(r"[(\[{].*?[)\]}]", " ", folded)
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", folded)


def likeness(one: str, other: str) -> float:
    """How alike two normalised headings are, from 0 to 1."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ENOUGH else 0.0


@dataclass(frozen=True)
class Match:
    """Field keys by column number (from 0), the row of the headings (from 0), and how well they fit in all."""

    heading_row: int
    fields: dict[int, str]
    score: float


def columns(headings: Sequence[str], names: Mapping[str, Iterable[str]]) -> tuple[dict[int, str], float]:
    """The best field of each heading, each field once, and the sum of likenesses.

    ``names`` are the normalised names of each field: its key and its words in every language.
    """
    found = []
    for place, heading in enumerate(headings):
        wanted = normal(heading)
        for key, words in names.items():
            score = max((likeness(wanted, word) for word in words), default=0.0)
            if score >= ENOUGH:
                found.append((score, -place, key))
    chosen: dict[int, str] = {}
    total = 0.0
    for score, place, key in sorted(found, reverse=True):
        if -place not in chosen and key not in chosen.values():
            chosen[-place] = key
            total += score
    return chosen, total


def best(rows: Sequence[Sequence[str]], names: Mapping[str, Iterable[str]]) -> Match:
    """The row among the first ones whose texts fit the fields best; the upper one of equals."""
    winner = Match(0, {}, 0.0)
    for number, row in enumerate(rows[:HEADING_DEPTH]):
        if sum(bool(text) for text in row) < 1:
            continue
        fields, score = columns(row, names)
        if score > winner.score:
            winner = Match(number, fields, score)
    return winner


def questions(rows: Sequence[Sequence[str]], names: Mapping[str, Iterable[str]]) -> Match:
    """For a form: the fields by the number of the row whose first or second text asks them."""
    asked = [next((text for text in row[:3] if text), "") for row in rows]
    fields, score = columns(asked, names)
    return Match(0, fields, score)
