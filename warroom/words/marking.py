"""Marking an entry of the timeline: a star for the report, and a correction that keeps both versions."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import TimelineEntry
from iem_portal.live import announce
from warroom.models import EntryMark

LONGEST_TEXT, LONGEST_REASON = 2000, 300
#: What a machine or AWS said is not put into other words; a note beside it may say more.
CORRECTABLE = (
    TimelineEntry.Kind.HUMAN,
    TimelineEntry.Kind.COMMUNICATION,
    TimelineEntry.Kind.DECISION,
)


class MarkError(ValueError):
    """The entry cannot be marked so; `field` says which input is wrong ("": none)."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


def may_correct(entry: TimelineEntry, by, permissions) -> bool:
    """The person who wrote an entry corrects it, or somebody who drives the engagement."""
    is_theirs = entry.actor_id is not None and entry.actor_id == by.pk
    drives = access.Permission.DRIVE in permissions
    return (
        entry.kind in CORRECTABLE and access.Permission.POST_UPDATE in permissions and (is_theirs or drives)
    )


def star(*, entry: TimelineEntry, is_on: bool, by, now: datetime) -> bool:
    """Star an entry for the report, or take the star away; False when it was so already."""
    access.check(by, entry.engagement, access.Permission.POST_UPDATE)
    kinds = (EntryMark.Kind.STAR, EntryMark.Kind.UNSTAR)
    last = entry.marks.filter(kind__in=kinds).order_by("-number").first()
    if (last is not None and last.kind == EntryMark.Kind.STAR) == is_on:
        return False
    kind = EntryMark.Kind.STAR if is_on else EntryMark.Kind.UNSTAR
    try:
        _mark(entry, _count(entry), by=by, now=now, kind=kind)
    except MarkError:  # somebody marked it at the same instant: their mark stands
        return False
    return True


def correct(*, entry: TimelineEntry, version: int, text: str, reason: str, by, now: datetime) -> EntryMark:
    """Give an entry other words and say why; the words before stay. `version` is the number of marks that was read.

    Raises MarkError, also when somebody marked the entry meanwhile.
    """
    access.check(by, entry.engagement, access.Permission.POST_UPDATE)
    text, reason = text.strip(), reason.strip()
    if not may_correct(entry, by, access.permissions_of(access.role_of(by, entry.engagement))):
        raise MarkError(_("Only who wrote it, or who drives the engagement, corrects an entry."))
    if not text:
        raise MarkError(_("Write what it should say."), "text")
    if len(text) > LONGEST_TEXT:
        raise MarkError(_("At most %(limit)d characters.") % {"limit": LONGEST_TEXT}, "text")
    if not reason:
        raise MarkError(_("Say why."), "reason")
    if len(reason) > LONGEST_REASON:
        raise MarkError(_("At most %(limit)d characters.") % {"limit": LONGEST_REASON}, "reason")
    return _mark(entry, version, by=by, now=now, kind=EntryMark.Kind.TEXT, text=text, reason=reason)


def _count(entry: TimelineEntry) -> int:
    return EntryMark.objects.filter(entry=entry).count()


def _mark(entry: TimelineEntry, version: int, *, by, now: datetime, **fields) -> EntryMark:
    stale = MarkError(_("Somebody marked this entry meanwhile. Look again."))
    if version != _count(entry):
        raise stale
    try:
        with transaction.atomic():
            mark = EntryMark.objects.create(
                entry=entry, number=version + 1, by_id=by.pk, by_name=by.name, at=now, **fields
            )
            announce(entry.engagement.topic, timeline.TILE)
    except IntegrityError:
        raise stale from None
    return mark
