"""What became of a send? Marked on its message, tried again later, or handed to the next way."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from iem_portal.notifications import destinations, outbox
from iem_portal.notifications.errors import Gone, PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification, NotificationAttempt

logger = logging.getLogger(__name__)

BACK_OFF_S = (5, 15, 60, 300)
# A receiver may ask for a longer pause, up to this.
LONGEST_PAUSE_S = 900
MAX_ATTEMPTS = 10
# With another way to try, a person is not kept waiting: 5 + 15 + 60 s, then the next one.
ATTEMPTS_BEFORE_FALLBACK = 4
_Outcome = NotificationAttempt.Outcome


def waiting():
    """Messages that are neither sent nor put aside."""
    return Notification.objects.filter(sent_at__isnull=True, dead_at__isnull=True)


def sent(row: Notification, turn, now: datetime) -> None:
    """It was taken."""
    waiting().filter(pk=row.pk).update(sent_at=now, last_error="")
    turn.sent += 1


def failed(row: Notification, turn, error: BaseException, now: datetime) -> None:
    """It was not: `error` says whether it is tried again."""
    if not isinstance(error, TemporaryFailure | PermanentFailure):
        logger.error("notification %s: cannot be sent", row.key, exc_info=error)
    most = ATTEMPTS_BEFORE_FALLBACK if row.fallbacks else MAX_ATTEMPTS
    if isinstance(error, PermanentFailure) or row.attempts >= most:
        _put_aside(row, turn, error, now)
    else:
        _try_later(row, turn, error, now)


def _try_later(row: Notification, turn, error: BaseException, now: datetime) -> None:
    own = BACK_OFF_S[min(row.attempts, len(BACK_OFF_S)) - 1]
    asked = min(getattr(error, "retry_after_s", 0.0), LONGEST_PAUSE_S)
    at = now + timedelta(seconds=max(own, asked))
    with transaction.atomic():
        if waiting().filter(pk=row.pk).update(next_try_at=at, last_error=_said(error)):
            _note(row, _Outcome.LATER, error, now)
    turn.failed += 1


def _put_aside(row: Notification, turn, error: BaseException, now: datetime) -> None:
    logger.error(
        "notification %s to %s is given up after %s attempts: %s", row.key, row.address, row.attempts, error
    )
    with transaction.atomic():
        # Another relay may have sent it meanwhile: then nobody else is told either.
        if waiting().filter(pk=row.pk).update(dead_at=now, last_error=_said(error)):
            _note(row, _Outcome.NEVER, error, now)
            _fall(row, now)
            if isinstance(error, Gone):
                destinations.end(row.address, _said(error))
    turn.dead += 1


def _fall(row: Notification, now: datetime) -> None:
    """Tell by the next way, unless that message exists already: nobody is told twice by one way."""
    for message in outbox.fallbacks_of(row):
        if not Notification.objects.filter(key=message.key).exists():
            outbox.enqueue([message], now=now)
            Notification.objects.filter(pk=row.pk).update(fell_to=message.key)
            return


def _note(row: Notification, outcome: str, error: BaseException, now: datetime) -> None:
    NotificationAttempt.objects.create(
        notification_id=row.pk, number=row.attempts, at=now, outcome=outcome, words=_said(error)
    )


def _said(error: BaseException) -> str:
    """The receiver's words; a mistake of ours is named as well."""
    is_said = isinstance(error, TemporaryFailure | PermanentFailure) and str(error)
    words = str(error) if is_said else f"{type(error).__name__}: {error}"
    return words[:500].replace("\0", "")
