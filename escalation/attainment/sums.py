"""What do many promises and spans add up to?

Pure: standard library only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from escalation.attainment.judging import MET, MISSED, OPEN


@dataclass(frozen=True)
class Tally:
    """Promises by outcome. Those without a verdict count for nobody and against nobody."""

    met: int = 0
    missed: int = 0
    open: int = 0

    @property
    def judged(self) -> int:
        """How many have a verdict."""
        return self.met + self.missed

    @property
    def all(self) -> int:
        """Judged and open ones."""
        return self.judged + self.open

    @property
    def percent(self) -> float | None:
        """Share of the judged ones that were kept, 0 to 100; None while none is judged."""
        return 100 * self.met / self.judged if self.judged else None

    @property
    def percent_text(self) -> str:
        """The share with one digit, never rounded up to a whole hundred; empty while none is judged."""
        if self.percent is None:
            return ""
        shown = min(round(self.percent, 1), 99.9) if self.missed else 100.0
        return f"{shown:.1f}".removesuffix(".0")

    def shares(self) -> tuple[str, str, str]:
        """Met, missed and open of all, in percent of a bar's width."""
        whole = self.all or 1
        return tuple(f"{100 * part / whole:.2f}" for part in (self.met, self.missed, self.open))


def tally(outcomes: Iterable[str]) -> Tally:
    """Count outcomes, of which met, missed and open are told."""
    counts = Counter(outcomes)
    return Tally(counts[MET], counts[MISSED], counts[OPEN])


@dataclass(frozen=True)
class Spread:
    """How spans lie: how many, half of them at most, nine of ten at most, the longest. Seconds."""

    count: int
    median_s: int
    p90_s: int
    worst_s: int


def spread(spans: Iterable[int | None]) -> Spread | None:
    """The spread of those spans that are known; None when none is. The 90th percentile is one of the spans."""
    known = sorted(span for span in spans if span is not None)
    if not known:
        return None
    ninth = known[-(-9 * len(known) // 10) - 1]
    return Spread(len(known), round(median(known)), ninth, known[-1])
