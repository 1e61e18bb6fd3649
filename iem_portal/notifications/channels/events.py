"""Tells a pager: PagerDuty's Events API v2, or Opsgenie's Alert API when the address ends with /v2/alerts.

One alert for each thing (`dedup_key`, `alias`): later messages about it say acknowledge or resolve, by the
message's params "event" ("trigger" unless said otherwise) and "severity_code". Sources: PagerDuty, "Send an Alert
Event" (202, 429 with a pause, 400 for good); Opsgenie, "Alert API" (GenieKey, 202).
"""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from iem_portal.notifications.channels.slack import JSON, shortened
from iem_portal.notifications.models import Notification
from iem_portal.notifications.outbound import post
from iem_portal.registry import channels

TRIGGER, ACKNOWLEDGE, RESOLVE = "trigger", "acknowledge", "resolve"
# Our five severities in PagerDuty's four words and Opsgenie's five numbers.
PAGERDUTY = {
    "critical": "critical",
    "urgent": "critical",
    "high": "error",
    "normal": "warning",
    "low": "info",
}
OPSGENIE = {"critical": "P1", "urgent": "P2", "high": "P3", "normal": "P4", "low": "P5"}
OPSGENIE_PATH = "/v2/alerts"
OPSGENIE_ACTS = {ACKNOWLEDGE: "acknowledge", RESOLVE: "close"}


@channels.register
class Events:
    """Trigger, acknowledge and resolve."""

    key = "events"
    label = _("PagerDuty or Opsgenie")

    def send(self, notification: Notification, subject: str, body: str) -> None:
        """Post it; raises TemporaryFailure or PermanentFailure."""
        is_opsgenie = urlsplit(notification.to.address).path.rstrip("/").endswith(OPSGENIE_PATH)
        url, data, headers = (opsgenie if is_opsgenie else pagerduty)(notification, subject, body)
        post(url, json.dumps(data).encode(), JSON | headers)


def pagerduty(notification: Notification, subject: str, body: str) -> tuple[str, dict, dict]:
    """Address, body and headers for the Events API v2."""
    event, key = action(notification), alert_key(notification)
    data = {"routing_key": notification.to.secret, "event_action": event, "dedup_key": key}
    if event == TRIGGER:
        data |= {
            "client": "IEM Portal",
            "client_url": settings.BASE_URL,
            "links": [{"href": url, "text": label} for label, url in notification.links],
            "payload": {
                "summary": shortened(subject, 1024),
                "source": _source(notification),
                "severity": PAGERDUTY.get(notification.params.get("severity_code", ""), "error"),
                "timestamp": notification.created_at.isoformat(),
                "custom_details": {"text": notification.words.prose},
            },
        }
    return notification.to.address, data, {}


def opsgenie(notification: Notification, subject: str, body: str) -> tuple[str, dict, dict]:
    """Address, body and headers for the Alert API."""
    event, key = action(notification), alert_key(notification)
    base, headers = (
        notification.to.address.rstrip("/"),
        {"Authorization": f"GenieKey {notification.to.secret}"},
    )
    if event != TRIGGER:
        url = f"{base}/{quote(key, safe='')}/{OPSGENIE_ACTS[event]}?identifierType=alias"
        return url, {"source": "IEM Portal", "note": shortened(subject, 25_000)}, headers
    data = {
        "message": shortened(subject, 130),
        "alias": key,
        "description": shortened(notification.words.prose, 15_000),
        "priority": OPSGENIE.get(notification.params.get("severity_code", ""), "P3"),
        "source": "IEM Portal",
        "details": dict(notification.links),
    }
    return base, data, headers


def action(notification: Notification) -> str:
    """trigger, acknowledge or resolve."""
    event = notification.params.get("event", TRIGGER)
    return event if event in (ACKNOWLEDGE, RESOLVE) else TRIGGER


def alert_key(notification: Notification) -> str:
    """One alert for each thing of each portal; a message about nothing is an alert of its own."""
    host = urlsplit(settings.BASE_URL).hostname
    own = hashlib.sha256(notification.key.encode()).hexdigest()[:32]
    return f"{host}/{notification.about or own}"


def _source(notification: Notification) -> str:
    return str(notification.params.get("engagement_reference") or urlsplit(settings.BASE_URL).hostname)
