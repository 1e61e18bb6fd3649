"""People without an account: where a request of theirs comes from, and how long a browser remembers their link."""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """Where the request came from; None for what is no address, such as a socket. PostgreSQL keeps no zone of one."""
    text = request.META.get("REMOTE_ADDR", "").partition("%")[0]
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return None
    return text


def remember(request: HttpRequest, key: str, number: int, *, most: int, until: datetime) -> None:
    """Keep the number of an opened link in the browser's session, for as long as the link says that it opens.

    A session would end after two weeks. That of somebody who has signed in is left as it is: it is worth more.
    """
    known = [other for other in request.session.get(key, []) if other != number]
    request.session[key] = [*known, number][-most:]
    if not request.user.is_authenticated and request.session.get_expiry_date() < until:
        request.session.set_expiry(until)
