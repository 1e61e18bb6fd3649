"""Small words for the pages of rehearsals and replays."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext_lazy as _

from escalation import catalog
from iem_portal.templatetags.portal import dated, pick
from warroom.models import Step

register = template.Library()
TROUBLES = {
    "step.failed": _("failed"),
    "step.blocked": _("blocked"),
    "step.retried": _("tried again"),
    "step.reopened": _("reopened"),
    "gate.called": _("gate called"),
}


@register.filter
def size(minutes: int | None) -> int | None:
    """A length without its sign."""
    return None if minutes is None else abs(minutes)


@register.filter
def step_word(status: str) -> str:
    """The status of a step in words."""
    return str(dict(Step.Status.choices).get(status, status))


@register.filter
def trouble_word(act: str) -> str:
    """What held a step up, in a word."""
    return str(TROUBLES.get(act, act))


#: Shape of each status of a step.
LOOKS = {
    "planned": "todo",
    "running": "run",
    "done": "ok",
    "skipped": "skip",
    "blocked": "block",
    "failed": "bad",
    "cancelled": "skip",
}


@register.filter
def step_look(status: str) -> str:
    """The shape of a step's status."""
    return LOOKS.get(status, "todo")


@register.filter
def severity_word(code: str) -> str:
    """A severity in words; one that is no longer known shows its code."""
    return str(pick(catalog.severities().get(code, {}).get("label", code)))


@register.filter
def zone_word(instant: datetime, zone: str) -> str:
    """The short name of a zone at an instant: KST."""
    return instant.astimezone(ZoneInfo(zone)).tzname() or zone


@register.filter
def stood(instant: datetime, zone: str) -> str:
    """The instant that is shown, to the second and with its year: a replay is never taken for now."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{dated(local)} {local:%H:%M:%S} {local.tzname()}"
