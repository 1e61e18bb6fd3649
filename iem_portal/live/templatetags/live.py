"""Where a page's stream is and what the server's clock says, for the stream template."""

from urllib.parse import quote

from django import template
from django.urls import get_script_prefix
from django.utils import timezone

register = template.Library()


@register.filter
def stream_url(topic: str, tiles: str) -> str:
    """The address of the stream of `topic` ("engagement:12") with the given tiles ("clock,step")."""
    kind, _, subject_id = topic.partition(":")
    keys = ",".join(key.strip() for key in tiles.split(",") if key.strip())
    return f"{get_script_prefix()}live/{quote(kind)}/{quote(subject_id)}/?tiles={quote(keys, safe=',')}"


@register.simple_tag
def server_now() -> str:
    """The server's time with milliseconds, from which a page's clocks go on until the stream speaks."""
    return timezone.now().isoformat(timespec="milliseconds")
