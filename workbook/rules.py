"""When does a field have to be filled? The small language of ``required_if``. Standard library only.

A rule names one ``field`` of the same row and one test of its value: ``in`` a list, ``starts`` with a text,
``filled`` (true or false), ``at_least`` a number; or ``any`` or ``all`` of several rules.
A field with several answers is ``in`` the list when one of its answers is.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def holds(rule: dict, values: dict) -> bool:
    """Whether the rule applies to a row with these stored values. Raises KeyError for a rule without a test."""
    if "any" in rule:
        return any(holds(each, values) for each in rule["any"])
    if "all" in rule:
        return all(holds(each, values) for each in rule["all"])
    value = values.get(rule["field"])
    if "filled" in rule:
        return (value is not None) == rule["filled"]
    if "starts" in rule:
        return isinstance(value, str) and value.startswith(rule["starts"])
    if "at_least" in rule:
        return _is_at_least(value, rule["at_least"])
    if isinstance(value, list):
        return any(item in rule["in"] for item in value)
    return value in rule["in"]


def _is_at_least(value, limit) -> bool:
    try:
        return value is not None and Decimal(str(value)) >= Decimal(str(limit))
    except InvalidOperation:
        return False


def fields(rule: dict) -> frozenset[str]:
    """Every field that the rule looks at."""
    several = rule.get("any") or rule.get("all")
    if several:
        return frozenset().union(*(fields(each) for each in several))
    return frozenset({rule["field"]})
