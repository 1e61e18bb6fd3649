"""How far behind are the clocks? Figures for /metrics."""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.models import Audit, Deadline, EngineBeat, Escalation, Finding
from escalation.probes import overdue
from escalation.watching import lag
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
class ClockLateness:
    """How punctual the last hour was."""

    key = "clock_lateness_p99_milliseconds"
    help = "Lateness below which 99 % of the last hour's deadlines were recorded"

    def read(self, now: datetime) -> float:
        """NaN while nothing was recorded in the last hour."""
        late = lag.since(now - timedelta(hours=1))
        return float("nan") if late.p99_ms is None else late.p99_ms


@gauges.register
class AuditFindings:
    """More than zero wants a look at the engine's page."""

    key = "clock_audit_findings"
    help = "Things that the last audit of the clocks found wrong"

    def read(self, now: datetime) -> int:
        """What is open now."""
        return Finding.objects.filter(gone_at__isnull=True).count()


@gauges.register
class AuditAge:
    """Grows when nobody audits."""

    key = "clock_audit_age_seconds"
    help = "Seconds since the clocks were last looked over"

    def read(self, now: datetime) -> float:
        """NaN while no audit has ever run."""
        at = Audit.objects.values_list("at", flat=True).first()
        return max((now - at).total_seconds(), 0.0) if at else float("nan")


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
