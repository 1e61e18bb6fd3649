"""What the worked-out columns say: the value to request and whether a quota is enough. Standard library only."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

OK, TIGHT, SHORT = "OK", "TIGHT", "SHORT"


def number(value) -> Decimal | None:
    """A stored number as a Decimal; None stays None."""
    return None if value is None else Decimal(str(value))


def quota_request(values: dict) -> str | None:
    """The quota value to ask for: the need at the peak plus the margin in percent, rounded up.

    Source: planning workbook, service quotas, "value to request".
    """
    need, margin = number(values.get("q_need")), number(values.get("q_margin"))
    if need is None or margin is None:
        return None
    return str(math.ceil(need * (1 + margin / 100)))


def quota_gap(values: dict) -> str | None:
    """OK when the applied quota covers the request, SHORT when it is below the need itself, TIGHT between.

    Source: planning workbook, service quotas, "gap"; its three states without the overlap
    that "usage above 80 % of applied" has with a margin of 20 %.
    """
    applied, need, request = (
        number(values.get("q_applied")),
        number(values.get("q_need")),
        quota_request(values),
    )
    if applied is None or need is None or request is None:
        return None
    if applied >= Decimal(request):
        return OK
    return SHORT if need > applied else TIGHT


def peak_multiple(values: dict) -> str | None:
    """The event's peak as a multiple of the normal peak, to two decimals.

    Source: planning workbook, traffic forecast, "multiple of normal peak".
    """
    event, normal = number(values.get("tf_event_peak")), number(values.get("tf_normal_peak"))
    return _rounded(event / normal) if event is not None and normal else None


def build_for(values: dict) -> str | None:
    """The load to build for and to test with: the event's peak plus the margin in percent, rounded up."""
    peak, margin = number(values.get("tf_event_peak")), number(values.get("tf_headroom"))
    if peak is None or margin is None:
        return None
    return str(math.ceil(peak * (1 + margin / 100)))


def write_share(values: dict) -> str | None:
    """What is not read, in percent."""
    return _left_of_hundred(values.get("tf_rw"))


def utilisation_left(values: dict) -> str | None:
    """What is left of the saturating resource at the event's peak, in percent; below zero it breaks before."""
    return _left_of_hundred(values.get("bn_forecast"))


def _left_of_hundred(share) -> str | None:
    used = number(share)
    return None if used is None else _written(100 - used)


def _rounded(value: Decimal) -> str:
    return _written(value.quantize(Decimal("0.01")) if value < 10**9 else Decimal(round(value)))


def _written(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")


#: What a formula is told besides the values of its row; no field has a point in its key.
ROW, CHANGED_AT, FORECAST = "row.number", "row.changed_at", "row.forecast"


def row_number(values: dict) -> str | None:
    """The number of the row, a name and no quantity: it never changes, and others refer to the row by it."""
    row = values.get(ROW)
    return None if row is None else str(row)


def last_change(values: dict) -> str | None:
    """When a cell of the row changed last (UTC)."""
    return values.get(CHANGED_AT)


def risk_score(values: dict) -> int | None:
    """Probability times impact, 1 to 25. Source: planning workbook, section WB15."""
    probability, impact = values.get("rk_prob"), values.get("rk_impact")
    return None if probability is None or impact is None else probability * impact


def test_ratio(values: dict) -> str | None:
    """How much of the forecast peak a test reached. Source: planning workbook, section WB14."""
    peak, forecast = number(values.get("ts_peak")), number(values.get(FORECAST))
    if peak is None or not forecast:
        return None
    return str((peak / forecast).quantize(Decimal("0.01")))


FORMULAS: dict[str, Callable[[dict], str | None]] = {
    "quota_request": quota_request,
    "quota_gap": quota_gap,
    "row_number": row_number,
    "last_change": last_change,
    "risk_score": risk_score,
    "test_ratio": test_ratio,
    "peak_multiple": peak_multiple,
    "build_for": build_for,
    "write_share": write_share,
    "utilisation_left": utilisation_left,
}


@dataclass(frozen=True)
class Headroom:
    """The bar of a quota row: widths in percent of the drawing, whose full width is 125 % of the quota."""

    used: str
    peak: str
    percent_left: int
    short_of: str
    is_beyond: bool


def headroom(values: dict) -> Headroom | None:
    """How much of the quota is left at the peak; None while quota or peak is unknown."""
    applied, need, usage = (number(values.get(key)) for key in ("q_applied", "q_need", "q_usage"))
    if not applied or need is None:
        return None
    short = need - applied
    return Headroom(
        used=_width(usage or Decimal(0), applied),
        peak=_width(need, applied),
        percent_left=math.floor((applied - need) / applied * 100),
        short_of=f"{short.normalize():,f}" if short > 0 else "",
        is_beyond=need > applied * Decimal("1.25"),
    )


def _width(part: Decimal, quota: Decimal) -> str:
    """A share of the quota as a width: the quota itself stands at 80 %."""
    return f"{min(part / quota * 80, Decimal(100)):.2f}"
