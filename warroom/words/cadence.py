"""How long may the event go without a word? The communication plan of the workbook says so, by state."""

from __future__ import annotations

from engagements.models import Engagement
from warroom.room import CADENCE_MIN
from workbook.models import Cell

NORMAL, INCIDENT = "cu_cadence", "cu_cadence_inc"
#: What the composer offers, in minutes.
CHOICES = (10, 15, 20, 30, 45, 60, 90, 120, 240)


def planned(engagement: Engagement) -> dict[str, int]:
    """Minutes until the next update by state: the shortest that section WB04 promises anybody. One query.

    What nobody wrote down is the portal's own cadence.
    """
    cells = Cell.objects.filter(
        row__engagement=engagement,
        row__section="wb04",
        row__deleted_at=None,
        field__in=[NORMAL, INCIDENT],
        value__isnull=False,
    )
    found: dict[str, list[int]] = {NORMAL: [], INCIDENT: []}
    for name, value in cells.values_list("field", "value"):
        if isinstance(value, int) and 0 < value <= 1440:
            found[name].append(value)
    minutes = dict(CADENCE_MIN)
    if found[NORMAL]:
        minutes["on_plan"] = min(found[NORMAL])
    if found[INCIDENT]:
        minutes |= {state: min(found[INCIDENT]) for state in ("at_risk", "off_plan")}
    return minutes
