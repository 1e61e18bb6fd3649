"""What the board says about the runbook: the band, the current step, the lanes, and the whole table."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models import Engagement
from warroom.charts import progress
from warroom.forecast import CLOSED, whole_minutes
from warroom.models import Step
from warroom.outlook import Outlook, outlook

NEXT_COUNT = 3


def clock(engagement: Engagement, now: datetime, view: Outlook | None = None) -> dict:
    """The band: phase, T0 clock, the last decided gate and the next one, pace, and the runbook's count."""
    view = view or outlook(engagement, now)
    context = {"engagement": engagement, "now": now, "view": view}
    if view is None:
        return context
    gates = [step for step in view.steps if step.is_gate]
    decided = [step for step in gates if step.decision]
    coming = [step for step in gates if step.decision != Step.Decision.GO and step.status == "planned"]
    coming = [step for step in coming if not decided or step.pk != decided[-1].pk]
    asked = next((step for step in gates if step.asked_until_at), None)
    next_gate = coming[0] if coming else None
    return context | {
        "asked": asked,
        "is_overdue": bool(asked and now > asked.asked_until_at),
        "last_gate": decided[-1] if decided else None,
        "next_gate": None if asked and asked is next_gate else next_gate,
        "next_gate_at": view.of(coming[0]).start_at if coming else None,
        "pace": pace(view.forecast.late_min),
        "forecast": view.forecast,
        "downtime": view.forecast.downtime,
        "is_past_limit": bool(view.forecast.end_at and view.forecast.end_at > view.runbook.window_end),
        "done": view.count("done", "skipped", "cancelled"),
        "total": len(view.steps),
        "running": view.count("running"),
        "blocked": view.count("blocked", "failed"),
        "runbook": view.runbook,
        "abort": view.forecast.abort,
        "is_abort_shown": bool(
            view.forecast.abort and view.runbook.status == "running" and not view.is_past_return
        ),
        # The band has room for one of the two; what is stopped is more urgent than how long one may turn back.
        "is_count_shown": view.runbook.status == "paused" or bool(view.count("blocked", "failed")),
    }


def pace(late_min: int) -> dict:
    """How far behind or ahead, as status kind and minutes: 5 minutes or more late is worth a colour."""
    if late_min > 0:
        return {"status": "watch" if late_min < 30 else "bad", "late_min": late_min, "early_min": 0}
    return {"status": "ok", "late_min": 0, "early_min": -late_min}


def step(engagement: Engagement, now: datetime, view: Outlook | None = None) -> dict:
    """The current step with its bars, others that run beside it, and the next ones."""
    view = view or outlook(engagement, now)
    if view is None or not view.steps:
        return {"engagement": engagement, "view": None}
    current = view.current
    running = [other for other in view.running if other is not current]
    coming = [other for other in view.upcoming if other is not current][:NEXT_COUNT]
    return {
        "engagement": engagement,
        "view": view,
        "now": now,
        "total": len(view.steps),
        "current": row(view, current) if current else None,
        "bars": bars(view, current, now) if current else None,
        "beside": [row(view, other) for other in running],
        "coming": [row(view, other) for other in coming],
    }


def row(view: Outlook, step: Step) -> dict:
    """One step with everything a template asks about it."""
    seen = view.of(step)
    return {
        "step": step,
        "number": step.position,
        "stream": view.stream_label(step.stream),
        "planned_start_at": seen.planned_start_at,
        "planned_end_at": seen.planned_end_at,
        "start_at": seen.start_at,
        "end_at": seen.end_at,
        "late_min": seen.late_min if step.actual_start_at else seen.start_late_min,
        "is_ready": seen.is_ready,
        "waits_for": seen.waits_for,
        "slack_min": seen.slack_min,
        "is_critical": seen.is_critical,
        "is_fixed": step.is_fixed_start,
    }


def bars(view: Outlook, step: Step, now: datetime) -> dict:
    """Plan and actual of one step on one axis, in percent."""
    seen = view.of(step)
    first = min(seen.planned_start_at, seen.start_at)
    last = max(seen.planned_end_at, seen.end_at, now)
    room = (last - first) * 0.06 or timedelta(minutes=1)
    x = axis(first - room, last + room)
    passed = min(max(now, seen.start_at), seen.end_at)
    return {
        "plan": span(x, seen.planned_start_at, seen.planned_end_at),
        "whole": span(x, seen.start_at, seen.end_at),
        "passed": span(x, seen.start_at, passed) if step.actual_start_at else None,
        "now": x(now),
        # Two labels nearer than a fifth of the box would overlap.
        "is_one_label": abs(x(seen.planned_end_at) - x(seen.end_at)) < 32,
        "has_start_label": x(seen.planned_end_at) - x(seen.planned_start_at) > 36,
    }


def axis(first: datetime, last: datetime):
    """A function from an instant to percent of the box, rounded to 0.01."""
    width = (last - first).total_seconds() or 1
    return lambda at: round((at - first).total_seconds() / width * 100, 2)


def span(x, start: datetime, end: datetime) -> dict:
    """A bar from start to end in percent, never so thin that it is lost."""
    left = max(x(start), 0)
    width = round(min(x(end), 100) - left, 2)
    return {"x": left, "width": max(width, 0.25), "end": round(left + width, 2)}


def elapsed(step: Step, now: datetime) -> int:
    """Whole minutes since the step began."""
    return whole_minutes(now - step.actual_start_at) if step.actual_start_at else 0


def table(engagement: Engagement, now: datetime, view: Outlook | None = None) -> dict:
    """Every step with plan, actual and what can be done to it, for the runbook page."""
    view = view or outlook(engagement, now)
    if view is None:
        return {"engagement": engagement, "view": None}
    current = view.current
    rows = [row(view, step) | {"is_current": step is current} for step in view.steps]
    return {
        "engagement": engagement,
        "view": view,
        "rows": rows,
        "forecast": view.forecast,
        "curve": _curve(view, now),
    }


def _curve(view: Outlook, now: datetime) -> progress.Curve | None:
    closings = [
        progress.Closing(view.of(step).planned_end_at, view.of(step).end_at, step.status in CLOSED)
        for step in view.steps
    ]
    return progress.curve(closings, t0=view.runbook.t0, limit=view.runbook.window_end, now=now)
