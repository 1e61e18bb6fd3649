"""Is this a policy that can be stored? Pure: standard library only."""

from __future__ import annotations

from collections.abc import Mapping

from escalation.ladder import rules

MOST_LINES = 80
MOST_DRILL_DAYS = 365


def check(body: Mapping) -> None:
    """Raise ValueError, naming the line, unless this is a policy that the ladder can follow."""
    lines, terms = body.get("rules"), body.get("terms")
    if not isinstance(lines, list) or not isinstance(terms, list):
        raise ValueError("rules and terms are lists")
    if len(lines) > MOST_LINES or len(terms) > MOST_LINES:
        raise ValueError("too many lines")
    _require(_is_count(body.get("drill_days", 1), 1, MOST_DRILL_DAYS), "drill_days")
    for number, row in enumerate(lines, start=1):
        _require(row.get("stage") in rules.STAGES, f"rule {number}: stage")
        _require(row.get("way", rules.MAIL) in rules.WAYS, f"rule {number}: way")
        _require(_is_count(row.get("since", 1), 1, rules.MOST_TIMES), f"rule {number}: since")
        _require(
            bool(row.get("who")) and all(isinstance(one, str) for one in row["who"]), f"rule {number}: who"
        )
        _scope(row, f"rule {number}")
    for number, row in enumerate(terms, start=1):
        _scope(row, f"term {number}")
        _require(_is_count(row.get("again_min", 0), 0, rules.LONGEST_MIN), f"term {number}: again_min")
        _require(_is_count(row.get("again_times", 0), 0, rules.MOST_TIMES), f"term {number}: again_times")
        _require(_is_count(row.get("ack_min", 30), 1, rules.LONGEST_MIN), f"term {number}: ack_min")
        _require(row.get("needs", rules.ANY) in rules.NEEDS, f"term {number}: needs")
        rules.quiet_hours(row.get("quiet", ""))
        _require(not (row.get("quiet") and covers_loud_class(row)), f"term {number}: quiet")


def covers_loud_class(row: Mapping) -> bool:
    """Does the line speak of the 15-minute class, which is never quiet?"""
    return not row.get("severities") or "critical" in row["severities"]


def _scope(row: Mapping, name: str) -> None:
    for key in ("kinds", "severities", "lanes"):
        values = row.get(key) or []
        _require(isinstance(values, list) and all(isinstance(one, str) for one in values), f"{name}: {key}")


def _is_count(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high


def _require(is_right: bool, name: str) -> None:
    if not is_right:
        raise ValueError(name)
