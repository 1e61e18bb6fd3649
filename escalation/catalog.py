"""What severities, lanes and levels are called, in both languages, and what each means."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).parent / "data"


def _read(name: str) -> dict:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def severities() -> dict[str, dict]:
    """By code, worst first: label, AWS's own name, an example, and the status it is drawn with."""
    return {row["code"]: row for row in _read("severities.json")["severities"]}


@cache
def lanes() -> dict[str, dict]:
    """By code: label and the levels from the customer upwards."""
    return {row["code"]: row for row in _read("ladder.json")["lanes"]}


@cache
def targets() -> dict:
    """The shipped promise table; the one in force is `ResponseTarget`, which administrators edit."""
    return _read("targets.json")


@cache
def objectives() -> dict:
    """The shipped objectives of the team; those in force are `Objective`, which administrators edit."""
    return _read("objectives.json")


@cache
def ladder_policies() -> dict:
    """The shipped rules of telling; those in force are `LadderPolicy`, which administrators edit."""
    return _read("ladder_policies.json")


def objective_rows(table: dict) -> list[dict]:
    """The fields of one `Objective` for each figure of the shipped table."""
    held = {"is_held_while_waiting": table["held_while_waiting"]}
    updates = [
        {"kind": "update", "severity": code, "level": None, "minutes": minutes} | held
        for code, minutes in table["update"].items()
    ]
    levels = [
        {"kind": "level", "severity": code, "level": level, "minutes": minutes} | held
        for code, row in table["level"].items()
        for level, minutes in enumerate(row)
    ]
    return updates + levels


def in_words(words: dict[str, str]) -> str:
    """A {"en", "ko"} text in the active language."""
    return words.get((get_language() or "en")[:2]) or words["en"]


def level_label(lane: str, level: int) -> dict[str, str]:
    """The name of a level in both languages; an unknown one shows its number."""
    for row in lanes().get(lane, {}).get("levels", ()):
        if row["level"] == level:
            return row["label"]
    return {"en": str(level), "ko": str(level)}


def highest_level(lane: str) -> int:
    """The last level of a lane: account and billing questions end at customer service."""
    return lanes()[lane]["levels"][-1]["level"]


def is_internal(level: int) -> bool:
    """Does this level happen inside AWS, where customers cannot look?"""
    return level >= internal_from()


@cache
def internal_from() -> int:
    """The first level that is inside AWS."""
    return _read("ladder.json")["internal_from_level"]


@cache
def inside() -> dict:
    """What customers are shown in the place of all levels inside AWS: level, label and hint."""
    return _read("ladder.json")["inside"]
