"""What does a customer learn of an escalation that is inside AWS? That it is there: not how far, with whom, how long.

Levels from `internal_from_level` on are entered by the TAM, and the customer cannot see inside (planning workbook
5.3). That it went in, and came back, is for everybody: the customer hears of each such step. Which of these levels
it is at, who has it there, and the clock of the time there are AWS's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from escalation import catalog
from escalation.models import MANAGEMENT, Clock, Escalation, Hop


def seen(escalation: Escalation, *, is_staff: bool) -> Escalation:
    """The escalation as this side may know it, changed in memory only: verbs read it anew."""
    if not is_staff and catalog.is_internal(escalation.level):
        escalation.level, escalation.owner_name = catalog.internal_from(), ""
        escalation.is_veiled = True
    return escalation


def is_hidden(escalation: Escalation, kind: str) -> bool:
    """Is this clock not for whoever reads the escalation (see `seen`)?"""
    return escalation.is_veiled and kind == Clock.Kind.LEVEL


def levels(lane: str, *, is_staff: bool) -> list[dict]:
    """The levels of a lane as this side knows them: for customers all that are inside AWS are one."""
    rows = catalog.lanes()[lane]["levels"]
    if is_staff:
        return rows
    shared = [row for row in rows if not catalog.is_internal(row["level"])]
    return shared if len(shared) == len(rows) else [*shared, catalog.inside()]


def level_label(escalation: Escalation) -> dict[str, str]:
    """The name of its level in both languages, as far as the reader may know it."""
    if escalation.is_veiled:
        return catalog.inside()["label"]
    return catalog.level_label(escalation.lane, escalation.level)


def hops(path: Iterable[Hop]) -> list[Hop]:
    """The steps as a customer knows them: a stay inside AWS is one step, without owner, note and length."""
    found: list[Hop] = []
    for hop in path:
        if hop.lane == MANAGEMENT or not catalog.is_internal(hop.level):
            found.append(hop)
            continue
        last = next((one for one in reversed(found) if one.lane != MANAGEMENT), None)
        if last is None or not last.is_veiled:
            hop.level, hop.owner_name, hop.note = catalog.internal_from(), "", ""
            hop.is_veiled = True
            found.append(hop)
    return found
