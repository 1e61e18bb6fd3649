"""What is the value of a metric in a minute? A pure function of (seed, identity, minute): no stored points."""

from __future__ import annotations

import hashlib
import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from . import trimmed
from .scenario import SeriesSpec

BASIC = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")
PERCENTILE = re.compile(r"p(100|\d{1,2}(\.\d{1,10})?)")
HOUR_S, DAY_S = 3600, 86_400
EXTREME = 3.0  # the smallest and largest sample of a minute lie this many sigmas from the middle
UNFINISHED = 0.6  # share of a minute's samples that are there when it first appears, if it converges
MASK = (1 << 64) - 1


@dataclass(slots=True)
class Minute:
    """One interval (mostly a minute) of one metric: how many samples, their sum, and the middle they spread around."""

    count: float
    total: float
    middle: float


class Series:
    """A metric that can be asked for any statistic over any period that is a multiple of a minute."""

    def __init__(self, spec: SeriesSpec, seed: int) -> None:
        self.spec = spec
        self.identity = identity(spec.account, spec.region, spec.namespace, spec.metric, spec.dimensions)
        digest = hashlib.blake2b(repr((seed, self.identity)).encode(), digest_size=8).digest()
        self._seed = int.from_bytes(digest, "big")
        self._phase = (self._seed % 6283) / 1000
        self._at = [point[0] for point in spec.points]
        self._anchor = factor(spec.stat, spec.sigma) if spec.stat not in ("Sum", "SampleCount") else 1.0

    def value(self, slot: int) -> float:
        """The main statistic in that interval since T0, noise and limits included."""
        spec = self.spec
        minute = slot * spec.resolution_s / 60
        base = self.base(minute)
        wave = math.sin(minute / 7.5 + self._phase) * 0.6 + self._normal(slot)
        value = base * (1 + spec.noise * wave)
        value = max(spec.floor, value if spec.ceiling is None else min(spec.ceiling, value))
        return float(round(value)) if spec.is_whole else value

    def minute(self, slot: int, share: float = 1.0) -> Minute | None:
        """The samples of that interval, `share` of them when it has not converged; None outside its life."""
        spec = self.spec
        minute = slot * spec.resolution_s / 60
        if minute < spec.from_min or (spec.until_min is not None and minute >= spec.until_min):
            return None
        if any(begin <= minute < end for begin, end in spec.gaps):
            return None
        value = self.value(slot)
        if spec.stat == "Sum":
            total = float(round(value * share)) if spec.is_whole else value * share
            count = total if spec.samples == 0 else spec.samples * share
            return Minute(count, total, total / count if count else 0.0)
        middle = value / self._anchor
        mean = middle * factor("Average", spec.sigma)
        count = max(1.0, round(spec.samples * share))
        return Minute(count, mean * count, middle)

    def statistic(self, stat: str, start: int, period_s: int, *, t0: int, now: float) -> float | None:
        """`stat` over `period_s` seconds from epoch second `start`, as far as readable at `now`; None: no data."""
        step = self.spec.resolution_s
        if period_s < step or is_forgotten(start, period_s, now):
            return None
        first = (start - t0) // step
        seen = []
        for index in range(period_s // step):
            share = self._share(start + index * step, now)
            found = self.minute(first + index, share) if share else None
            if found is not None:
                seen.append(found)
        return combine(stat, seen, self.spec.sigma) if seen else None

    def _share(self, start: int, now: float) -> float:
        """How much of the interval that starts at `start` can be read at `now`: 0 to 1."""
        waited = now - (start + self.spec.resolution_s + self.spec.lag_s)
        if waited < 0:
            return 0.0
        if waited >= self.spec.converge_s:
            return 1.0
        return UNFINISHED + (1 - UNFINISHED) * math.floor(waited) / self.spec.converge_s

    def base(self, minute: float) -> float:
        """The story's value at a scenario minute, before noise and limits."""
        points = self.spec.points
        if not points or minute < self._at[0]:
            return self.spec.level
        after = bisect_right(self._at, minute)
        if after == len(points):
            return points[-1][1]
        (left, low), (right, high) = points[after - 1], points[after]
        return low + (high - low) * (minute - left) / (right - left)

    def _normal(self, slot: int) -> float:
        """A seeded, nearly normal number for the interval (splitmix64, then three uniforms added)."""
        bits = (self._seed + slot * 0x9E3779B97F4A7C15) & MASK
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        bits ^= bits >> 31
        low, mid, high = bits & 0x1FFFFF, (bits >> 21) & 0x1FFFFF, (bits >> 42) & 0x1FFFFF
        return ((low + mid + high) / 0x1FFFFF - 1.5) * 2


Identity = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


def identity(account: str, region: str, namespace: str, metric: str, dimensions: dict[str, str]) -> Identity:
    return (account, region, namespace, metric, tuple(sorted(dimensions.items())))


@lru_cache(maxsize=512)
def factor(stat: str, sigma: float) -> float:
    """How far a statistic lies from the middle of a log-normal spread."""
    if stat == "Average":
        return math.exp(sigma * sigma / 2)
    if stat == "Minimum":
        return math.exp(-EXTREME * sigma)
    if stat == "Maximum":
        return math.exp(EXTREME * sigma)
    share = float(stat[1:]) / 100
    if share <= 0.00135 or share >= 0.99865:
        return math.exp(math.copysign(EXTREME, share - 0.5) * sigma)
    return math.exp(NormalDist().inv_cdf(share) * sigma)


def is_forgotten(start: float, period_s: int, now: float) -> bool:
    """Has AWS dropped this resolution by now? Below a minute it is kept for 3 hours, one minute for 15 days, five
    minutes for 63, an hour for 455. Source: CloudWatch user guide, metrics retention."""
    kept = 3 * HOUR_S if period_s < 60 else 15 * DAY_S if period_s < 300 else 63 * DAY_S
    return math.isfinite(now) and now - start > (455 * DAY_S if period_s >= HOUR_S else kept)


def combine(stat: str, minutes: list[Minute], sigma: float) -> float:
    """One statistic of several intervals; those that are ranks or trimmed are the mean of the intervals' by count."""
    count = sum(minute.count for minute in minutes)
    if stat == "SampleCount":
        return count
    total = sum(minute.total for minute in minutes)
    if stat == "Sum":
        return total
    if stat == "Average":
        return total / count if count else 0.0
    if not (stat in BASIC or PERCENTILE.fullmatch(stat)):
        return _mean(minutes, count, lambda one: trimmed.value(stat, one.middle, sigma, one.count))
    values = [minute.middle * factor(stat, sigma) for minute in minutes]
    if stat in ("Minimum", "Maximum"):
        return min(values) if stat == "Minimum" else max(values)
    return sum(v * m.count for v, m in zip(values, minutes, strict=True)) / count if count else 0.0


def _mean(minutes: list[Minute], count: float, of) -> float:
    """Counts and sums add up; the rest is weighed by the samples behind it."""
    values = [of(one) for one in minutes]
    if values and values[0].adds:
        return sum(one.number for one in values)
    return sum(v.number * m.count for v, m in zip(values, minutes, strict=True)) / count if count else 0.0


def is_simulated(stat: str) -> bool:
    return stat in BASIC or PERCENTILE.fullmatch(stat) is not None or trimmed.is_known(stat)
