"""Hand-over notes: written by who leaves, acknowledged by who takes over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.notifications import outbox
from warroom.models import Handover

TILE = "duty"
LONGEST_TEXT = 4000


class HandoverError(ValueError):
    """The note cannot be written or taken; `field` says which input is wrong ("": none)."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


def visible(engagement: Engagement, *, audience: str):
    """The notes this side ("staff" or "customer") may read, newest first."""
    rows = Handover.objects.filter(engagement=engagement)
    return rows if audience == "staff" else rows.filter(audience=Handover.Audience.ALL)


def write(
    *, engagement: Engagement, to_id: int | None, text: str, by, now: datetime, is_internal: bool = False
) -> Handover:
    """Leave a note for a member of the team, told by mail; `is_internal` keeps it on AWS's side. HandoverError."""
    access.check(by, engagement, access.Permission.POST_UPDATE)
    text = text.strip()
    if not text:
        raise HandoverError(_("Write what the next shift must know."), "text")
    if len(text) > LONGEST_TEXT:
        raise HandoverError(_("At most %(limit)d characters.") % {"limit": LONGEST_TEXT}, "text")
    member = access.members().filter(engagement=engagement, user_id=to_id).first() if to_id else None
    if member is None or member.user_id == by.pk:
        raise HandoverError(_("Choose who takes over."), "to")
    if is_internal and not (by.is_aws and member.user.is_aws):
        raise HandoverError(_("A note for AWS only goes to somebody of AWS."), "to")
    with transaction.atomic():
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        last = engagement.handovers.aggregate(last=Max("number"))["last"] or 0
        note = Handover.objects.create(
            engagement=engagement,
            number=last + 1,
            text=text,
            audience=Handover.Audience.AWS if is_internal else Handover.Audience.ALL,
            from_id=by.pk,
            from_name=by.name,
            to_id=member.user_id,
            to_name=member.user.name,
            written_at=now,
        )
        outbox.enqueue([_message(note, member.user)], now=now)
        _say(note, "handover.written", by, now)
    return note


def take(*, note: Handover, by, now: datetime) -> bool:
    """The person named has read it and takes over; False when they had. Raises HandoverError for anybody else."""
    access.check(by, note.engagement, access.Permission.VIEW)
    if note.to_id != by.pk:
        raise HandoverError(_("Only %(name)s can take this over.") % {"name": note.to_name})
    with transaction.atomic():
        # Clocks of two servers may differ a little: nobody takes over what is not written yet.
        taken_at = max(now, note.written_at)
        if not Handover.objects.filter(pk=note.pk, taken_at=None).update(taken_at=taken_at):
            return False
        _say(note, "handover.taken", by, now)
    return True


def _say(note: Handover, phrase: str, by, now: datetime) -> None:
    timeline.record(
        note.engagement,
        phrase,
        by=by,
        now=now,
        params={"from": note.from_name, "to": note.to_name},
        text=note.text,
        audience=note.audience,
        subject_type="handover",
        subject_id=note.pk,
    )
    announce(note.engagement.topic, TILE)


def _message(note: Handover, user) -> outbox.Message:
    engagement = note.engagement
    return outbox.Message(
        key=f"handover:{note.pk}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template="warroom/people/mail/handover",
        params={
            "reference": engagement.reference,
            "name": engagement.name,
            "by": note.from_name,
            "text": note.text,
        },
        engagement_id=engagement.pk,
    )
