"""Posts messages to a Slack channel by its incoming webhook.

Shape and limits: Slack's Block Kit reference (header 150 characters, section text 3,000) and "Sending messages using
incoming webhooks". Slack knows no idempotency key there: a relay that dies right after sending sends twice.
"""

from __future__ import annotations

import json

from iem_portal.notifications.models import Notification
from iem_portal.notifications.outbound import post
from iem_portal.registry import channels

LONGEST_HEAD, LONGEST_TEXT, LONGEST_LABEL, MOST_BUTTONS = 150, 2900, 75, 5
JSON = {"Content-Type": "application/json; charset=utf-8"}


@channels.register
class Slack:
    """A heading, the text, and a button for each link."""

    key = "slack"
    label = "Slack"

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Post it; raises TemporaryFailure or PermanentFailure."""
        post(notification.to.address, json.dumps(blocks(notification, subject)).encode(), JSON)


def blocks(notification: Notification, subject: str) -> dict:
    """The body of the request."""
    parts = [{"type": "header", "text": _plain(subject, LONGEST_HEAD)}]
    if prose := notification.words.prose:
        text = escaped(shortened(prose, LONGEST_TEXT))[:3000]
        parts.append({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}})
    buttons = [
        {"type": "button", "text": _plain(label, LONGEST_LABEL), "url": url, "action_id": f"open-{place}"}
        for place, (label, url) in enumerate(notification.links[:MOST_BUTTONS])
    ]
    if buttons:
        buttons[0]["style"] = "primary"
        parts.append({"type": "actions", "elements": buttons})
    return {"text": escaped(subject), "blocks": parts, "unfurl_links": False}


def escaped(text: str) -> str:
    """The three characters that Slack reads as its own; so nobody's title becomes <!channel>."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, most: int) -> str:
    """At most so many characters, with a sign where the rest was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _plain(text: str, most: int) -> dict:
    return {"type": "plain_text", "text": shortened(text, most), "emoji": False}
