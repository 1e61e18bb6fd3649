"""Who is told that a deadline has passed? One list of messages for a whole batch."""

from __future__ import annotations

from datetime import datetime

from escalation import telling
from iem_portal.notifications.outbox import Message

FIRST_RESPONSE = "first_response"


def of_dues(dues: list, *, now: datetime) -> list[Message]:
    """The messages of these fired deadlines (`firing.Due`), in a number of statements that does not grow with them."""
    told = [due for due in dues if due.kind == FIRST_RESPONSE and due.stage in telling.TEMPLATES]
    members = telling.people({due.engagement.pk for due in told})
    return [message for due in told for message in telling.of_deadline(due, members[due.engagement.pk])]
