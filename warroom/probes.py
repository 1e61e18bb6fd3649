"""Is AWS being read while a war room is open?"""

from __future__ import annotations

from datetime import datetime

from iem_portal.registry import Probe, probes
from warroom.lag import LONGEST_WAIT, lag_s


@probes.register
class PollingProbe:
    """Well while no target has waited longer than two minutes; a fault of AWS itself is not ours."""

    key = "polling"

    def check(self, now: datetime) -> Probe:
        """One read."""
        lag = lag_s(now)
        if lag > LONGEST_WAIT.total_seconds():
            return Probe(False, f"a source has waited {lag:.0f} s to be read", {"lag_s": round(lag, 1)})
        return Probe(True, f"longest wait {lag:.0f} s", {"lag_s": round(lag, 1)})
