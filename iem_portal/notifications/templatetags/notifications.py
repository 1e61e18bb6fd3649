"""What templates of messages and pages need of the outbox: links that act, and the log of deliveries."""

from __future__ import annotations

from django import template
from django.template import Context

from iem_portal.notifications import delivery, links
from iem_portal.registry import acts

register = template.Library()


@register.simple_tag(takes_context=True)
def act_link(context: Context, act: str) -> str:
    """The address that does this for the receiver, once; the channel may draw it as a button."""
    notification = context["notification"]
    address = links.url(notification, act)
    # Seen by compose(), which gives them to channels that have buttons.
    context.get("act_links", []).append((str(acts.get(act).label), address))
    return address


@register.inclusion_tag("notifications/_log.html", takes_context=True)
def delivery_log(context: Context, about: str) -> dict:
    """Every message about a thing that this reader may know of, with its failed tries. Two queries."""
    request = context["request"]
    return {"rows": delivery.log(about, request), "zone": request.engagement.time_zone}


@register.inclusion_tag("notifications/_dead.html", takes_context=True)
def dead_messages(context: Context) -> dict:
    """A banner for AWS's side when messages of this engagement were given up in the last three days. One query."""
    request = context["request"]
    is_told = delivery.SEE_INTERNAL in getattr(request, "permissions", ())
    engagement = request.engagement
    rows = delivery.dead_of(engagement.pk, now=context["now"]) if is_told else []
    return {"rows": rows, "zone": engagement.time_zone}
