"""Who notices when the whole portal is gone? An outside watcher that misses our heartbeat."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from escalation.models import Audit
from escalation.watching.keeping import NAME

TIMEOUT_S = 5


def ping(*, now: datetime) -> bool:
    """GET settings.HEARTBEAT_URL and note what came of it; never inside a transaction. False without an address.

    Call it only after a clean audit: the watcher must miss it when something is wrong.
    """
    url = settings.HEARTBEAT_URL
    if not url:
        return False
    problem = _problem_of(url)
    noted = {"ping_problem": problem} if problem else {"ping_problem": "", "pinged_at": now}
    Audit.objects.filter(name=NAME).update(**noted)
    return not problem


def _problem_of(url: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        return "HEARTBEAT_URL is not an http address"
    request = urllib.request.Request(url, headers={"User-Agent": "iem-portal"})  # noqa: S310 (scheme checked)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:200]
