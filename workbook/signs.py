"""The small signs behind a value: an icon with its words, for what hangs on a cell."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join

from iem_portal.templatetags.portal import icon

#: Row number and field key; an empty field stands for the row itself.
Place = tuple[int, str]


@dataclass(frozen=True)
class Mark:
    """One sign: the icon's name, and the words for whoever hears it ("2 comments")."""

    kind: str
    icon: str
    words: str


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
