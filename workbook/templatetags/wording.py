"""What the colours of a scorecard line mean, out of the planning workbook's own words."""

from django import template

from workbook import catalogue
from workbook.scorecard.words import COLOURS, SHAPES

register = template.Library()


@register.inclusion_tag("workbook/scorecard/_wording.html")
def line_wording(line: str) -> dict:
    """The meaning of green, yellow and red of this line; nothing for a line that the workbook does not name."""
    section = catalogue.newest().get("wb21")
    fields = [field for table in section.tables for field in table.fields] if section else []
    field = next((field for field in fields if field.options.get("line") == line), None)
    meanings = field.options["wording"] if field else {}
    return {
        "field": field,
        "meanings": [(SHAPES[colour], COLOURS[colour], words) for colour, words in meanings.items()],
    }
