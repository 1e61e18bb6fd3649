"""Small words for the war room's templates: clock times, percent, and names of Health events."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from iem_portal.templatetags.portal import pick
from warroom import healthwords
from warroom.panels.steps import elapsed

register = template.Library()


@register.filter
def hm(instant: datetime | None, zone: str = "UTC") -> str:
    """Hours and minutes in the zone of the event, for places where a <time> element may not stand."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}" if instant else "—"


@register.filter
def pct(value: float) -> str:
    """A share of the box as an SVG attribute; never with a decimal comma."""
    return f"{value:g}%"


@register.filter
def num(value: float) -> str:
    """A number as an SVG attribute; never with a decimal comma."""
    return f"{value:g}"


@register.filter
def running_min(step, now: datetime) -> int:
    """Whole minutes a step has been running."""
    return elapsed(step, now)


@register.filter
def step_title(step) -> str:
    """The title of a step beside its code, which is not said twice: "Gate G3: accept" of G3 is "Gate: accept"."""
    words = pick(step.title)
    first, _space, rest = words.partition(" ")
    return f"{first}{rest.removeprefix(step.code)}" if rest.startswith(f"{step.code}:") else words


@register.filter
def health_title(event) -> str:
    """An AWS event code in words: AWS_DIRECTCONNECT_OPERATIONAL_ISSUE of DIRECTCONNECT is "operational issue"."""
    return healthwords.kind(event.code, event.service)


@register.filter
def health_service(event) -> str:
    """The service of a Health event by its name: "Direct Connect"."""
    return healthwords.service(event.service)
