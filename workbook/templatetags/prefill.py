"""Whether a section has something to do with AWS, for the bars that offer it."""

from decimal import Decimal

from django import template

from workbook.prefill.asking import FIELD
from workbook.prefill.readers import of_section

register = template.Library()


@register.filter
def figure(value: Decimal) -> str:
    """An exact number with its thousands apart and no needless zeros."""
    return f"{value.normalize():,f}"


@register.simple_tag
def reads_aws(section) -> bool:
    """Whether some of the section's answers can be read from AWS."""
    return bool(section) and bool(of_section(section))


@register.simple_tag
def asks_quotas(section) -> bool:
    """Whether the section holds quotas of which more can be asked for."""
    return bool(section) and section.field(FIELD) is not None
