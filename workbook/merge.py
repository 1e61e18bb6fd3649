"""Can two people's edits of one long text both stand? A three-way merge by sentences. Standard library only."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# A sentence with the space after it, or what is left at the end: edits to different
# sentences stand side by side, edits inside one sentence are for people to settle.
_PIECE = re.compile(r"[^.!?\n]*(?:[.!?]+[ \t]*|\n+)|[^.!?\n]+$")

Edit = tuple[int, int, tuple[str, ...]]


def pieces(text: str) -> list[str]:
    """The text cut into sentences and lines; joined again they give the same text."""
    return _PIECE.findall(text)


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Both edits of ``base`` in one text, or None when they touch the same place.

    An edit that both made is taken once. Texts are compared sentence by sentence.
    """
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    old = pieces(base)
    both = _combined(_edits(old, pieces(mine)), _edits(old, pieces(theirs)))
    return None if both is None else "".join(_applied(old, both))


def parts(base: str, text: str) -> list[tuple[str, str]]:
    """A text beside what it was, by sentences: ("same" | "del" | "ins", piece) in reading order."""
    old, new = pieces(base), pieces(text)
    found: list[tuple[str, str]] = []
    done = 0
    for start, end, replacement in _edits(old, new):
        found += [("same", piece) for piece in old[done:start]]
        found += [("del", piece) for piece in old[start:end]]
        found += [("ins", piece) for piece in replacement]
        done = end
    return found + [("same", piece) for piece in old[done:]]


def both(base: str, mine: str, theirs: str) -> str:
    """One text with every edit of both; where they meet, theirs stands first and mine after it. Nothing is dropped."""
    old, yours = pieces(base), pieces(theirs)
    lost = [piece for piece in pieces(mine) if piece not in old and piece not in yours]
    joined = "".join(yours)
    if lost and joined and not joined[-1].isspace():
        joined += " "
    return joined + "".join(lost)


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    """What was replaced: start and end in ``old``, and the pieces that stand there now."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (start, end, tuple(new[new_start:new_end]))
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    ]


def _combined(mine: list[Edit], theirs: list[Edit]) -> list[Edit] | None:
    """Both lists in order, or None when an edit of one meets an edit of the other."""
    for edit in mine:
        for other in theirs:
            if edit != other and _meet(edit, other):
                return None
    return sorted(set(mine) | set(theirs))


def _meet(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap, or one inserts at the edge of the other (their order would be a guess)."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    is_insertion = one[0] == one[1] or other[0] == other[1]
    return start <= end if is_insertion else start < end


def _applied(old: list[str], edits: list[Edit]) -> list[str]:
    new: list[str] = []
    done = 0
    for start, end, replacement in edits:
        new += [*old[done:start], *replacement]
        done = end
    return new + old[done:]
