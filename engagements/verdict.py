"""Whether a measured value meets a success criterion."""

from __future__ import annotations

from decimal import Decimal

#: The comparisons a criterion may use, as they are written and as they are read aloud.
OPERATORS = ("<=", "<", ">=", ">", "=", "between")
SYMBOLS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">", "=": "=", "between": ""}


def is_met(
    operator: str, target: Decimal, target_high: Decimal | None, actual: Decimal | None
) -> bool | None:
    """True or False once a value was measured; None before that. "between" includes both ends."""
    if actual is None:
        return None
    match operator:
        case "<=":
            return actual <= target
        case "<":
            return actual < target
        case ">=":
            return actual >= target
        case ">":
            return actual > target
        case "=":
            return actual == target
        case "between":
            return target <= actual <= (target if target_high is None else target_high)
    raise ValueError(f"unknown comparison {operator!r}")


def plain(value: Decimal | None) -> str:
    """A number without its trailing zeros: 600.0000 is 600, 0.3100 is 0.31."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def target_text(operator: str, target: Decimal, target_high: Decimal | None, unit: str) -> str:
    """The target as people write it: "≤ 600 ms", "10–20 %"."""
    number = plain(target)
    if operator == "between" and target_high is not None:
        number = f"{number}–{plain(target_high)}"
    return " ".join(part for part in (SYMBOLS.get(operator, operator), with_unit(number, unit)) if part)


def with_unit(number: str, unit: str) -> str:
    """The number with its unit; a per cent sign stands close, a word apart."""
    if not number or not unit:
        return number
    return f"{number}%" if unit == "%" else f"{number} {unit}"
