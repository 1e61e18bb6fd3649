"""What each gate asks, of whom, and what may come of it: the data file, by the gate's key (G0 to G5)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "gates.json"
#: What an outcome does to the plan: it lets the run go on, keeps the gate open, ends the attempt, asks for
#: the rollback (which somebody has to call), or moves the end of the window.
EFFECTS = ("pass", "hold", "stop", "rollback", "extend")
#: Words of an older interface.
_SHORT = {"go": "pass", "hold": "hold"}


@cache
def _book() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def gate(key: str) -> dict:
    """Label, roles, questions, inputs, outcomes, default and minutes; a plain decision for an unknown key."""
    gates = _book()["gates"]
    return gates.get(key, gates[""])


def asked() -> tuple[str, ...]:
    """The gates that have questions of their own."""
    return tuple(key for key in _book()["gates"] if key)


def outcome(key: str) -> dict:
    """{label, effect, needs} of an outcome; KeyError for none of the book."""
    return _book()["outcomes"][key]


def label_of(key: str) -> dict | str:
    """An outcome in both languages, or its key when the book no longer has it."""
    return _book()["outcomes"].get(key, {}).get("label", key)


def meant(gate_key: str, word: str) -> str:
    """The outcome of this gate that a word means: itself, or for "go" and "hold" the one that does the same."""
    offered = gate(gate_key)["outcomes"]
    if word in offered or word not in _SHORT:
        return word
    return next((key for key in offered if outcome(key)["effect"] == _SHORT[word]), word)
