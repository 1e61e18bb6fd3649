"""The plan chart: a row for each step by stream, plan and forecast or actual as bars, arrows between them.

Geometry: x in percent of the drawing, y in pixels; arrows in a box of 1000 units across.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from warroom.outlook import Outlook
from warroom.panels.steps import axis, span

ROW_PX, HEAD_PX, TOP_PX = 26, 24, 22
#: Steps planned farther than this from T0 are drawn at the edge of the axis and say so.
NEAR = timedelta(hours=8)


def chart(view: Outlook, now: datetime) -> dict:
    """Everything the drawing needs; no query."""
    first, last = _range(view, now)
    x = axis(first, last)
    groups, place, y = [], {}, TOP_PX
    for stream in view.runbook.streams:
        steps = [step for step in view.steps if step.stream == stream["key"]]
        if not steps:
            continue
        head_y, y = y, y + HEAD_PX
        rows = []
        for step in steps:
            place[step.code] = y
            rows.append(_row(view, step, x, y, now))
            y += ROW_PX
        groups.append({"stream": stream, "rows": rows, "y": head_y, "text_y": head_y + 16})
    return {
        "groups": groups,
        "ticks": _ticks(view.runbook.t0, first, last, x),
        "arrows": _arrows(view, place, x),
        "now_x": x(now) if first <= now <= last else None,
        "limit_x": x(view.runbook.window_end) if first <= view.runbook.window_end <= last else None,
        "abort_x": _abort_x(view, x, first, last),
        "height": y + 24,
        "bottom": y,
        "label_y": y + 16,
        "critical_count": len(view.forecast.critical),
    }


def _range(view: Outlook, now: datetime) -> tuple[datetime, datetime]:
    t0 = view.runbook.t0
    near = [seen for seen in view.forecast.steps.values() if abs(seen.planned_start_at - t0) <= NEAR] or list(
        view.forecast.steps.values()
    )
    first = min([t0, *(min(seen.planned_start_at, seen.start_at) for seen in near)])
    last = max([t0 + timedelta(hours=1), *(max(seen.planned_end_at, seen.end_at) for seen in near)])
    first, last = max(first, t0 - NEAR), min(last, t0 + 3 * NEAR)
    room = (last - first) * 0.03
    return first - room, last + room


def _row(view: Outlook, step, x, y: int, now: datetime) -> dict:
    seen = view.of(step)
    kind = _kind(step, seen)
    bar = span(x, seen.start_at, max(seen.end_at, seen.start_at))
    is_far = x(seen.end_at) < 0 or x(seen.start_at) > 100
    return {
        "step": step,
        "seen": seen,
        "y": y,
        "text_y": y + 17,
        "plan": span(x, seen.planned_start_at, seen.planned_end_at),
        "plan_y": y + 5,
        "bar": bar,
        "bar_y": y + 11,
        "kind": kind,
        "is_far": is_far,
        "is_before": x(seen.end_at) < 0,
        "far_at": seen.start_at,
        "is_critical": seen.is_critical,
        "label_x": bar["end"] if bar["end"] < 88 else max(bar["x"], 0),
        "label_end": bar["end"] >= 88,
    }


def _kind(step, seen) -> str:
    """Which of the marks the bar gets: dn done, la late, ru running, st stopped, sk left out, fo forecast."""
    if step.status in ("skipped", "cancelled"):
        return "sk"
    if step.status in ("failed", "blocked"):
        return "st"
    if step.status == "running":
        return "ru"
    if step.status == "done":
        return "la" if seen.late_min > 0 else "dn"
    return "fo"


def _arrows(view: Outlook, place: dict[str, int], x) -> list[dict]:
    """From the end (or start) of each predecessor to the start of the step."""
    facts = {step.code: step for step in view.steps}
    found = []
    for step in view.steps:
        for link in view.links(step):
            if link.code not in facts or step.code not in place or link.code not in place:
                continue
            before = view.of(facts[link.code])
            start = x(before.start_at if link.kind == "SS" else before.end_at)
            end = x(view.of(step).start_at)
            if not (0 <= start <= 100 and 0 <= end <= 100):
                continue
            is_critical = before.is_critical and view.of(step).is_critical
            found.append(_path(start * 10, place[link.code] + 14, end * 10, place[step.code], is_critical))
    return found


def _path(x1: float, y1: int, x2: float, y2: int, is_critical: bool) -> dict:
    y2 = y2 + 10 if y2 > y1 else y2 + 20
    return {
        "d": f"M{x1:.1f} {y1}V{y2 - 4 if y2 > y1 else y2 + 4}L{x2:.1f} {y2}",
        "is_critical": is_critical,
    }


def _abort_x(view: Outlook, x, first: datetime, last: datetime) -> float | None:
    seen = view.forecast.abort
    return x(seen.latest_at) if seen and first <= seen.latest_at <= last else None


def _ticks(t0: datetime, first: datetime, last: datetime, x) -> list[dict]:
    """Whole hours from T0, about ten of them."""
    hours = (last - first).total_seconds() / 3600
    every = next((step for step in (1, 2, 3, 6, 12, 24) if hours / step <= 12), 24)
    low = int((first - t0).total_seconds() // 3600) // every * every
    marks = []
    for hour in range(low, low + int(hours) + 2 * every, every):
        at = x(t0 + timedelta(hours=hour))
        if 1 <= at <= 99:
            marks.append({"x": at, "hours": hour, "size": abs(hour)})
    return marks
