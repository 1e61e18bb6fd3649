"""Who may open a stream on a topic, decided once when it opens, outside Django's request cycle."""

from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from iem_portal import registry


@dataclass(frozen=True)
class Admission:
    """Whose stream it is and what decides its bytes.

    ``reader`` is whose streams are counted; ``ends_at`` when the right to it ends, None for as long as any stream.
    """

    reader: int | str
    audience: str
    language: str
    ends_at: datetime | None = None


class Refused(Exception):
    """The stream is not opened; `status` is the HTTP answer."""

    def __init__(self, status: int):
        super().__init__(f"refused with {status}")
        self.status = status


def session_key(cookie_header: str) -> str:
    """The session key in a Cookie header, or ""."""
    try:
        morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def admit(kind: str, subject_id: int, key: str) -> Admission:
    """Session, user and right, in three or four queries. Runs in a thread of the hub.

    A topic for people without an account has ``guest_admission(session, subject_id, now)`` → Admission or None;
    with ``is_by_link`` that alone counts, whoever is signed in.
    Raises Refused: 401 without a signed-in user, 404 for a stranger, so that ids cannot be probed.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    topic = registry.topics.get(kind)
    if not user.is_authenticated or getattr(topic, "is_by_link", False):
        guest_admission = getattr(topic, "guest_admission", None)
        admission = guest_admission and guest_admission(request.session, subject_id, timezone.now())
        if admission is None:
            raise Refused(401)
        return admission
    audience_for = getattr(topic, "audience_for", None)
    audience = audience_for(user, subject_id) if audience_for else None
    if audience is None:
        raise Refused(404)
    return Admission(user.pk, audience, user.language)
