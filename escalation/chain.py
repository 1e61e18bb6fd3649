"""What are the levels of the customer's own management called? They run beside both lanes."""

from __future__ import annotations

import json
from functools import cache

from escalation.catalog import DATA

NOBODY = 0


@cache
def levels() -> list[dict]:
    """From nobody upwards: level, label and hint, the words in both languages."""
    return json.loads((DATA / "chain.json").read_text(encoding="utf-8"))["levels"]


def highest() -> int:
    """The last level of the chain."""
    return levels()[-1]["level"]


def label(level: int) -> dict[str, str]:
    """The name of a level in both languages; an unknown one shows its number."""
    found = next((row["label"] for row in levels() if row["level"] == level), None)
    return found or {"en": str(level), "ko": str(level)}
