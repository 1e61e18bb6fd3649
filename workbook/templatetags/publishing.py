"""Small words for the pages of templates: signs of a change, days from T0, kinds of field."""

from django import template
from django.utils.translation import gettext_lazy as _

from iem_portal.templatetags.portal import icon
from workbook.catalogue import FORM, PANEL, SHEET
from workbook.publishing import diff, words
from workbook.words import who

register = template.Library()
_KINDS = {FORM: _("form"), SHEET: _("sheet"), PANEL: _("kept elsewhere")}
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


@register.filter
def who_words(codes) -> str:
    """The people behind a code, or behind several."""
    return who([codes] if isinstance(codes, str) else codes)


@register.filter
def kind_words(kind: str) -> str:
    """How a table is filled."""
    return str(_KINDS.get(kind, kind))


@register.filter
def need_words(field) -> str:
    """Whether a field must be filled, in words; a field of a draft is plain data."""
    if isinstance(field, dict):
        always, condition = field.get("required"), field.get("required_if")
        need = diff.ALWAYS if always else diff.SOMETIMES if condition else diff.NEVER
    else:
        need = diff.need(field)
    return str(words.NEEDS[need])
