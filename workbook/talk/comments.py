"""Says something about a cell, a row or a section, edits and takes back one's own word, ends and reopens a talk."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.live.announce import announce
from workbook.models import Comment, Thread, Wording
from workbook.talk import mail, mentions, people, places
from workbook.talk.places import Place
from workbook.talk.texts import checked
from workbook.types import InvalidValue


class CommentMissing(LookupError):
    """There is no such comment or talk here, or the comment was deleted."""


class Stale(Exception):
    """The comment was changed meanwhile, in another window of its writer."""


def say(*, place: Place, text: str, by, now: datetime) -> Comment:
    """Add a comment to the open talk of the place, or begin one; members mentioned by "@Name" get a mail.

    Raises InvalidValue for a text that cannot be kept, PlaceMissing when the row is gone.
    """
    text = checked(text, empty=_("Write a comment."))
    members = people.of(place.engagement)
    body = mentions.split(text, people.names(members))
    with transaction.atomic():
        place = places.hold(place, by=by, now=now)
        thread = _open_thread(place, now)
        comment = Comment.objects.create(thread=thread, by_id=by.pk, by_name=by.name, at=now)
        Wording.objects.create(comment=comment, version=1, body=body, at=now)
        _touch(thread, now)
        mail.tell_of_comment(place, comment, body, members, by=by, now=now)
        announce(place.engagement.topic, places.TILE)
    return comment


def _open_thread(place: Place, now: datetime) -> Thread:
    thread, _made = Thread.objects.get_or_create(
        **place.columns, resolved_at=None, defaults={"opened_at": now, "changed_at": now}
    )
    return thread


def _touch(thread: Thread, now: datetime, **changes) -> int:
    """The talk looks different now; returns 0 when ``resolved_at`` is not as expected any more."""
    found = Thread.objects.filter(pk=thread.pk, resolved_at__isnull=thread.resolved_at is None)
    return found.update(version=F("version") + 1, changed_at=now, **changes)


def edit(
    *, engagement: Engagement, comment: int, place: Place, text: str, version: int, by, now: datetime
) -> Comment:
    """Word one's own comment anew; the earlier wording is kept and can be read. Those mentioned newly get a mail.

    Raises CommentMissing, PermissionDenied for another person's comment, Stale, InvalidValue.
    """
    found = _own(engagement, comment, by)
    text = checked(text, empty=_("Write a comment."))
    members = people.of(engagement)
    body = mentions.split(text, people.names(members))
    if body == _last_body(found):
        return found
    with transaction.atomic():
        changed = Comment.objects.filter(pk=found.pk, version=version, deleted_at=None)
        if not changed.update(version=version + 1):
            raise Stale(comment)
        Wording.objects.create(comment=found, version=version + 1, body=body, at=now)
        _touch(found.thread, now)
        mail.tell_of_comment(place, found, body, members, by=by, now=now, only_mentioned=True)
        announce(engagement.topic, places.TILE)
    found.version = version + 1
    return found


def find(engagement: Engagement, comment: int) -> Comment | None:
    """A comment of this engagement with its talk; None when it is not there or was deleted."""
    found = Comment.objects.filter(pk=comment, thread__engagement=engagement, deleted_at=None)
    return found.select_related("thread").first()


def _own(engagement: Engagement, comment: int, by) -> Comment:
    found = find(engagement, comment)
    if found is None:
        raise CommentMissing(comment)
    if found.by_id != by.pk or by.pk is None:
        raise PermissionDenied
    return found


def _last_body(comment: Comment) -> list:
    return comment.wordings.order_by("-version").values_list("body", flat=True).first()


def delete(*, engagement: Engagement, comment: int, by, now: datetime) -> Comment:
    """Take one's own comment back: its words are shown to nobody any more, that it was there stays.

    Raises CommentMissing, PermissionDenied for another person's comment.
    """
    found = _own(engagement, comment, by)
    with transaction.atomic():
        Comment.objects.filter(pk=found.pk).update(deleted_at=now, version=F("version") + 1)
        _touch(found.thread, now)
        announce(engagement.topic, places.TILE)
    return found


def thread_of(engagement: Engagement, pk: int) -> Thread:
    """A talk of this engagement. Raises CommentMissing."""
    found = Thread.objects.filter(pk=pk, engagement=engagement).first()
    if found is None:
        raise CommentMissing(pk)
    return found


def resolve(*, thread: Thread, by, now: datetime) -> None:
    """End a talk; somebody quicker is fine."""
    if thread.resolved_at is not None:
        return
    with transaction.atomic():
        _touch(thread, now, resolved_at=now, resolved_by_name=by.name)
        announce(f"engagement:{thread.engagement_id}", places.TILE)


def reopen(*, thread: Thread, by, now: datetime) -> None:
    """Open an ended talk again. Raises InvalidValue while another talk is open in the same place."""
    if thread.resolved_at is None:
        return
    try:
        with transaction.atomic():
            _touch(thread, now, resolved_at=None, resolved_by_name="")
            announce(f"engagement:{thread.engagement_id}", places.TILE)
    except IntegrityError:
        raise InvalidValue(_("Another talk is open here. Resolve it first.")) from None
