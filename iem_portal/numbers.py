"""Which whole number does a text from outside spell?"""

from __future__ import annotations

import re

# Eighteen digits fit into the integers of every database; ² and ٣ are digits to Python, not to us.
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)


def whole(text: object) -> int | None:
    """The number, or None for anything else, such as a sign, a fraction or far too many digits."""
    found = str(text)
    return int(found) if _WHOLE.fullmatch(found) else None
