"""Whom did both sides write down for each level before the event, and how long may each level take?"""

from __future__ import annotations

from dataclasses import dataclass

from escalation.models import Lane
from iem_portal.registry import matrices

# The lanes of the planning workbook, section WB22; the third one, the customer's management, is nobody's lane.
LONGEST_MIN = 525_600
LANES = {"tech": Lane.TECHNICAL.value, "non-tech": Lane.CUSTOMER_SERVICE.value}


@dataclass(frozen=True)
class Contact:
    """One person or queue of a level, and how to reach them."""

    who: str
    contact: str = ""


@dataclass(frozen=True)
class Matrix:
    """People and minutes by lane and level."""

    contacts: dict[tuple[str, int], list[Contact]]
    minutes: dict[tuple[str, int], dict[str, int]]

    def at(self, lane: str, level: int) -> list[Contact]:
        """Who is called at this level of this lane, in the order of the sheet."""
        return self.contacts.get((lane, level), [])


def read(engagement_id: int) -> Matrix:
    """The matrix of the planning workbook; empty where nothing is written. One query."""
    part = matrices.get("workbook")
    contacts: dict[tuple[str, int], list[Contact]] = {}
    minutes: dict[tuple[str, int], dict[str, int]] = {}
    for node in part.of(engagement_id) if hasattr(part, "of") else []:
        lane = LANES.get(node.lane)
        if lane is None:
            continue
        contacts.setdefault((lane, node.level), []).append(Contact(node.who, node.contact))
        known = minutes.setdefault((lane, node.level), {})
        # Zero minutes promise nothing, and years are a slip; of several rows of a level the first one counts.
        fitting = {code: value for code, value in node.minutes.items() if 0 < value <= LONGEST_MIN}
        minutes[lane, node.level] = fitting | known
    return Matrix(contacts, minutes)


def frozen(matrix: Matrix) -> dict:
    """The minutes as an escalation keeps them: by lane, level and severity."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (lane, level), minutes in matrix.minutes.items():
        if minutes:
            found.setdefault(lane, {})[str(level)] = minutes
    return found
