"""Which modules take part, how much they matter, and how soon each must work again: the rows of WB05."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from iem_portal.registry import modules
from workbook.models import Cell

SECTION, TABLE = "wb05", "modules"
_FIELDS = {"mo_name", "mo_class", "mo_default_sev", "mo_rto", "mo_in_scope"}


@dataclass(frozen=True)
class Module:
    """One module of the event; `restore_min` is its recovery time objective in minutes, None when not written."""

    name: str
    criticality: str
    severity: str
    restore_min: int | None


@modules.register
class Modules:
    """The modules of the planning workbook, section WB05."""

    key = "workbook"

    def of(self, engagement: int) -> list[Module]:
        """The modules in the scope of the event, in the order of the sheet. One query."""
        cells = Cell.objects.filter(
            row__engagement=engagement,
            row__section=SECTION,
            row__table=TABLE,
            row__deleted_at=None,
            value__isnull=False,
            field__in=_FIELDS,
        ).order_by("row__position", "row_id")
        rows: dict[int, dict] = defaultdict(dict)
        for row, field, value in cells.values_list("row_id", "field", "value"):
            rows[row][field] = value
        return [_module(row) for row in rows.values() if row.get("mo_name") and row.get("mo_in_scope", True)]


def _module(row: dict) -> Module:
    return Module(
        name=row["mo_name"],
        criticality=row.get("mo_class", ""),
        severity=row.get("mo_default_sev", ""),
        restore_min=int(row["mo_rto"]) if row.get("mo_rto") is not None else None,
    )
