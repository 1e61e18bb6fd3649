"""Small words for templates: icons, status marks, times with their zone, live tiles."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from iem_portal.live.render import tile_html
from iem_portal.spans import counted, minutes_text

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> str:
    """An icon of the sprite; decoration unless it has a label. ``size``: 14, 20 or 24."""
    extra = f" i-{size}" if size else ""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="i{}" role="img" aria-label="{}"><use href="{}"/></svg>', extra, label, href
        )
    return format_html('<svg class="i{}" aria-hidden="true"><use href="{}"/></svg>', extra, href)


@register.simple_tag
def status(kind: str, label: str, css: str = "") -> str:
    """A state as shape, colour and word together, never colour alone."""
    return format_html(
        '<span class="st st-{} {}">{}{}</span>',
        kind,
        css,
        icon("lock" if kind == "lock" else f"s-{kind}"),
        label,
    )


@register.simple_tag
def when(instant: datetime | None, zone: str = "UTC", style: str = "datetime") -> str:
    """An instant in a zone as a ``<time>`` element; see :func:`instant_text` for the styles."""
    if instant is None:
        return "—"
    text = instant_text(instant, zone, style)
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), text)


def instant_text(instant: datetime, zone: str, style: str = "datetime") -> str:
    """An instant in a zone, always with the zone's short name. ``style``: datetime, time, near, clock or date.

    ``near`` leaves the day out on that day only, for deadlines that may lie on another; ``clock`` leaves the zone name
    out, for columns whose head prints it.
    """
    local = timezone.localtime(instant, ZoneInfo(zone))
    if style == "near" and local.date() == timezone.localdate(timezone=ZoneInfo(zone)):
        style = "time"
    match style:
        case "time":
            return f"{local:%H:%M} {local.tzname()}"
        case "clock":
            return f"{local:%H:%M}"
        case "date":
            return day_text(local)
    return f"{day_text(local)} {local:%H:%M} {local.tzname()}"


@register.filter(expects_localtime=True)
def moment(instant: datetime | None, precision: str = "") -> str:
    """An instant in words for a mail, in the active zone: "Sat 28 Nov 2026 23:00 KST"; precision "s" adds seconds.

    Always with the year: a mail is read again long after it was sent.
    """
    if not instant:
        return ""
    clock = f"{instant:%H:%M:%S}" if precision == "s" else f"{instant:%H:%M}"
    return f"{dated(instant)} {clock} {instant.tzname()}"


@register.filter(expects_localtime=True)
def near(instant: datetime | None) -> str:
    """An instant in a short message, in the active zone: "23:00 KST", and with its day when that is not today."""
    if not instant:
        return ""
    is_today = instant.date() == timezone.localdate(timezone=instant.tzinfo)
    day = "" if is_today else f"{dated(instant, with_year=False)} "
    return f"{day}{instant:%H:%M} {instant.tzname()}"


def day_text(local: datetime) -> str:
    """A day as people write it: "Sat 28 Nov", "11월 28일(토)"; with the year when it is not this one."""
    is_this_year = local.year == timezone.localtime(timezone=local.tzinfo).year
    return dated(local, with_year=not is_this_year)


def dated(local: datetime, *, with_year: bool = True) -> str:
    """A day in the reader's language, with or without its year."""
    if get_language() == "ko":
        day = f"{local.month}월 {local.day}일({'월화수목금토일'[local.weekday()]})"
        return f"{local.year}년 {day}" if with_year else day
    day = formats.date_format(local, "D j M")
    return f"{day} {local.year}" if with_year else day


@register.simple_tag
def tminus(instant: datetime | None, t0: datetime, zone: str = "", *, is_running: bool = False) -> str:
    """How far from T0 in the count everyone speaks: "T−16 d", "T+2 h", "T0".

    Days of a plan are those of the calendar in ``zone`` (of the event), as its milestones are dated, at whatever hour
    they are due; a running clock counts whole days that are left or have passed, as its ticker does.
    """
    if instant is None:
        return "—"
    minutes = round((instant - t0).total_seconds() / 60)
    if minutes == 0:
        return "T0"
    sign, size = ("−", -minutes) if minutes < 0 else ("+", minutes)
    if size >= 1440:
        days = size // 1440 if is_running else max(1, abs(calendar_days(instant, t0, zone)))
        return f"T{sign}{counted(days, 'd')}"
    return f"T{sign}{minutes_text(size)}"


def calendar_days(instant: datetime, t0: datetime, zone: str = "") -> int:
    """Days of the calendar from T0 to an instant, in a zone (UTC without one); negative before T0."""
    here = ZoneInfo(zone or "UTC")
    return (timezone.localtime(instant, here).date() - timezone.localtime(t0, here).date()).days


@register.filter(is_safe=True)
def sentence(text: str) -> str:
    """A heading of a library in our case: "Two-Factor Authentication" becomes "Two-factor authentication"."""
    small = " ".join(word if word.isupper() else word.lower() for word in str(text).split())
    return small[:1].upper() + small[1:]


@register.simple_tag(takes_context=True)
def live_tile(context, key: str) -> str:
    """A tile as it is now, in the place the stream will keep fresh."""
    request = context["request"]
    side = "staff" if request.user.is_aws else "customer"
    one = request.engagement
    html, _is_drawn = tile_html(key, one.pk, audience=side, now=timezone.now(), subject=one)
    return format_html('<div class="live-tile" id="tile-{}">{}</div>', key, html)


@register.filter
def pick(value) -> str:
    """The reader's language of a bilingual text of the template data ({"en": …, "ko": …})."""
    if isinstance(value, dict):
        return value.get(get_language() or "en") or value.get("en", "")
    return value
