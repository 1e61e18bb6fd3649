"""Notes that AWS's side keeps to itself: written and taken back, never sent to a customer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import access
from engagements.access import Permission
from engagements.models import Engagement
from iem_portal.live.announce import announce
from workbook.models import Note
from workbook.talk import places
from workbook.talk.places import Place
from workbook.talk.texts import checked


class NoteMissing(LookupError):
    """There is no such note in this engagement, or it was taken back."""


def write(*, place: Place, text: str, by, now: datetime) -> Note:
    """Write a note. Raises PermissionDenied for whoever may not read notes, InvalidValue, PlaceMissing."""
    access.check(by, place.engagement, Permission.SEE_INTERNAL)
    text = checked(text, empty=_("Write a note."))
    with transaction.atomic():
        place = places.hold(place, by=by, now=now)
        note = Note.objects.create(**place.columns, text=text, by_id=by.pk, by_name=by.name, at=now)
        announce(place.engagement.topic, places.TILE)
    return note


def find(engagement: Engagement, note: int) -> Note | None:
    """A note of this engagement; None when it is not there or was taken back."""
    return Note.objects.filter(pk=note, engagement=engagement, deleted_at=None).first()


def delete(*, engagement: Engagement, note: int, by, now: datetime) -> Note:
    """Take one's own note back; that it was there stays. Raises NoteMissing, PermissionDenied."""
    access.check(by, engagement, Permission.SEE_INTERNAL)
    found = find(engagement, note)
    if found is None:
        raise NoteMissing(note)
    if found.by_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        Note.objects.filter(pk=found.pk).update(deleted_at=now)
        announce(engagement.topic, places.TILE)
    return found
