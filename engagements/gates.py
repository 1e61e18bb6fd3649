"""May the engagement go on to its next phase: asks every app for its conditions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from engagements.models import Engagement, Phase
from iem_portal.registry import gates

NEXT = {
    Phase.INITIATE: Phase.PLAN,
    Phase.PLAN: Phase.EXECUTE,
    Phase.EXECUTE: Phase.REVIEW,
    Phase.REVIEW: Phase.CLOSED,
}


@dataclass(frozen=True)
class Condition:
    """One thing that must be so before the phase is left; its texts are in the reader's words."""

    key: str
    label: str
    is_met: bool
    detail: str = ""
    url: str = ""

    def frozen(self) -> dict:
        """The condition as plain data, to be kept with the decision."""
        return {key: str(value) if key != "is_met" else value for key, value in asdict(self).items()}


def conditions(engagement: Engagement, now: datetime) -> list[Condition]:
    """Every condition for leaving the present phase, in the order of the registry.

    A gate part has ``key``, ``order``, ``phase`` (the phase being left) and
    ``conditions(engagement, now) -> list[Condition]``; it may have ``on_passed``, see :func:`passed`.
    """
    return [
        condition
        for gate in gates
        if gate.phase == engagement.phase
        for condition in gate.conditions(engagement, now)
    ]


def passed(engagement: Engagement, from_phase: str, *, by, now: datetime) -> None:
    """Tell the gate parts of the phase that was left, inside the transaction that left it.

    A part that wants to know has ``on_passed(engagement, *, by, now)``; the engagement is in its new phase.
    """
    for gate in gates:
        if gate.phase == from_phase and hasattr(gate, "on_passed"):
            gate.on_passed(engagement, by=by, now=now)
