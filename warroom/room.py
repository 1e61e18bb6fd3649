"""What people do with the room itself: open it, close it, and send status updates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.notifications import outbox
from warroom.models import StatusUpdate, WarRoom

# How long a state may go without a word. Source: planning workbook, communication plan (normal and incident cadence).
CADENCE_MIN = {"on_plan": 60, "at_risk": 30, "off_plan": 15}
TILES = ("clock", "update", "sources")
LONGEST_TEXT = 4000


class UpdateError(ValueError):
    """The status update cannot be sent; `field` says which input is wrong."""

    def __init__(self, message: str, field: str):
        super().__init__(message)
        self.field = field


def open_room(*, engagement: Engagement, by, now: datetime) -> WarRoom:
    """Open the war room, or open it again; from now on AWS is watched."""
    access.check(by, engagement, access.Permission.RUN_STEPS)
    with transaction.atomic():
        room, is_new = WarRoom.objects.get_or_create(
            engagement=engagement, defaults={"opened_at": now, "opened_by_name": by.name}
        )
        closed = WarRoom.objects.filter(pk=room.pk, closed_at__isnull=False)
        is_reopened = closed.update(opened_at=now, opened_by_name=by.name, closed_at=None, closed_by_name="")
        if is_new or is_reopened:
            timeline.record(engagement, "room.opened", by=by, now=now)
            announce(engagement.topic, *TILES)
    room.refresh_from_db()
    return room


def close_room(*, engagement: Engagement, by, now: datetime) -> bool:
    """Close the war room, so that AWS is no longer asked; False when it was not open."""
    access.check(by, engagement, access.Permission.RUN_STEPS)
    with transaction.atomic():
        rooms = WarRoom.objects.filter(engagement=engagement, closed_at__isnull=True)
        if not rooms.update(closed_at=now, closed_by_name=by.name):
            return False
        timeline.record(engagement, "room.closed", by=by, now=now)
        announce(engagement.topic, *TILES)
    return True


def post_update(
    *,
    engagement: Engagement,
    state: str,
    text: str,
    by,
    now: datetime,
    audience: str = StatusUpdate.Audience.ALL,
    next_in_min: int | None = None,
) -> StatusUpdate:
    """Tell everybody (or AWS only) how the event stands: kept, mailed, and said on the timeline.

    The next update is due after `next_in_min` minutes, by default the cadence of the state.
    """
    access.check(by, engagement, access.Permission.POST_UPDATE)
    state, text, audience = _valid(state, text, audience, by)
    minutes = next_in_min or CADENCE_MIN[state]
    with transaction.atomic():
        # One number at a time; "no key", so that rows that refer to the engagement need not wait.
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        recipients = _recipients(engagement, audience)
        last = engagement.status_updates.aggregate(last=Max("number"))["last"] or 0
        update = StatusUpdate.objects.create(
            engagement=engagement,
            number=last + 1,
            state=state,
            text=text,
            audience=audience,
            recipients_count=len(recipients),
            by_name=by.name,
            sent_at=now,
            next_due_at=now + timedelta(minutes=minutes),
        )
        outbox.enqueue([_message(update, user) for user in recipients], now=now)
        _record(update, by=by, now=now)
        announce(engagement.topic, "update", "clock")
    return update


def _valid(state: str, text: str, audience: str, by) -> tuple[str, str, str]:
    if state not in StatusUpdate.State.values:
        raise UpdateError(_("Choose how the event stands."), "state")
    if not text.strip():
        raise UpdateError(_("Write what people should know."), "text")
    if len(text) > LONGEST_TEXT:
        raise UpdateError(_("At most %(limit)d characters.") % {"limit": LONGEST_TEXT}, "text")
    if audience not in StatusUpdate.Audience.values or (audience == "aws" and not by.is_aws):
        raise UpdateError(_("Choose who gets the update."), "audience")
    return state, text.strip(), audience


def _recipients(engagement: Engagement, audience: str) -> list:
    members = access.members().filter(engagement=engagement)
    return [member.user for member in members if audience == "all" or member.user.is_aws]


def _message(update: StatusUpdate, user) -> outbox.Message:
    engagement = update.engagement
    return outbox.Message(
        key=f"status-update:{update.pk}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template="warroom/mail/update",
        params={
            "reference": engagement.reference,
            "name": engagement.name,
            "number": update.number,
            "state": update.state,
            "text": update.text,
            "by_name": update.by_name,
            "next_due_at": {"at": update.next_due_at.isoformat()},
        },
        engagement_id=engagement.pk,
    )


def _record(update: StatusUpdate, *, by, now: datetime) -> None:
    words = {"number": update.number, "count": update.recipients_count, "state": STATE_WORDS[update.state]}
    timeline.record(
        update.engagement,
        "update.sent",
        by=by,
        now=now,
        kind="communication",
        params=words,
        text=update.text,
        audience=update.audience,
        subject_type="status_update",
        subject_id=update.pk,
    )


# Both languages are kept in the entry: the timeline is read for years, whatever the catalogue says then.
STATE_WORDS = {
    "on_plan": {"en": "on plan", "ko": "계획대로"},
    "at_risk": {"en": "at risk", "ko": "주의"},
    "off_plan": {"en": "off plan", "ko": "이탈"},
}
