"""Posts messages to a Microsoft Teams channel by a workflow ("When a Teams webhook request is received").

Shape: Microsoft's "Create incoming webhooks with Workflows" and the Adaptive Cards 1.4 schema; a message may have
28 KB. The workflow answers 202.
"""

from __future__ import annotations

import json

from iem_portal.notifications.channels.slack import JSON, shortened
from iem_portal.notifications.models import Notification
from iem_portal.notifications.outbound import post
from iem_portal.registry import channels

LONGEST_TEXT, MOST_BUTTONS = 6000, 6


@channels.register
class Teams:
    """An adaptive card with a button for each link."""

    key = "teams"
    label = "Microsoft Teams"

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Post it; raises TemporaryFailure or PermanentFailure."""
        post(notification.to.address, json.dumps(card(notification, subject)).encode(), JSON)


def card(notification: Notification, subject: str) -> dict:
    """The body of the request."""
    rows = [_text(subject, size="Medium", weight="Bolder")]
    rows += [
        _text(part)
        for part in shortened(notification.words.prose, LONGEST_TEXT).split("\n\n")
        if part.strip()
    ]
    buttons = [
        {"type": "Action.OpenUrl", "title": label, "url": url}
        for label, url in notification.links[:MOST_BUTTONS]
    ]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": rows,
        "actions": buttons,
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": content,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **style: str) -> dict:
    # Cards read Markdown: without the backslash a title could become a link that says one thing and opens another.
    plain = "".join(f"\\{sign}" if sign in "\\[]*_`" else sign for sign in text)
    return {"type": "TextBlock", "text": plain.replace("\n", "\n\n"), "wrap": True, **style}
