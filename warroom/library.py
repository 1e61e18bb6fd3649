"""Which runbook templates ship with the portal, and which of them suits an event type."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "runbooks"
FALLBACK = "event-day"


@cache
def template(key: str) -> dict:
    """The runbook template under a key (file name without its ending); KeyError when there is none."""
    path = FOLDER / f"{key}.json"
    if path.parent != FOLDER or not path.is_file():
        raise KeyError(key)
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def template_keys() -> tuple[str, ...]:
    """The keys of all templates."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def template_for(event_type: str) -> dict:
    """The template made for this event type, else the event-day plan every event can start from."""
    for key in template_keys():
        if event_type in template(key)["event_types"]:
            return template(key)
    return template(FALLBACK)
