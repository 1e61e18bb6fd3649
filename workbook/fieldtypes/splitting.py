"""Cuts a line of several answers at its commas, where an answer may itself hold a comma. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

#: How many commas one answer may hold and still be found among others.
COMMAS = 4


def pieces(text: str, find: Callable[[str], Any], limit: int) -> Iterator[tuple[str, Any]]:
    """The longest stretches between commas, semicolons or line ends that ``find`` knows, each with what it found.

    A stretch that is not known goes to the next comma, with None. At most ``limit`` pieces are looked at.
    """
    parts = [part for part in re.finditer(r"[^,;\n]+", text) if part[0].strip()][:limit]
    while parts:
        for size in range(min(COMMAS + 1, len(parts)), 0, -1):
            stretch = text[parts[0].start() : parts[size - 1].end()].strip()
            found = find(stretch)
            if found is not None or size == 1:
                yield stretch, found
                del parts[:size]
                break
