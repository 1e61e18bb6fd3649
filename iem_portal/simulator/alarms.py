"""Which state did an alarm have at which minute? Evaluated minute by minute from the series, never stored by hand."""

from __future__ import annotations

import operator
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .scenario import AlarmSpec
from .series import Identity, Series, identity

COMPARE: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
NO_LAG = float("inf")  # CloudWatch evaluates what it has ingested; the lag is that of reading


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state at a scenario minute."""

    minute: int
    old: str
    new: str
    reason: str
    datapoints: tuple[float, ...] = ()


class AlarmBook:
    """The transitions of every alarm up to a minute; they depend on the scenario alone, so they are kept."""

    def __init__(self, specs: list[AlarmSpec], series: dict[Identity, Series]) -> None:
        self.specs = specs
        self._series = series
        self._lock = threading.Lock()
        self._t0: int | None = None
        self._kept: dict[tuple[str, str, str], tuple[int, list[Transition]]] = {}

    def of(self, account: str, region: str) -> list[AlarmSpec]:
        found = [spec for spec in self.specs if (spec.account, spec.region) == (account, region)]
        return sorted(found, key=lambda spec: spec.name)

    def transitions(self, spec: AlarmSpec, *, t0: int, now: float) -> list[Transition]:
        """All changes of state up to `now`, oldest first."""
        last = int((now - t0) // 60)
        with self._lock:
            if self._t0 != t0:
                self._t0, self._kept = t0, {}
            known = self._advance(spec, last, t0)
        return [change for change in known if change.minute <= last]

    def _advance(self, spec: AlarmSpec, last: int, t0: int) -> list[Transition]:
        key = (spec.account, spec.region, spec.name)
        done, changes = self._kept.get(key, (spec.from_min - 1, []))
        state = changes[-1].new if changes else "INSUFFICIENT_DATA"
        evaluate = self._rule(spec, last, t0) if spec.is_composite else self._metric(spec, t0)
        for minute in range(done + 1, last + 1):
            new, reason, datapoints = evaluate(minute, state)
            if new != state:
                changes.append(Transition(minute, state, new, reason, datapoints))
                state = new
        self._kept[key] = (max(done, last), changes)
        return changes

    def _metric(self, spec: AlarmSpec, t0: int) -> Callable[[int, str], tuple[str, str, tuple[float, ...]]]:
        series = self._series.get(
            identity(spec.account, spec.region, spec.namespace, spec.metric, spec.dimensions)
        )
        span = spec.period_s // 60  # minutes

        def evaluate(minute: int, state: str) -> tuple[str, str, tuple[float, ...]]:
            values: list[float | None] = []
            for back in range(spec.evaluation_periods, 0, -1):
                start = t0 + (minute - back * span) * 60
                found = series and series.statistic(spec.stat, start, spec.period_s, t0=t0, now=NO_LAG)
                values.append(found)
            return judge(spec, values, state, t0 + minute * 60)

        return evaluate

    def _rule(
        self, spec: AlarmSpec, last: int, t0: int
    ) -> Callable[[int, str], tuple[str, str, tuple[float, ...]]]:
        children = {
            child.name: self._advance(child, last, t0)
            for child in self.of(spec.account, spec.region)
            if child.name in rule_names(spec.rule)
        }

        def evaluate(minute: int, state: str) -> tuple[str, str, tuple[float, ...]]:
            states = {name: state_at(changes, minute) for name, changes in children.items()}
            new = "ALARM" if rule_holds(spec.rule, states) else "OK"
            when = _stamp(t0 + minute * 60)
            return new, f"The rule {spec.rule} gave {new} at {when}", ()

        return evaluate


def state_at(changes: list[Transition], minute: int) -> str:
    state = "INSUFFICIENT_DATA"
    for change in changes:
        if change.minute > minute:
            break
        state = change.new
    return state


def judge(
    spec: AlarmSpec, values: list[float | None], state: str, at: float
) -> tuple[str, str, tuple[float, ...]]:
    """The state after one evaluation: M of N datapoints, missing ones treated as the alarm says."""
    compare, words = COMPARE[spec.comparison]
    present = tuple(value for value in values if value is not None)
    if not present and spec.missing == "ignore":
        return state, "", ()
    if not present and spec.missing == "missing":
        return "INSUFFICIENT_DATA", f"Insufficient Data: no datapoints were received at {_stamp(at)}.", ()
    missing_breaches = len(values) - len(present) if spec.missing == "breaching" else 0
    breaching = sum(compare(value, spec.threshold) for value in present) + missing_breaches
    new = "ALARM" if breaching >= spec.datapoints_to_alarm else "OK"
    shown = ", ".join(f"{value:.6g}" for value in present)
    verb = "were" if new == "ALARM" else "were not"
    reason = (
        f"Threshold Crossed: {breaching if new == 'ALARM' else len(values) - breaching} out of the last "
        f"{len(values)} datapoints [{shown}] {verb} {words} the threshold ({spec.threshold:g})."
    )
    return new, reason, present


# --- composite rules ---------------------------------------------------------------------------------------------

TOKEN = re.compile(
    r'\s*(AND\b|OR\b|NOT\b|TRUE\b|FALSE\b|\(|\)|(ALARM|OK|INSUFFICIENT_DATA)\(\s*"?([^")]+?)"?\s*\))'
)


def rule_names(rule: str) -> set[str]:
    return {name for _, _, name in TOKEN.findall(rule) if name}


def rule_holds(rule: str, states: Mapping[str, str]) -> bool:
    """Does `ALARM("a") AND NOT OK("b") …` hold for these states?"""
    tokens, position = [], 0
    while position < len(rule.rstrip()):
        match = TOKEN.match(rule, position)
        if match is None:
            raise ValueError(f"composite rule not understood at: {rule[position:]}")
        tokens.append(match.groups())
        position = match.end()
    value, rest = _either(tokens, states)
    if rest:
        raise ValueError(f"composite rule has something left over: {rule}")
    return value


def _either(tokens: list, states: Mapping[str, str]) -> tuple[bool, list]:
    value, tokens = _both(tokens, states)
    while tokens and tokens[0][0] == "OR":
        other, tokens = _both(tokens[1:], states)
        value = value or other
    return value, tokens


def _both(tokens: list, states: Mapping[str, str]) -> tuple[bool, list]:
    value, tokens = _one(tokens, states)
    while tokens and tokens[0][0] == "AND":
        other, tokens = _one(tokens[1:], states)
        value = value and other
    return value, tokens


def _one(tokens: list, states: Mapping[str, str]) -> tuple[bool, list]:
    if not tokens:
        raise ValueError("composite rule ends too early")
    (word, state, name), rest = tokens[0], tokens[1:]
    if word == "NOT":
        value, rest = _one(rest, states)
        return not value, rest
    if word == "(":
        value, rest = _either(rest, states)
        if not rest or rest[0][0] != ")":
            raise ValueError("composite rule lacks a closing bracket")
        return value, rest[1:]
    if word in ("TRUE", "FALSE"):
        return word == "TRUE", rest
    if not name:
        raise ValueError(f"composite rule does not expect {word} here")
    return states.get(name, "INSUFFICIENT_DATA") == state, rest


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
