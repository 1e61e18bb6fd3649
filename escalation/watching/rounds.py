"""One round of watching: audit, keep what was found, and say outside that all is well."""

from __future__ import annotations

import time
from datetime import datetime

from escalation.models import Audit
from escalation.watching import heartbeat, lag
from escalation.watching.audit import wrongs
from escalation.watching.keeping import keep


def go(now: datetime) -> Audit:
    """Look everything over at `now` (aware UTC); the outside heartbeat is sent only when nothing was wrong."""
    began = time.monotonic()
    found = wrongs(now)
    audit = keep(found, now=now, took_ms=round((time.monotonic() - began) * 1000))
    lag.prune(now)
    if not found:
        heartbeat.ping(now=now)
    return audit
