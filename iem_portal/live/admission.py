"""Who may open a stream on a topic, decided once when it opens, outside Django's request cycle."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from iem_portal import registry


@dataclass(frozen=True)
class Admission:
    """Whose stream it is and what decides its bytes."""

    user_id: int
    audience: str
    language: str


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

    Raises Refused: 401 without a signed-in user, 404 for a stranger, so that ids cannot be probed.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_authenticated:
        raise Refused(401)
    topic = registry.topics.get(kind)
    audience_for = getattr(topic, "audience_for", None)
    audience = audience_for(user, subject_id) if audience_for else None
    if audience is None:
        raise Refused(404)
    return Admission(user.pk, audience, user.language)
