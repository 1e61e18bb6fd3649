"""What does a message say, in the receiver's language and zone?"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from iem_portal.notifications.models import Notification


def compose(notification: Notification) -> tuple[str, str]:
    """Subject and body of a message: the first line of its template is the subject.

    Raises TemplateDoesNotExist for an unknown template.
    """
    template = get_template(f"{notification.template}.txt").template
    with translation.override(notification.language), timezone.override(ZoneInfo(notification.time_zone)):
        values = shown(notification.params, notification.language) | {"base_url": settings.BASE_URL}
        # Plain text: escaping for HTML would put &amp; into people's mail.
        text = template.render(Context(values, autoescape=False))
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
