"""What hangs on a cell besides its value: comments, suggestions, open items, notes; each drawn as a small sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


#: Each answers in one query: (engagement, section, sees_internal) → marks by place.
SOURCES: tuple[Callable[[Engagement, Section, bool], dict[Place, Mark]], ...] = ()


def of_section(engagement: Engagement, section: Section, *, sees_internal: bool) -> dict[Place, list[Mark]]:
    """Every mark of a section that this reader may see. One query a source."""
    found: dict[Place, list[Mark]] = defaultdict(list)
    for source in SOURCES:
        for place, mark in source(engagement, section, sees_internal).items():
            found[place].append(mark)
    return found


def draw(marks: list[Mark]) -> SafeString:
    """The signs as they stand behind a value."""
    if not marks:
        return SafeString("")
    signs = format_html_join(
        "",
        '<span class="cm-{}" title="{}">{}<span class="vh">{}</span></span>',
        ((mark.kind, mark.words, icon(mark.icon, "12"), mark.words) for mark in marks),
    )
    return format_html('<span class="cms">{}</span>', signs)
