"""What does a finding say to people, in the active language?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from iem_portal.registry import channels
from iem_portal.spans import seconds_text


def text_of(kind: str, params: dict, zone_text: Callable[[datetime], str]) -> str:
    """One sentence; `zone_text(instant)` prints an instant. An unknown kind says itself."""
    words = {
        "engine-silent": _("The clock loop does not come round. Nothing is recorded until it runs again."),
        "relay-silent": _("The relay does not come round. No message leaves until it runs again."),
        "overdue": _("A deadline has passed and was not recorded."),
        "asleep": _("A clock runs, and nothing would wake it at its deadline."),
        "undelivered": _("A message was given up (%(channel)s)."),
        "stuck": _("Messages wait and nobody takes them."),
        "late": _("A deadline was recorded %(late)s late."),
    }
    text = words.get(kind, kind) % {
        "channel": getattr(channels.get(params.get("channel", "")), "label", ""),
        "late": seconds_text(round(params.get("late_ms", 0) / 1000)),
    }
    at = _instant(params.get("at"))
    return f"{text} {_('Since %(at)s.') % {'at': zone_text(at)}}" if at else text


def _instant(value: str | datetime | None) -> datetime | None:
    """Stored as text; the mail's composer has made an instant of {"at": …} already."""
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None
