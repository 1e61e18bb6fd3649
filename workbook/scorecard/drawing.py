"""The lines of the scorecard as the page draws them: reasons with links to their cells, and the trend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.templatetags.portal import day_text, pick
from workbook.catalogue import FORM, Field, Section
from workbook.readiness import READINESS, Outline
from workbook.scorecard import words
from workbook.scorecard.board import Line, Trend
from workbook.scorecard.facts import RANK

#: More places than these are counted, not listed; longer names are cut.
SHOWN, LONGEST = 4, 40


@dataclass(frozen=True)
class Link:
    """The way to a cell, with what it is called."""

    url: str
    text: str


@dataclass(frozen=True)
class Because:
    """A reason with the first of the cells it rests on, and how many more there are."""

    shape: str
    text: str
    links: list[Link]
    more: int


@dataclass(frozen=True)
class DrawnLine:
    """A line with everything the page shows of it."""

    line: Line
    label: str
    shape: str
    colour: str
    worked_out: str
    worked_out_shape: str
    because: list[Because]
    trend: Trend
    trend_words: str
    #: Colour, its word, its shape, and what it means for this line.
    choices: list[tuple[str, str, str, str]]


def lines_drawn(
    engagement: Engagement, outline: Outline, lines: list[Line], trends: dict[str, Trend]
) -> list[DrawnLine]:
    """Every line with its links. No query."""
    sections = outline.by_key
    asked = fields_of_lines(sections.values())
    return [
        DrawnLine(
            line=line,
            label=pick(asked[line.key].label) if line.key in asked else line.label,
            shape=words.SHAPES[line.colour],
            colour=str(words.COLOURS[line.colour]),
            worked_out=str(words.COLOURS[line.worked_out]),
            worked_out_shape=words.SHAPES[line.worked_out],
            because=[
                Because(
                    words.SHAPES[said.colour],
                    said.text,
                    [
                        _link(engagement, sections, place)
                        for place in said.places[:SHOWN]
                        if place[0] in sections
                    ],
                    max(0, len(said.places) - SHOWN),
                )
                for said in line.said
            ],
            trend=trends[line.key],
            trend_words=_trend_words(trends[line.key]),
            choices=_choices(asked.get(line.key)),
        )
        for line in lines
    ]


def fields_of_lines(sections: Iterable[Section]) -> dict[str, Field]:
    """The field of each line, in the words of the engagement's own version of the template."""
    return {
        field.options["line"]: field
        for section in sections
        for table in section.tables
        if table.home == READINESS
        for field in table.fields
        if "line" in field.options
    }


def _choices(field: Field | None) -> list[tuple[str, str, str, str]]:
    wording = field.options.get("wording", {}) if field else {}
    return [
        (key, str(words.COLOURS[key]), words.SHAPES[key], pick(wording[key]) if key in wording else "")
        for key in RANK
    ]


def _link(engagement: Engagement, sections: dict, place: list[str]) -> Link:
    key, row, field, title = place
    section = sections[key]
    url = reverse("workbook:section", args=[engagement.reference, key])
    table = section.table_of.get(field)
    fixed = table.fixed_row(row) if table else None
    name = fixed.code if fixed else Truncator(title).chars(LONGEST)
    text = f"{section.code} {name}".strip()
    if not field or table is None:
        return Link(f"{url}#row-{row}", text)
    query = "" if table.kind == FORM or table.by_key[field] in table.main_fields else "?columns=all"
    return Link(f"{url}{query}#c-{row}-{field}", text)


def _trend_words(trend: Trend) -> str:
    """The newest change in words, because the drawing alone says nothing to a listener."""
    change = trend.last_change
    if change is None:
        return _("%(colour)s throughout") % {"colour": words.COLOURS[trend.steps[0].colour]}
    before, after = change
    return _("%(before)s, %(after)s since %(day)s") % {
        "before": words.COLOURS[before.colour],
        "after": words.COLOURS[after.colour],
        "day": day_text(datetime.combine(after.since, time(), UTC)),
    }
