"""Who notices when the whole portal is gone? An outside watcher that misses our heartbeat."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from escalation.models import Audit
from escalation.watching.keeping import NAME
from iem_portal.notifications import outbound
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure


def ping(*, now: datetime) -> bool:
    """GET settings.HEARTBEAT_URL and note what came of it; never inside a transaction. False without an address.

    Call it only after a clean audit: the watcher must miss it when something is wrong. A watcher that redirects, or
    that answers a byte at a time, has not heard it.
    """
    url = settings.HEARTBEAT_URL
    if not url:
        return False
    problem = _problem_of(url)
    noted = {"ping_problem": problem} if problem else {"ping_problem": "", "pinged_at": now}
    Audit.objects.filter(name=NAME).update(**noted)
    return not problem


def _problem_of(url: str) -> str:
    try:
        outbound.get_own(url)
    except (TemporaryFailure, PermanentFailure) as error:
        return str(error)[:200]
    return ""
