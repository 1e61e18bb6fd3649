"""What are the statistics that look at a part of the samples? TM, TC, TS, WM, PR and IQM of a log-normal spread.

Source of the meanings: CloudWatch user guide, statistics definitions. `tm90` is TM(:90%): the mean of everything up
to the 90th percentile. Bounds with % are percentiles, others are values; the lower one is excluded, the upper one
included, an absent one leaves that side open.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from statistics import NormalDist

SHORT = re.compile(r"(tm|tc|ts|wm)(\d{1,2}(?:\.\d{1,10})?)")
LONG = re.compile(r"(PR|TM|TC|TS|WM)\(\s*(\d+(?:\.\d+)?)?(%?)\s*:\s*(\d+(?:\.\d+)?)?(%?)\s*\)")
NORMAL = NormalDist()
FAR = 8.0  # so many sigmas out there is nothing left


@dataclass(frozen=True, slots=True)
class Value:
    """A number of one interval; `adds` says that several intervals are added up, not averaged."""

    number: float
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower and upper bound; None: open on that side."""

    kind: str
    low: float | None
    high: float | None
    is_share: bool  # percentiles, not values


def parse(stat: str) -> Bounds | None:
    """The statistic in parts, None for one that this module does not know."""
    if stat == "IQM":
        return Bounds("TM", 25, 75, True)
    if found := SHORT.fullmatch(stat):
        return Bounds(found[1].upper(), None, float(found[2]), True)
    found = LONG.fullmatch(stat)
    if found is None or (found[2] is None and found[4] is None):
        return None
    marks = {mark for number, mark in ((found[2], found[3]), (found[4], found[5])) if number is not None}
    if len(marks) > 1 or (found[1] == "PR" and "%" in marks):
        return None  # both in percent or both not; a rank is asked of values
    low, high = (None if text is None else float(text) for text in (found[2], found[4]))
    if marks == {"%"} and max(low or 0, high or 0) > 100:
        return None
    if low is not None and high is not None and low >= high:
        return None
    return Bounds(found[1], low, high, marks == {"%"})


def is_known(stat: str) -> bool:
    return parse(stat) is not None


def value(stat: str, middle: float, sigma: float, count: float) -> Value:
    """The statistic of `count` samples that spread log-normally by `sigma` around `middle`."""
    bounds = parse(stat)
    if bounds is None:
        raise ValueError(stat)
    low, high = _places(bounds, middle, sigma)
    share = max(0.0, NORMAL.cdf(high) - NORMAL.cdf(low))
    if bounds.kind == "PR":
        return Value(share * 100)
    if bounds.kind == "TC":
        return Value(count * share, adds=True)
    # The sum of what lies between two places of a log-normal spread, for one sample on average.
    inside = middle * math.exp(sigma * sigma / 2) * (NORMAL.cdf(high - sigma) - NORMAL.cdf(low - sigma))
    if bounds.kind == "TS":
        return Value(inside * count, adds=True)
    if bounds.kind == "TM":
        return Value(inside / share if share else 0.0)
    below = NORMAL.cdf(low) * middle * math.exp(low * sigma) if low > -FAR else 0.0
    above = (1 - NORMAL.cdf(high)) * middle * math.exp(high * sigma) if high < FAR else 0.0
    return Value(inside + below + above)


def _places(bounds: Bounds, middle: float, sigma: float) -> tuple[float, float]:
    """The bounds as distances from the middle, in sigmas."""
    if bounds.is_share:
        return tuple(
            open_side if bound is None or not 0 < bound < 100 else NORMAL.inv_cdf(bound / 100)
            for bound, open_side in ((bounds.low, -FAR), (bounds.high, FAR))
        )
    return (
        -FAR if bounds.low is None else _distance(bounds.low, middle, sigma),
        FAR if bounds.high is None else _distance(bounds.high, middle, sigma),
    )


def _distance(bound: float, middle: float, sigma: float) -> float:
    if bound <= 0 or middle <= 0:
        return -FAR if bound < middle else FAR
    if sigma == 0:
        return FAR if middle <= bound else -FAR
    return max(-FAR, min(FAR, math.log(bound / middle) / sigma))
