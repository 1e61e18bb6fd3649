"""How is a fact told exactly once? Its messages are rows, written in the transaction of the fact."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from django.utils import timezone

from iem_portal import rows
from iem_portal.notifications.models import Notification


@dataclass(frozen=True)
class Message:
    """One message to one address. `key` names the fact, the receiver and the channel."""

    key: str
    channel: str
    address: str
    template: str
    params: dict = field(default_factory=dict)
    user_id: int | None = None
    language: str = "en"
    time_zone: str = "UTC"
    engagement_id: int | None = None


_TOLD = [field.name for field in fields(Message)]
_told = attrgetter(*_TOLD)


def enqueue(messages: list[Message], *, now: datetime | None = None) -> None:
    """Put messages into the outbox with one statement, inside the caller's transaction.

    A key that was used before raises IntegrityError and so undoes the fact as well: told twice is a mistake
    that must be seen. `now` (aware UTC) is when the message may leave.
    """
    now = now or timezone.now()
    rows.insert_values(
        Notification,
        [*_TOLD, "created_at", "next_try_at", "attempts", "last_error"],
        [(*_told(message), now, now, 0, "") for message in messages],
    )
