"""The simulated AWS's own door: which game days it knows, and beginning and ending one in an account.

The real AWS has no such door; nobody is asked while the portal reads it.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime

from django.conf import settings

PATH = "/_sim/gamedays"
PATIENCE_S = 5


class Closed(Exception):
    """No simulated AWS answers there."""


def known() -> list[dict]:
    """What can be played: key, title and story by language, minutes, moments. Closed when nobody answers."""
    return _ask("GET")["known"]


def begin(key: str, account_id: str) -> datetime:
    """Lay this game day over the account from now on; the minute it began at (aware UTC)."""
    return datetime.fromtimestamp(_ask("POST", {"key": key, "account": account_id})["at"], UTC)


def end(account_id: str) -> None:
    """Give the account its story back."""
    _ask("DELETE", {"account": account_id})


def _ask(method: str, body: dict | None = None) -> dict:
    if not settings.SIMULATED_AWS:
        raise Closed
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(settings.AWS_ENDPOINT_URL.rstrip("/") + PATH, data=data, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310  (the endpoint of the settings)
            return json.load(answer)
    except (OSError, ValueError) as error:
        raise Closed from error
