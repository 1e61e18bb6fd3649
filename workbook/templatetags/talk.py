"""Words of talk for templates: days of date fields, steps of a section, what is whose on the list of sections."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from workbook.models import SectionState
from workbook.talk import heads, questions

register = template.Library()


@register.simple_tag
def day_of(instant: datetime, zone: str) -> str:
    """The day of an instant in a zone, as a date field of a form holds it."""
    return timezone.localtime(instant, ZoneInfo(zone)).date().isoformat()


@register.filter
def state_words(move) -> str:
    """Where a step of a section led, in the reader's language."""
    return str(SectionState.State(move.state_to).label)


@register.simple_tag
def section_heads(engagement) -> dict:
    """The standing of every section that was ever assigned or moved, by key. One query."""
    return heads.of(engagement)


@register.simple_tag
def open_item_count(engagement, user) -> dict:
    """How many questions wait in the workbook, in all and for this person. One query."""
    asked = list(questions.still_open(engagement).values_list("asked_id", flat=True))
    return {"total": len(asked), "mine": asked.count(user.pk)}


@register.simple_tag
def my_sections(progress, found: dict, user) -> list[tuple]:
    """The sections in this person's hands, each with its progress, its head and the person's own part."""
    return [
        (part, found[part.section.key], hand)
        for part in progress.sections
        if part.section.key in found
        for hand in found[part.section.key].hands
        if hand.user_id == user.pk
    ]
