"""How far behind are the clocks? Figures for /metrics."""

from __future__ import annotations

from datetime import datetime

from escalation.models import Deadline, EngineBeat, Escalation
from escalation.probes import overdue
from iem_portal.registry import gauges


@gauges.register
class ClockSilence:
    """Grows when the clock loop is dead."""

    key = "clock_silence_seconds"
    help = "Seconds since the clock loop last came round"

    def read(self, now: datetime) -> float:
        """NaN while no loop has ever run."""
        beat_at = EngineBeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
        return max((now - beat_at).total_seconds(), 0.0) if beat_at else float("nan")


@gauges.register
class ClockTurn:
    """Grows when the database is slow."""

    key = "clock_turn_milliseconds"
    help = "Length of the clock loop's last turn"

    def read(self, now: datetime) -> float:
        """Zero while no loop has ever run."""
        return EngineBeat.objects.order_by("-beat_at").values_list("cycle_ms", flat=True).first() or 0


@gauges.register
class ClockLag:
    """The lateness people would see."""

    key = "clock_lag_seconds"
    help = "Seconds the oldest unrecorded deadline is overdue"

    def read(self, now: datetime) -> float:
        """Zero while nothing is overdue."""
        oldest = Deadline.objects.waiting().order_by("wake_at").values_list("due_at", flat=True).first()
        return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0


@gauges.register
class DeadlinesOverdue:
    """More than zero means that rows fail."""

    key = "clock_deadlines_overdue"
    help = "Deadlines unrecorded for more than five seconds"

    def read(self, now: datetime) -> int:
        """Counted from the partial index."""
        return overdue(now).count()


@gauges.register
class EscalationsOpen:
    """How busy the war rooms are."""

    key = "escalations_open"
    help = "Escalations that are not resolved"

    def read(self, now: datetime) -> int:
        """All engagements together."""
        return Escalation.objects.filter(resolved_at__isnull=True).count()
