"""Which AWS services does an event use? Those that modules, resources and quotas of the workbook name."""

from __future__ import annotations

from engagements.models import Engagement
from workbook.models import Cell

#: Fields that hold one service code or a list of them.
FIELDS = ("mo_aws_services", "mo_downstream_services", "rs_service", "q_service")


def used(engagement: Engagement) -> set[str]:
    """The codes as they were written, such as "rds"; empty when nothing is written down. One query."""
    cells = Cell.objects.filter(
        row__engagement=engagement, row__deleted_at=None, field__in=FIELDS, value__isnull=False
    )
    found: set[str] = set()
    for value in cells.values_list("value", flat=True):
        found.update(map(str, value if isinstance(value, list) else [value]))
    return found
