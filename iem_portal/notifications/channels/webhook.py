"""Posts messages as JSON to any system, signed so that it can tell ours from others.

Headers and signature follow the Standard Webhooks specification: `webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">`. docs/api.md describes them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json

from django.utils.translation import gettext_lazy as _

from iem_portal.notifications.hooks import SECRET_PREFIX
from iem_portal.notifications.models import Notification
from iem_portal.notifications.outbound import post
from iem_portal.registry import channels


@channels.register
class Webhook:
    """One JSON object per message."""

    key = "webhook"
    label = _("Signed webhook")

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Post it; raises TemporaryFailure or PermanentFailure."""
        data = json.dumps(payload(notification, subject, body)).encode()
        post(notification.to.address, data, headers(notification, data))


def payload(notification: Notification, subject: str, body: str) -> dict:
    """What the receiver reads; `params` are the facts as they were when the message was written."""
    return {
        "id": identity(notification),
        "type": notification.template.rpartition("/")[2],
        "about": notification.about,
        "at": notification.created_at.isoformat(),
        "language": notification.language,
        "subject": subject,
        "text": body,
        "links": [{"label": label, "url": url} for label, url in notification.links],
        "params": notification.params,
    }


def headers(notification: Notification, data: bytes) -> dict[str, str]:
    """Identity, time and signature. The identity is the same on every attempt, the time is not."""
    key, at = identity(notification), str(int(notification.tried_at.timestamp()))
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": at,
        "webhook-signature": signature(notification.to.secret, key, at, data),
    }


def identity(notification: Notification) -> str:
    """One for each message, however often it is sent."""
    return "msg_" + hashlib.sha256(notification.key.encode()).hexdigest()[:32]


def signature(secret: str, key: str, at: str, data: bytes) -> str:
    """`v1,` and the HMAC in base64."""
    digest = hmac.new(_bytes(secret), f"{key}.{at}.".encode() + data, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def _bytes(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
