"""The suggestions of one cell, for whoever draws a panel about it."""

from django import template

from workbook.suggestions import cell

register = template.Library()


@register.inclusion_tag("workbook/suggestions/_cell.html", takes_context=True)
def cell_suggestions(context, engagement, section, row, field) -> dict:
    """The open suggestions of a cell and a way to make one. ``row`` is a number or a fixed key, ``field`` a key."""
    request = context["request"]
    return cell.context(request, section, str(row), getattr(field, "key", field)) | {
        "csrf_token": context.get("csrf_token")
    }
