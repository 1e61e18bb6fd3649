"""Small words for the workbook's templates: a look-up by key, ids of a field's parts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import get_language

register = template.Library()


@register.filter
def at(mapping, key):
    """The entry of a mapping under this key, or nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def fieldid(part: str, key: str) -> str:
    """The id of a part of a question: f the editor, h the hint, e the error."""
    return f"{part}-{key}"


@register.simple_tag(takes_context=True)
def when_short(context, instant: datetime, zone: str) -> str:
    """The clock time of today, the day of anything older; the full instant stands in the attributes."""
    here = ZoneInfo(zone)
    local, now = timezone.localtime(instant, here), timezone.localtime(context["now"], here)
    day = formats.date_format(local, "n월 j일" if get_language() == "ko" else "j M")
    text = f"{local:%H:%M}" if local.date() == now.date() else day
    full = f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
    return format_html('<time datetime="{}" title="{}">{}</time>', instant.isoformat(), full, text)


@register.simple_tag
def zone_name(engagement) -> str:
    """The short name of the engagement's zone at T0, such as KST."""
    return timezone.localtime(engagement.starts_at, ZoneInfo(engagement.time_zone)).tzname()
