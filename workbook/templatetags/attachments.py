"""The files of one place, for whoever draws a panel about it."""

from django import template

from workbook.attachments.views import context_of

register = template.Library()


@register.inclusion_tag("workbook/attachments/_files.html", takes_context=True)
def place_files(context, place) -> dict:
    """The files beside a cell or a row, and the button that adds one."""
    return context_of(context["request"], place) | {"csrf_token": context.get("csrf_token")}
