"""What a formula may need besides the values of its own row: the row's number, its last change, the forecast."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engagements.models import Engagement
from workbook.bound import stored
from workbook.catalogue import Table
from workbook.formulas import CHANGED_AT, FORECAST, ROW
from workbook.models import Cell

#: The forecast peak of a traffic class. Source: planning workbook, section WB07.
FORECAST_PEAK = "tf_event_peak"


def of_row(pk: int | None, cells: dict[str, Cell]) -> dict[str, Any]:
    """The row's number and when one of its cells changed last; nothing for a row that was never saved."""
    changed_at = max((cell.updated_at for cell in cells.values()), default=None)
    return {ROW: pk, CHANGED_AT: stored(changed_at)}


def needs_forecast(table: Table) -> bool:
    """Whether a column of the table compares with the forecast."""
    return any(field.options.get("formula") == "test_ratio" for field in table.fields)


def forecasts(engagement: Engagement) -> dict[str, str]:
    """The forecast peaks by the reference of their row ("#12"). One query."""
    cells = Cell.objects.filter(
        row__engagement=engagement, row__deleted_at=None, field=FORECAST_PEAK, value__isnull=False
    )
    return {f"#{row}": value for row, value in cells.order_by().values_list("row_id", "value")}


def compared_with(named: str | None, peaks: dict[str, str]) -> dict[str, Any]:
    """The forecast that a test names, else the highest there is. Source: planning workbook, section WB14."""
    highest = max(peaks.values(), key=Decimal, default=None)
    return {FORECAST: peaks.get(named or "", highest)}
