"""Sends the short form of a message as a text message, by Amazon SNS.

SNS knows no idempotency key for text messages: a relay that dies right after sending sends twice.
"""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from iem_portal.aws import sns
from iem_portal.aws.errors import EXPIRED, INCOMPLETE, MALFORMED, THROTTLED, TIMEOUT, TRANSIENT, AwsError
from iem_portal.aws.targets import Target
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification
from iem_portal.registry import channels

# The first link is worth its place: one press with a thumb.
LONGEST = 320
LATER = frozenset({THROTTLED, TRANSIENT, TIMEOUT, EXPIRED, MALFORMED, INCOMPLETE})


@channels.register
class Sms:
    """Two lines and the first link."""

    key = "sms"
    label = _("Text message")

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Hand it to SNS; raises TemporaryFailure or PermanentFailure."""
        if not settings.AWS_WRITES or not settings.SMS_ACCOUNT_ID:
            raise PermanentFailure("text messages are switched off (AWS_WRITES, SMS_ACCOUNT_ID)")
        target = Target(settings.SMS_ACCOUNT_ID, settings.SMS_REGION)
        try:
            sns.send_text(target, notification.to.address, text(notification), sender=settings.SMS_SENDER_ID)
        except AwsError as error:
            failure = TemporaryFailure if error.kind in LATER else PermanentFailure
            raise failure(str(error)) from error


def text(notification: Notification) -> str:
    """What the phone shows."""
    link = next((url for _label, url in notification.links), "")
    room = LONGEST - len(link) - 1 if link and link not in notification.short else LONGEST
    short = notification.short if len(notification.short) <= room else notification.short[: room - 1] + "…"
    return f"{short}\n{link}" if room < LONGEST else short
