"""What people do with the room itself: open it, close it, and send status updates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.notifications import hooks, outbox
from iem_portal.notifications.models import Hook
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
    words: dict[str, str] | None = None,
    client_id: str = "",
) -> StatusUpdate:
    """Tell everybody (or AWS only) how the event stands: kept, mailed, told to chats, and said on the timeline.

    `words` are the text by language, where it was written in more than one: everybody gets their own, and `text`
    where theirs is missing. The next update is due after `next_in_min` minutes, by default the cadence of the state.
    `client_id` is the sender's own name for it (at most 40 characters): whoever got no answer and sends the same again
    gets the update that went out.
    """
    access.check(by, engagement, access.Permission.POST_UPDATE)
    words = _by_language(words or {})
    state, text, audience = _valid(state, text, audience, by)
    minutes = next_in_min or CADENCE_MIN[state]
    with transaction.atomic():
        # One number at a time; "no key", so that rows that refer to the engagement need not wait.
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        known = sent_before(engagement=engagement, by=by, client_id=client_id)
        said = (state, text, words, audience)
        if known is not None and (known.state, known.text, known.words, known.audience) == said:
            return known
        recipients = _recipients(engagement, audience)
        last = engagement.status_updates.aggregate(last=Max("number"))["last"] or 0
        update = StatusUpdate.objects.create(
            engagement=engagement,
            number=last + 1,
            state=state,
            text=text,
            words=words,
            audience=audience,
            recipients_count=len(recipients),
            by_name=by.name,
            sent_at=now,
            # Other words under a known name are another update: a browser that goes back shows an old form.
            sent_as=_sent_as(by, client_id) if known is None else "",
            next_due_at=now + timedelta(minutes=minutes),
        )
        told = [_message(update, user) for user in recipients]
        outbox.enqueue([*told, *_to_hooks(update)], now=now)
        _record(update, by=by, now=now)
        announce(engagement.topic, "update", "clock")
    return update


def sent_before(*, engagement: Engagement, by, client_id: str) -> StatusUpdate | None:
    """The update that this person sent under this name; None without a name."""
    return engagement.status_updates.filter(sent_as=_sent_as(by, client_id)).first() if client_id else None


def _sent_as(by, client_id: str) -> str:
    return f"{by.pk or 0}:{client_id[:40]}" if client_id else ""


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


def _by_language(words: dict[str, str]) -> dict[str, str]:
    """The texts without empty ones; raises UpdateError where one is too long."""
    found = {code: text.strip() for code, text in words.items() if text.strip()}
    if any(len(text) > LONGEST_TEXT for text in found.values()):
        raise UpdateError(_("At most %(limit)d characters.") % {"limit": LONGEST_TEXT}, "text_other")
    return found


def _recipients(engagement: Engagement, audience: str) -> list:
    members = access.members().filter(engagement=engagement)
    return [member.user for member in members if audience == "all" or member.user.is_aws]


def _to_hooks(update: StatusUpdate) -> list[outbox.Message]:
    """The same for the chats and webhooks of the engagement; a pager hears of escalations alone. One query.

    What is for AWS only goes to no system of the customer.
    """
    engagement = update.engagement
    found = hooks.hooks_of([engagement.pk], hooks.UPDATE)[engagement.pk]
    return [
        outbox.Message(
            key=f"status-update:{update.pk}:hook:{hook.pk}",
            channel=hook.kind,
            address=hooks.address(hook),
            language=hook.language,
            time_zone=hook.time_zone,
            template="warroom/mail/update",
            params=_said(update),
            engagement_id=engagement.pk,
            label=hooks.label(hook),
        )
        for hook in found
        if hook.kind != Hook.Kind.EVENTS and (update.audience == "all" or hook.audience == Hook.Audience.AWS)
    ]


def _said(update: StatusUpdate) -> dict:
    """What the message says, its text in each language it was written in."""
    engagement, text = update.engagement, update.text
    return {
        "reference": engagement.reference,
        "name": engagement.name,
        "number": update.number,
        "state": update.state,
        "text": {"en": text, "ko": text} | update.words if update.words else text,
        "by_name": update.by_name,
        "next_due_at": {"at": update.next_due_at.isoformat()},
    }


def _message(update: StatusUpdate, user) -> outbox.Message:
    return outbox.Message(
        key=f"status-update:{update.pk}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template="warroom/mail/update",
        params=_said(update),
        engagement_id=update.engagement_id,
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
