"""How is a fact told exactly once? Its messages are rows, written in the transaction of the fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from django.utils import timezone

from iem_portal import rows
from iem_portal.notifications.models import Notification


@dataclass(frozen=True)
class Message:
    """One message to one address. `key` names the fact, the receiver and the channel.

    `address` is an e-mail address, or "contact:12" and "hook:3" for what people and engagements have set up
    (`accounts.reach.ways_of`, `notifications.hooks.hooks_of`). `about` names the thing it tells of, such as
    "escalation:12". `fallbacks` are tried in this order when the message is given up, each with a key of its own.
    """

    key: str
    channel: str
    address: str
    template: str
    params: dict = field(default_factory=dict)
    user_id: int | None = None
    language: str = "en"
    time_zone: str = "UTC"
    engagement_id: int | None = None
    about: str = ""
    #: Who and where in words, for the delivery log: "Kim Minji, text message".
    label: str = ""
    fallbacks: tuple[Message, ...] = ()


_TOLD = [field.name for field in fields(Message) if field.name != "fallbacks"]
_told = attrgetter(*_TOLD)
# One list for all: rows.insert_values converts each distinct object once.
_NONE: list = []


def enqueue(messages: list[Message], *, now: datetime | None = None) -> None:
    """Put messages into the outbox with one statement, inside the caller's transaction.

    A key that was used before raises IntegrityError and so undoes the fact as well: told twice is a mistake
    that must be seen. `now` (aware UTC) is when the message may leave.
    """
    now = now or timezone.now()
    rows.insert_values(
        Notification,
        [*_TOLD, "fallbacks", "fell_to", "created_at", "next_try_at", "attempts", "last_error"],
        [(*_told(one), _kept(one.fallbacks), "", now, now, 0, "") for one in messages],
    )


def fallbacks_of(row: Notification) -> list[Message]:
    """The messages that may take over from this one, each carrying those after it."""
    stored = [_message(words) for words in row.fallbacks]
    return [Message(**_words(one), fallbacks=tuple(stored[place + 1 :])) for place, one in enumerate(stored)]


def _kept(fallbacks: tuple[Message, ...]) -> list[dict]:
    return [_words(one) for one in fallbacks] if fallbacks else _NONE


def _words(message: Message) -> dict:
    return {name: getattr(message, name) for name in _TOLD}


def _message(words: Mapping) -> Message:
    """A stored message; words of a later release are left out."""
    return Message(**{name: value for name, value in words.items() if name in _TOLD})
