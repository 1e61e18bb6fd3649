"""How much later may each step end, and which steps set the end? Pure: standard library only, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from warroom.links import Link
from warroom.plan import CLOSED, StepFact, StepForecast, topological


def floor_of(step: StepFact, result: Mapping[str, StepForecast]) -> datetime | None:
    """The earliest instant the predecessors allow; None without any."""
    floors = [allowed(link, result) for link in step.links if link.code in result]
    if not floors:
        return None
    return min(floors) if step.start_rule == "any" else max(floors)


def allowed(link: Link, result: Mapping[str, StepForecast]) -> datetime:
    """From when one predecessor lets a step go."""
    seen = result[link.code]
    at = seen.start_at if link.kind == "SS" else seen.end_at
    return at + timedelta(minutes=link.lag_min)


def backward_pass(
    steps: Iterable[StepFact], result: Mapping[str, StepForecast], *, window_end: datetime
) -> dict[str, timedelta]:
    """How much later each open step may end without the window's end, or a time it must end by, being missed.

    A step fixed to a time after the window (keep the source three days) is measured against its own plan.
    """
    ordered = topological(steps)
    latest_end: dict[str, datetime] = {}
    for step in ordered:
        seen = result[step.code]
        is_beyond = step.is_fixed_start and seen.planned_end_at > window_end
        horizon = seen.planned_end_at if is_beyond else window_end
        latest_end[step.code] = min(horizon, step.must_end_at or horizon)
    for step in reversed(ordered):
        if step.is_begun:
            continue
        latest_start = latest_end[step.code] - timedelta(minutes=step.planned_min)
        for link in _binding(step, result):
            bound = latest_start - timedelta(minutes=link.lag_min)
            if link.kind == "SS":
                seen = result[link.code]
                bound += seen.end_at - seen.start_at
            latest_end[link.code] = min(latest_end[link.code], bound)
    return {s.code: latest_end[s.code] - result[s.code].end_at for s in ordered if s.status not in CLOSED}


def _binding(step: StepFact, result: Mapping[str, StepForecast]) -> list[Link]:
    """The links that a step's start hangs on: all of them, or under "any" those that let it go first."""
    links = [link for link in step.links if link.code in result]
    if step.start_rule != "any" or not links:
        return links
    first = min(allowed(link, result) for link in links)
    return [link for link in links if allowed(link, result) == first]


def critical_path(facts: Mapping[str, StepFact], result: Mapping[str, StepForecast], last: str) -> set[str]:
    """The open steps that set when `last` ends: each waits for nothing but the one before it."""
    found, todo = set(), [last]
    while todo:
        code = todo.pop()
        if code in found or facts[code].status in CLOSED:
            continue
        found.add(code)
        if facts[code].is_begun:
            continue
        start = result[code].start_at
        todo += [link.code for link in _binding(facts[code], result) if allowed(link, result) == start]
    return found
