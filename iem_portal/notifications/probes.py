"""Is the relay alive?"""

from __future__ import annotations

from datetime import datetime, timedelta

from iem_portal.notifications.models import RelayBeat
from iem_portal.registry import Probe, probes

# A turn may last as long as a lease, when a receiver is slow.
LONGEST_SILENCE = timedelta(seconds=45)


@probes.register
class RelayProbe:
    """Well while the relay beats."""

    key = "relay"

    def check(self, now: datetime) -> Probe:
        """One read of the newest beat."""
        beat = RelayBeat.objects.order_by("-beat_at").first()
        if beat is None:
            return Probe(False, "the relay has never run")
        silence_s = max((now - beat.beat_at).total_seconds(), 0.0)
        is_well = silence_s <= LONGEST_SILENCE.total_seconds()
        return Probe(is_well, f"last beat {silence_s:.1f} s ago", {"silence_s": round(silence_s, 1)})
