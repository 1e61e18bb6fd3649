"""Was the event a success, and how far is each value from its target: arithmetic on plain numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    """What became of the event. A problem on the way does not make it a failure."""

    SUCCESS = "success"
    SUCCESS_WITH_ISSUES = "success_with_issues"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True)
class Bar:
    """A bar from zero to the actual value with a tick at the target, in percent of its width."""

    actual_percent: Decimal
    target_percent: Decimal


def bar(target: Decimal, actual: Decimal | None) -> Bar | None:
    """Where bar and tick end on a scale a little longer than the greater of both; None without an actual.

    Values below zero have no honest place on a bar from zero, so they get none.
    """
    if actual is None or actual < 0 or target < 0:
        return None
    scale = max(actual, target) * Decimal("1.1") or Decimal(1)
    return Bar(_percent(actual, scale), _percent(target, scale))


def _percent(value: Decimal, scale: Decimal) -> Decimal:
    return (value * 100 / scale).quantize(Decimal("0.01"))


def verdict(results: Iterable[tuple[bool | None, bool]], *, has_breach: bool) -> Verdict | None:
    """The verdict the numbers suggest, from (is met, is a must) pairs; None while a number is missing.

    A missed must is never called a success; a breach or another miss makes it one with issues.
    """
    pairs = list(results)
    if not pairs or any(is_met is None for is_met, _ in pairs):
        return None
    missed = [is_must for is_met, is_must in pairs if not is_met]
    if len(missed) == len(pairs):
        return Verdict.FAILED
    if any(missed):
        return Verdict.PARTIAL
    return Verdict.SUCCESS_WITH_ISSUES if missed or has_breach else Verdict.SUCCESS
