"""Where the phases lie on a time axis, as percentages ready for SVG attributes.

Standard library only. A ruler is counted from T0: Initiate runs from the request to the start
of the plan, Plan to the readiness check a week before, Execute to the day after the event,
Review a week on; each is drawn as planned, and the present phase says how far it has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

PHASES = ("initiate", "plan", "execute", "review")
#: The readiness check is seven days before T0; a plan shorter than two weeks gives half its days.
READINESS_DAYS = 7
REVIEW_DAYS = 7
MIN_INITIATE = timedelta(days=1)


def pct(value: float) -> str:
    """A share as an SVG length. Never localised: "12.5%" in every language."""
    text = f"{value * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"


@dataclass(frozen=True)
class Span:
    """One phase on the axis: state is done, now or next."""

    phase: str
    starts_at: datetime
    ends_at: datetime
    state: str


@dataclass(frozen=True)
class Axis:
    """A stretch of time drawn from 0 to 100 %."""

    starts_at: datetime
    ends_at: datetime

    def at(self, instant: datetime) -> float:
        """The place of an instant, 0 at the start and 1 at the end; outside it runs on."""
        return (instant - self.starts_at) / (self.ends_at - self.starts_at)

    def clipped(self, instant: datetime) -> float:
        """The place of an instant, kept on the axis."""
        return min(1.0, max(0.0, self.at(instant)))

    def holds(self, instant: datetime) -> bool:
        """Whether the instant is on the axis."""
        return self.starts_at <= instant <= self.ends_at


def spans(
    *, requested_at: datetime, starts_at: datetime, ends_at: datetime, plan_days: int, phase: str
) -> list[Span]:
    """The four phases as planned; ``phase`` (or "closed") says which are done, running or to come."""
    execute_at = starts_at - timedelta(days=min(READINESS_DAYS, plan_days / 2))
    plan_at = min(starts_at - timedelta(days=plan_days), execute_at)
    initiate_at = min(requested_at, plan_at - MIN_INITIATE)
    review_at = ends_at + timedelta(days=1)
    bounds = [initiate_at, plan_at, execute_at, review_at, review_at + timedelta(days=REVIEW_DAYS)]
    now_index = PHASES.index(phase) if phase in PHASES else len(PHASES)
    states = ["done" if i < now_index else "now" if i == now_index else "next" for i in range(len(PHASES))]
    return [
        Span(name, bounds[i], bounds[i + 1], states[i]) for i, name in enumerate(PHASES)
    ]  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A rectangle of the drawing: css class suffix, x and width as SVG lengths."""

    kind: str
    x: str
    width: str
    phase: str = ""


def bars(phase_spans: Iterable[Span], axis: Axis, now: datetime, gap: float = 0.0035) -> list[Bar]:
    """The rectangles of one row: done, now with its past part, and next; nothing outside the axis."""
    drawn = []
    for span in phase_spans:
        left, right = axis.clipped(span.starts_at), axis.clipped(span.ends_at)
        width = right - left - gap
        if width <= 0:
            continue
        drawn.append(Bar(span.state, pct(left), pct(width), span.phase))
        if span.state == "now":
            past = min(axis.clipped(now), right - gap) - left
            if past > 0:
                drawn.append(Bar("past", pct(left), pct(past), span.phase))
    return drawn


def shares(phase_spans: list[Span], columns: int = 100, least: int = 12) -> list[int]:
    """The phases' widths as whole columns of a 100-column grid, none narrower than ``least``."""
    total = (phase_spans[-1].ends_at - phase_spans[0].starts_at).total_seconds()
    raw = [columns * (span.ends_at - span.starts_at).total_seconds() / total for span in phase_spans]
    widths = [max(least, round(share)) for share in raw]
    while sum(widths) != columns:
        step = 1 if sum(widths) < columns else -1
        index = max(range(len(widths)), key=lambda i: widths[i])
        widths[index] += step
    return widths


def month_starts(axis: Axis) -> list[date]:
    """The first days of the months on the axis, in the axis's own zone."""
    first = axis.starts_at.date().replace(day=1)
    days = []
    while first <= axis.ends_at.date():
        if first >= axis.starts_at.date():
            days.append(first)
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return days
