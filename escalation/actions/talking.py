"""What was said to whom about an escalation?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import TimelineEntry
from escalation.actions._base import not_future, require_text, say
from escalation.models import Communication, Escalation


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
) -> Communication:
    """Log what was said (`at`, default `now`, UTC); `audience` "aws" is for AWS's people and written by them.

    Raises ValidationError by field (text, audience, channel, at).
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
    said = Communication.objects.create(
        escalation=escalation,
        channel=channel,
        audience=audience,
        text=text,
        at=at,
        by_id=by.pk,
        by_name=by.name,
    )
    kind = TimelineEntry.Kind.COMMUNICATION
    say(escalation, "said", by=by, now=now, at=at, kind=kind, audience=audience, text=text)
    return said
