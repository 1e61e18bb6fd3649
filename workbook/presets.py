"""What the workbook of each type of event begins with: emphasised sections, rows worth having. Standard library only.

Source: planning workbook, template presets by event type. The length of the plan is the event type's own
(``engagements/data/event_types.json``), and which sections a type has stands in each section's ``events``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field as default_of
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "sections" / "data" / "presets.json"


@dataclass(frozen=True)
class PresetRow:
    """A row that this type of event usually needs; its key is kept for ever, so that nobody gets it twice."""

    key: str
    section: str
    table: str
    #: As typed, by field key; words in both languages.
    values: dict


@dataclass(frozen=True)
class Preset:
    """One type of event: sections that matter most, sections of which a little is enough, and rows to begin with."""

    emphasised: frozenset[str] = frozenset()
    light: frozenset[str] = frozenset()
    rows: tuple[PresetRow, ...] = default_of(default=())


@cache
def presets() -> dict[str, Preset]:
    """Every preset by the code of its event type."""
    found = json.loads(FILE.read_text(encoding="utf-8"))["presets"]
    return {
        code: Preset(
            emphasised=frozenset(preset["emphasised"]),
            light=frozenset(preset["light"]),
            rows=tuple(PresetRow(**row) for row in preset["rows"]),
        )
        for code, preset in found.items()
    }


def of(event_type: str) -> Preset:
    """The preset of a type; an empty one for a type that has none."""
    return presets().get(event_type, Preset())
