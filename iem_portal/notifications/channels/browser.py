"""Shows a note on a person's screen, even with no page of the portal open: Web Push (RFC 8030)."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from iem_portal.notifications import webpush
from iem_portal.notifications.errors import Gone, PermanentFailure
from iem_portal.notifications.models import Notification
from iem_portal.notifications.outbound import Refused, post
from iem_portal.registry import channels

# A note that could not be shown within the hour has been overtaken by other ways.
KEPT_S = 3600
TOKEN_FOR = timedelta(hours=12)
GONE = (404, 410)


@channels.register
class Browser:
    """Two lines and the first link."""

    key = "browser"
    label = _("Browser")

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Hand it to the browser's push service; raises TemporaryFailure or PermanentFailure."""
        to = notification.to
        try:
            data = webpush.seal(note(notification, subject), **to.keys)
        except (ValueError, TypeError) as error:
            raise PermanentFailure(f"the browser's keys are none: {error}") from error
        try:
            post(to.address, data, headers(notification))
        except Refused as refusal:
            if refusal.status in GONE:
                raise Gone(str(refusal)) from refusal
            raise


def note(notification: Notification, subject: str) -> bytes:
    """What the service worker reads; short enough for every push service (4,096 bytes sealed)."""
    short = notification.short
    title, _line, more = short.partition("\n") if short else (subject, "", "")
    link = next((url for _label, url in notification.links), "")
    words = {"title": title[:200], "body": more[:500], "tag": tag(notification), "url": link}
    return json.dumps(words, ensure_ascii=False).encode()


def headers(notification: Notification) -> dict[str, str]:
    """A topic makes a later attempt replace the one before (RFC 8030, 5.4)."""
    until = int((notification.tried_at + TOKEN_FOR).timestamp())
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S),
        "Urgency": "high",
        "Topic": tag(notification),
        "Authorization": webpush.identity(notification.to.address, until=until),
    }


def tag(notification: Notification) -> str:
    """The same for every attempt: at most 32 characters of base64url."""
    return hashlib.sha256(notification.key.encode()).hexdigest()[:32]
