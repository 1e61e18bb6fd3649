"""The ruler of the board: plan and actual of every stream on one time axis, drawn in percent."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Engagement
from warroom.outlook import Outlook, outlook
from warroom.panels.steps import axis, span

BEFORE_T0 = timedelta(hours=4)
LANE_PX = 24
TOP_PX = 18
HOURS_STEPS = (1, 2, 3, 6, 12, 24)


def lanes(engagement: Engagement, now: datetime, view: Outlook | None = None) -> dict:
    """One lane for each stream, gate lines, the limit, and now; steps days away are only counted."""
    view = view or outlook(engagement, now)
    if view is None:
        return {"engagement": engagement, "view": None}
    first, last = _range(view, now)
    x = axis(first, last)
    inside = [step for step in view.steps if first <= view.of(step).planned_start_at <= last]
    streams = [
        s
        for s in view.runbook.streams
        if any(step.stream == s["key"] and not step.is_gate for step in inside)
    ]
    drawn = [_lane(view, stream, inside, x, number, now) for number, stream in enumerate(streams)]
    bottom = TOP_PX + LANE_PX * len(streams)
    return {
        "engagement": engagement,
        "view": view,
        "now": now,
        "lanes": drawn,
        "gates": _gates(view, inside, x),
        "ticks": _ticks(view.runbook.t0, first, last, x),
        "limit_x": x(view.runbook.window_end) if first <= view.runbook.window_end <= last else None,
        "now_x": x(now) if first <= now <= last else None,
        "bottom": bottom,
        "height": bottom + 20,
        "label_y": bottom + 15,
        "done": view.count("done", "skipped", "cancelled"),
        "running": view.count("running"),
        "to_go": view.count("planned", "blocked", "failed"),
        "before": sum(view.of(step).planned_start_at < first for step in view.steps),
        "after": sum(view.of(step).planned_start_at > last for step in view.steps),
        "late": [lane for lane in drawn if lane["late_min"] > 0],
    }


def _range(view: Outlook, now: datetime) -> tuple[datetime, datetime]:
    """From the first step of the last hours before T0 to the end of the window, or the forecast end."""
    t0, limit = view.runbook.t0, view.runbook.window_end
    near = [seen for seen in view.forecast.steps.values() if seen.planned_start_at >= t0 - BEFORE_T0]
    first = min((min(seen.planned_start_at, seen.start_at) for seen in near), default=t0)
    ends = [seen.end_at for seen in near if seen.planned_end_at <= limit]
    room = (limit - t0) * 0.02
    return max(min(first, t0), t0 - BEFORE_T0) - room, max([limit, *ends]) + room


def _lane(view: Outlook, stream: dict, inside: list, x, number: int, now: datetime) -> dict:
    top = TOP_PX + LANE_PX * number
    steps = [step for step in inside if step.stream == stream["key"] and not step.is_gate]
    plans, actuals = [], []
    for step in steps:
        seen = view.of(step)
        plans.append(span(x, seen.planned_start_at, seen.planned_end_at))
        if step.actual_start_at:
            end = step.actual_end_at or now
            kind = "run" if step.status == "running" else "late" if seen.late_min > 0 else "a"
            actuals.append(span(x, step.actual_start_at, end) | {"kind": kind})
    begun = [view.of(step).late_min for step in steps if step.actual_start_at]
    return {
        "label": stream["label"],
        "line_y": top + LANE_PX,
        "plan_y": top + 4,
        "actual_y": top + 11,
        "plans": plans,
        "actuals": actuals,
        "late_min": begun[-1] if begun else 0,
    }


def _gates(view: Outlook, inside: list, x) -> list[dict]:
    marks = []
    for step in inside:
        if step.is_gate:
            seen = view.of(step)
            at = step.actual_end_at or seen.start_at
            marks.append({"x": x(at), "code": step.code, "is_go": step.decision == "go"})
    return [mark for mark in marks if 0 <= mark["x"] <= 100]


def _ticks(t0: datetime, first: datetime, last: datetime, x) -> list[dict]:
    """Whole hours from T0, as many as fit: about ten of them."""
    hours = (last - first).total_seconds() / 3600
    every = next((step for step in HOURS_STEPS if hours / step <= 12), 24)
    low = int((first - t0).total_seconds() // 3600) // every * every
    ticks = []
    for number, hour in enumerate(range(low, int(hours) + low + every + 1, every)):
        at = x(t0 + timedelta(hours=hour))
        if 0 <= at <= 100:
            anchor = "start" if at < 3 else "end" if at > 97 else "middle"
            ticks.append(
                {"x": at, "hours": hour, "size": abs(hour), "is_odd": number % 2 == 0, "anchor": anchor}
            )
    return ticks
