"""How clocks and spans of time are written in the templates of escalation."""

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

from escalation.watching.words import text_of
from iem_portal.spans import minutes_text, seconds_text
from iem_portal.templatetags.portal import instant_text, pick

register = template.Library()

# What stands still is a thin line, what is late stands out above and below; (y, height) of 14.
STRIP_SHAPES = {"paused": (6, 2), "closed": (6, 2), "rested": (6, 2), "late": (1, 12), "ahead": (3, 8)}


@register.filter
def minutes(value: int | None) -> str:
    """Minutes as people say them: 15 min, 1 h, 4 h, 1 h 30 min."""
    if value is None:
        return "—"
    return minutes_text(int(value))


@register.filter
def seconds(value: int | None) -> str:
    """A span in its two largest units: 38 s, 8 min 32 s, 2 h 51 min."""
    if value is None:
        return "—"
    return seconds_text(int(value))


@register.filter
def milliseconds(value: int | None) -> str:
    """A short span as it is, 240 ms, and one above ten seconds in its two largest units: 8 min 36 s."""
    if value is None:
        return "—"
    return f"{value} ms" if value < 10_000 else seconds_text(value // 1000)


@register.simple_tag
def finding_words(finding, zone: str = "") -> str:
    """What a finding of the audit says; a mail's findings are dicts whose instants are in the mail's own zone."""
    params = finding if isinstance(finding, dict) else finding.params
    kind = params["kind"] if isinstance(finding, dict) else finding.kind
    name = zone or timezone.get_current_timezone_name()
    return text_of(kind, params, lambda instant: instant_text(instant, name))


@register.simple_tag
def countdown(due_at: datetime, now: datetime) -> str:
    """The time left as 04:18 or 2:51:10, and the time over as +00:12; the browser takes over from here."""
    left = (due_at - now).total_seconds()
    digits = _digits(int(abs(left)))
    return digits if left > 0 else f"+{digits}"


@register.filter
def clock(value: int | None) -> str:
    """Seconds as a clock shows them: 04:18, 2:51:10, and +00:12 for those past the end (negative)."""
    if value is None:
        return "—"
    return f"{'+' if value < 0 else ''}{_digits(abs(int(value)))}"


def _digits(total: int) -> str:
    text = f"{total // 60 % 60:02d}:{total % 60:02d}"
    return f"{total // 3600}:{text}" if total >= 3600 else text


@register.simple_tag
def sla_rest(face) -> str:
    """What is left of a clock that stands still, in percent of its target."""
    target_s = 60 * face.target_min
    return f"{100 * min(1, max(0, (face.left_s or 0) / target_s)) if target_s else 0:.2f}"


@register.simple_tag
def strip_shape(kind: str) -> str:
    """The height of a stretch on a strip 14 high: each kind has a shape of its own, not only a colour."""
    y, height = STRIP_SHAPES.get(kind, (3, 8))
    return format_html('y="{}" height="{}"', y, height)


@register.simple_tag
def act_url(act) -> str:
    """The URL name of an act."""
    return f"escalation:{act.url}"


@register.simple_tag
def sla_state(face, now: datetime) -> str:
    """ok, watch (half or less is left: the first warning) or bad (time is over)."""
    left = _share_left(face, now)
    if left <= 0:
        return "bad"
    return "watch" if left <= 1 / 2 else "ok"


@register.simple_tag
def sla_left(face, now: datetime) -> str:
    """What is left of the time, in percent."""
    return f"{100 * min(1, max(0, _share_left(face, now))):.2f}"


def _share_left(face, now: datetime) -> float:
    return (face.due_at - now) / (face.due_at - face.started_at)


@register.simple_tag
def severity_words(severity: dict, target_min: int | None) -> str:
    """A severity and its response time: "Critical, 15 min"."""
    label = pick(severity["label"])
    return f"{label}, {minutes(target_min)}" if target_min else label


@register.simple_tag
def sprite(*name: str) -> str:
    """The address of an icon in the sprite, its name given in parts."""
    return f"{static('img/icons.svg')}#{''.join(name)}"
