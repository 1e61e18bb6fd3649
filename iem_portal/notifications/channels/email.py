"""Sends messages by e-mail through whatever mail backend the settings name."""

from __future__ import annotations

import hashlib
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification
from iem_portal.registry import channels


@channels.register
class Email:
    """One plain-text mail per message."""

    key = "email"
    label = _("E-mail")

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Hand the mail over; raises TemporaryFailure or PermanentFailure."""
        headers = {"Message-ID": message_id(notification.key), "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(subject, body, to=[notification.address], headers=headers)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise _failure(max(codes, default=400), error) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _failure(error.smtp_code, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(str(error)) from error


def message_id(key: str) -> str:
    """The same for every attempt, so that a mail sent twice after a crash is recognised as one (RFC 5322)."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.BASE_URL).hostname}>"


def _failure(code: int, error: Exception) -> Exception:
    # SMTP: 4xx means later, 5xx means never (RFC 5321, section 4.2.1).
    return PermanentFailure(str(error)) if code >= 500 else TemporaryFailure(str(error))
