"""What is still read when the day's budget is used up? The 10-second tier goes first, the alarms last.

Pure. Each level keeps what the one before it has switched off switched off. Health, Support and Service Quotas cost
nothing by the call and go on.
"""

from __future__ import annotations

from decimal import Decimal

DEFAULT_USD = Decimal("25.00")
# From which share of the budget each level holds; the first is the budget itself.
SHARES = (Decimal("1.00"), Decimal("1.10"), Decimal("1.25"), Decimal("1.50"), Decimal("2.00"))
NO_FAST, SLOW_METRICS, NO_METRICS, SLOW_ALARMS, NO_ALARMS = range(1, 6)
SLOW_METRICS_S, SLOW_ALARMS_S = 300, 60


def level_of(spent: Decimal, budget: Decimal) -> int:
    """0 while the budget lasts, then 1 to 5."""
    return sum(spent >= budget * share for share in SHARES)


def has_fast(level: int) -> bool:
    """Are the few metrics of the wall read every 10 seconds?"""
    return level < NO_FAST


def has_metrics(level: int) -> bool:
    """Are metrics read at all?"""
    return level < NO_METRICS


def has_quota_use(level: int) -> bool:
    """Is the use of quotas read? It is a metric as well."""
    return level < SLOW_METRICS


def has_alarms(level: int) -> bool:
    """Are alarms read at all?"""
    return level < NO_ALARMS


def metrics_interval_s(level: int, usual_s: int) -> int:
    """Seconds between two reads of the metrics."""
    return max(usual_s, SLOW_METRICS_S) if level >= SLOW_METRICS else usual_s


def alarms_interval_s(level: int, usual_s: int) -> int:
    """Seconds between two reads of the alarms."""
    return max(usual_s, SLOW_ALARMS_S) if level >= SLOW_ALARMS else usual_s
