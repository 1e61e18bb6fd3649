"""The time zones there are, and how each reads in a list."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def names() -> frozenset[str]:
    """Every IANA name; the system's folders are read once per process, not for every value."""
    return frozenset(available_timezones())


def choices(now: datetime, chosen: str = "") -> list:
    """IANA zones in groups by part of the world, each with its offset from UTC at ``now``."""
    top = [("UTC", "UTC")]
    if chosen and chosen != "UTC" and chosen.partition("/")[0] not in AREAS:
        top.append((chosen, label(chosen, now)))
    # Clocks change at whole quarters of an hour: 400 labels are the same until the next one.
    return top + list(_by_area(now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)))


@lru_cache(maxsize=4)
def _by_area(quarter: datetime) -> tuple:
    groups: dict[str, list] = {area: [] for area in AREAS}
    for zone in sorted(names()):
        if (area := zone.partition("/")[0]) in groups:
            groups[area].append((zone, label(zone, quarter)))
    return tuple((area, tuple(groups[area])) for area in AREAS)


def label(zone: str, now: datetime) -> str:
    """A zone with its offset from UTC at ``now``: "Asia/Seoul (UTC+09:00)"."""
    offset = now.astimezone(ZoneInfo(zone)).strftime("%z")
    return f"{zone.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"
