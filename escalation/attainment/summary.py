"""What a report says of the promises of one event: kept or not by clock, how long it took, and why they broke."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from escalation.attainment import board, panel, reading, sums
from escalation.attainment.board import Row
from escalation.attainment.panel import Breach
from escalation.attainment.sums import Spread
from escalation.models import Clock, Escalation


@dataclass(frozen=True)
class Summary:
    """Rows by clock, spans as (key, label, spread), breaches as (escalation, breach)."""

    clocks: list[Row]
    spans: list[tuple[str, str, Spread]]
    breaches: list[tuple[Escalation, Breach]]


def summary(escalations: list[Escalation], now: datetime, *, is_staff: bool) -> Summary:
    """The promises of escalations read by `reading.with_everything`, as one side may know them. No query."""
    cases = reading.cases_of(escalations, now, is_staff=is_staff)
    outcomes = defaultdict(list)
    breaches = []
    for case in cases:
        for promise in case.promises:
            outcomes[promise.kind].append(promise.outcome)
            if promise.is_missed:
                breaches.append((case.escalation, panel.breach(case, promise, is_staff=is_staff)))
    rows = [Row(kind, str(label), sums.tally(outcomes[kind])) for kind, label in Clock.Kind.choices]
    return Summary([row for row in rows if row.tally.all], board.spans(cases), breaches)
