"""What does a message say, in the receiver's language and zone?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone, translation

from iem_portal.notifications.models import Notification

SHORT_LINES = 2


@dataclass(frozen=True)
class Words:
    """A message in words. `links` are (label, address) of what can be done from it, each also in the body."""

    subject: str
    body: str
    short: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def prose(self) -> str:
        """The body without the lines that only carry a link, for channels that draw buttons."""
        lines = [
            line for line in self.body.splitlines() if not any(url in line for _label, url in self.links)
        ]
        return "\n".join(lines).strip()


def compose(notification: Notification) -> tuple[str, str]:
    """Subject and body of a message: the first line of its template is the subject.

    Raises TemplateDoesNotExist for an unknown template.
    """
    words = worded(notification)
    return words.subject, words.body


def worded(notification: Notification) -> Words:
    """Everything a channel may need; `<template>.short.txt` is the short form, else the subject is."""
    with (
        translation.override(notification.language),
        timezone.override(ZoneInfo(notification.time_zone)),
    ):
        links: list[tuple[str, str]] = []
        subject, body = _split(_rendered(notification, ".txt", links))
        try:
            short = _rendered(notification, ".short.txt", [])
        except TemplateDoesNotExist:
            short = subject
    lines = [line.strip() for line in short.strip().splitlines() if line.strip()]
    return Words(subject, body, "\n".join(lines[:SHORT_LINES]), tuple(dict.fromkeys(links)))


def dress(notification: Notification) -> None:
    """Give a message its words for one attempt: `words`, `short` and `links` are not kept."""
    notification.words = words = worded(notification)
    notification.short, notification.links = words.short, words.links


def _rendered(notification: Notification, suffix: str, links: list) -> str:
    template = get_template(f"{notification.template}{suffix}").template
    values = shown(notification.params, notification.language)
    values |= {"base_url": settings.BASE_URL, "notification": notification, "act_links": links}
    # Plain text: escaping for HTML would put &amp; into people's mail.
    return template.render(Context(values, autoescape=False))


def _split(text: str) -> tuple[str, str]:
    subject, _, body = text.strip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def shown(value: Any, language: str) -> Any:
    """Stored params as a template wants them: {"at": ISO} becomes an instant, {"en", "ko"} the language's words."""
    if isinstance(value, list):
        return [shown(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"at"}:
        return datetime.fromisoformat(value["at"])
    if "en" in value and set(value) <= {"en", "ko"}:
        return value.get(language) or value["en"]
    return {key: shown(item, language) for key, item in value.items()}
