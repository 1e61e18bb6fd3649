"""Is the clock alive, and is no deadline left lying?"""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.engine import PUSH_AHEAD
from escalation.models import Deadline, EngineBeat
from iem_portal.registry import Probe, probes

LONGEST_SILENCE = timedelta(seconds=5)


def overdue(now: datetime):
    """Deadlines that should have been recorded more than five seconds ago, the pushed-ahead ones included."""
    within_reach = Deadline.objects.waiting().filter(wake_at__lte=now + PUSH_AHEAD)
    return within_reach.filter(due_at__lt=now - LONGEST_SILENCE)


@probes.register
class ClockProbe:
    """Well while the loop beats and everything due has been recorded."""

    key = "clock"

    def check(self, now: datetime) -> Probe:
        """Two reads: the newest beat, and what lies overdue."""
        beat = EngineBeat.objects.order_by("-beat_at").first()
        if beat is None:
            return Probe(False, "the clock loop has never run")
        silence_s = max((now - beat.beat_at).total_seconds(), 0.0)
        late = overdue(now).count()
        data = {"silence_s": round(silence_s, 1), "overdue": late}
        if silence_s > LONGEST_SILENCE.total_seconds():
            return Probe(False, f"the clock loop was last heard {silence_s:.0f} s ago", data)
        if late:
            return Probe(False, f"{late} deadlines are overdue", data)
        return Probe(True, f"last beat {silence_s:.1f} s ago", data)
