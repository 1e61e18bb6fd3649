"""Small words for the pages of templates: signs of a change, days from T0, kinds of field."""

from django import template

from iem_portal.templatetags.portal import icon
from workbook.publishing import words

register = template.Library()
_SIGNS = {"add": "plus", "remove": "x", "change": "pencil"}


@register.simple_tag
def sign_icon(sign: str) -> str:
    """The shape of a change; its words stand beside it."""
    return icon(_SIGNS[sign], "14")


@register.filter
def due_words(days: int) -> str:
    """Days from T0, such as D−28."""
    return words.due(days)


@register.filter
def type_words(key: str) -> str:
    """The name of a kind of field."""
    return words.type_name(key)
