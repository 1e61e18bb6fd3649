"""What was said to whom about an escalation?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import TimelineEntry
from escalation import timing
from escalation.actions._base import lock, not_future, require_open, require_text, say
from escalation.ladder import holding
from escalation.models import Communication, Escalation, Hop


@transaction.atomic
def add_communication(
    *,
    escalation: Escalation,
    text: str,
    audience: str,
    by,
    now: datetime,
    channel: str = Communication.Channel.CASE,
    at: datetime | None = None,
    is_update: bool = False,
    reason: str = "",
    hop: Hop | None = None,
) -> Communication:
    """Log what was said (`at`, default `now`, UTC); `audience` "aws" is for AWS's people and written by them.

    `is_update`: the customer heard, so the next update counts from here; one that was told before a breach on
    record wants a `reason`. `hop` is the step of the path it was written with. Raises ValidationError by field
    (text, audience, channel, at, is_update, reason).
    """
    text = require_text("text", text, _("Write what was said."))
    if channel not in Communication.Channel.values:
        raise ValidationError({"channel": _("There is no such channel.")})
    if audience not in TimelineEntry.Audience.values or (
        audience != TimelineEntry.Audience.ALL and not by.is_aws
    ):
        raise ValidationError({"audience": _("Choose who may read this.")})
    at = at or now
    not_future("at", at, now)
    if is_update:
        escalation = _update(escalation, audience, at, reason, by=by, now=now)
    said = Communication.objects.create(
        escalation=escalation,
        hop=hop,
        channel=channel,
        audience=audience,
        is_update=is_update,
        text=text,
        at=at,
        by_id=by.pk,
        by_name=by.name,
    )
    kind = TimelineEntry.Kind.COMMUNICATION
    say(escalation, "said", by=by, now=now, at=at, kind=kind, audience=audience, text=text)
    return said


def _update(escalation: Escalation, audience: str, at: datetime, reason: str, *, by, now) -> Escalation:
    """The clock of updates goes into its next cycle at `at`."""
    if audience != TimelineEntry.Audience.ALL:
        raise ValidationError({"is_update": _("An update is for the customer, who cannot read this.")})
    escalation = lock(escalation)
    require_open(escalation)
    if at < escalation.detected_at:
        raise ValidationError({"at": _("It was detected only after this time.")})
    if timing.overtaken(escalation, timing.UPDATE, at=at, now=now):
        reason = require_text(
            "reason", reason, _("Say why this time is the right one; the other stays on record.")
        )
    timing.update_told(escalation, at=at, by=by, now=now, reason=reason.strip())
    holding.renew(escalation, by=by, now=now)
    return escalation
