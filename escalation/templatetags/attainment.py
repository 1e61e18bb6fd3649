"""What templates ask about kept and broken promises."""

from django import template
from django.utils import timezone

from escalation.attainment import panel
from escalation.attainment.sums import Tally

register = template.Library()


@register.simple_tag(takes_context=True)
def breach_panel(context) -> dict:
    """The breaches of the page's escalation and the question for their cause; see `panel.context`."""
    now = context.get("now") or timezone.now()
    return panel.context(context["escalation"], context["request"], now, form=context.get("cause_form"))


@register.filter
def bar_of(tally: Tally) -> dict:
    """Widths and places of the three parts of a bar, in percent of its width."""
    met, missed, still = (float(share) for share in tally.shares())
    return {
        "met": f"{met:.2f}",
        "missed": f"{missed:.2f}",
        "missed_x": f"{met:.2f}",
        "open": f"{still:.2f}",
        "open_x": f"{met + missed:.2f}",
    }
