"""How fresh are the clocks, for the foot of a board or an escalation?"""

from __future__ import annotations

from datetime import datetime, timedelta

from escalation.models import EngineBeat
from escalation.probes import LONGEST_SILENCE
from escalation.watching import lag

HOUR = timedelta(hours=1)


def context(now: datetime) -> dict:
    """When the engine last came round and how late it was in the last hour. Two queries."""
    beat_at = EngineBeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    return {
        "engine_beat_at": beat_at,
        "is_engine_silent": beat_at is None or now - beat_at > LONGEST_SILENCE,
        "engine_lag": lag.since(now - HOUR),
    }
