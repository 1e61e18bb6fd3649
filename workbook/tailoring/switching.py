"""Puts a section into the workbook of one engagement, or takes it out, against what its type of event says."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.texts import can_be_kept
from workbook import editions
from workbook.announcing import TILE
from workbook.catalogue import Section
from workbook.models import SectionSwitch

#: Without them there is no event to plan: name, window, people.
ALWAYS_ON = frozenset({"wb01", "wb02"})
MAX_REASON = 500


class UnknownSection(LookupError):
    """The template of this engagement has no such section, or it stays always."""


class CannotSwitch(ValueError):
    """The section is as wanted already: somebody was quicker."""


class BadReason(ValueError):
    """The reason is missing or cannot be kept; the message is in the writer's words."""


def switch(*, engagement: Engagement, section: str, is_on: bool, reason: str, by, now: datetime) -> Section:
    """Switch a section on or off with a reason; its answers are kept either way.

    Raises UnknownSection, CannotSwitch, or BadReason.
    """
    begun = editions.started(engagement)
    found = next((each for each in editions.every(engagement, begun) if each.key == section.lower()), None)
    if found is None or found.key in ALWAYS_ON:
        raise UnknownSection(section)
    words = _words(reason)
    try:
        with transaction.atomic():
            _replace(engagement, found, is_on, words, by, now)
    except IntegrityError:
        raise CannotSwitch(section) from None
    return found


def _words(reason: str) -> str:
    """The reason as it is kept. Raises BadReason."""
    words = " ".join(reason.split())
    if not words:
        raise BadReason(_("Say why."))
    if len(words) > MAX_REASON or not can_be_kept(words):
        raise BadReason(_("Say it in at most %(limit)s plain characters.") % {"limit": MAX_REASON})
    return words


def _replace(engagement: Engagement, found: Section, is_on: bool, reason: str, by, now: datetime) -> None:
    current = SectionSwitch.objects.filter(engagement=engagement, section=found.key, ended_at=None).first()
    if (current.is_on if current else found.is_for(engagement.event_type)) == is_on:
        raise CannotSwitch(found.key)
    if current:
        SectionSwitch.objects.filter(pk=current.pk, ended_at=None).update(ended_at=now, ended_by_name=by.name)
    SectionSwitch.objects.create(
        engagement=engagement,
        section=found.key,
        is_on=is_on,
        reason=reason,
        by_id=by.pk,
        by_name=by.name,
        at=now,
    )
    phrase = "workbook.section_on" if is_on else "workbook.section_off"
    timeline.record(engagement, phrase, by=by, now=now, params={"section": found.label, "words": reason})
    announce(engagement.topic, TILE)
