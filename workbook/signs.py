"""The small signs behind a value: an icon with its words, for what hangs on a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Model
from django.utils.html import format_html, format_html_join

from engagements.models import Engagement
from iem_portal.templatetags.portal import icon
from workbook.catalogue import Section

#: Row number and field key; an empty field stands for the row itself.
Place = tuple[int, str]


@dataclass(frozen=True)
class Mark:
    """One sign: the icon's name, and the words for whoever hears it ("2 comments")."""

    kind: str
    icon: str
    words: str


Marked = Mapping[Place, Mark] | Iterable[tuple[Place, Mark]]


@dataclass(frozen=True)
class Source:
    """One kind of thing that hangs on cells; to be named in ``workbook.marks.SOURCES``, and nowhere else.

    ``of_section`` answers in one query: (engagement, section, sees_internal) → marks with their places.
    ``models`` are those whose lines become its marks; each has a ``row``.
    """

    of_section: Callable[[Engagement, Section, bool], Marked]
    models: tuple[type[Model], ...]


def draw(marks: list[Mark]) -> str:
    """The signs as they stand behind a value; nothing for none."""
    if not marks:
        return format_html("{}", "")
    signs = format_html_join(
        "",
        '<span class="cm-{}" title="{}">{}<span class="vh">{}</span></span>',
        ((mark.kind, mark.words, icon(mark.icon, "12"), mark.words) for mark in marks),
    )
    return format_html('<span class="cms">{}</span>', signs)
