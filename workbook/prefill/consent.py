"""Whether the portal may ask AWS for anything in this event's accounts: its own switch, and the customer's word."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from engagements import access, timeline
from engagements.access import Permission
from engagements.models import Engagement
from workbook.models import WriteConsent


def of(engagement: Engagement) -> WriteConsent | None:
    """The newest word on it; None when nobody said anything. One query."""
    return WriteConsent.objects.filter(engagement=engagement).first()


def is_switched_on() -> bool:
    """The portal's own switch; off unless whoever runs it turned it on."""
    return settings.AWS_WRITES


def record(*, engagement: Engagement, is_given: bool, words: str, by, now: datetime) -> WriteConsent:
    """Write down that the customer agrees, or no longer does; the timeline tells everybody.

    Raises PermissionDenied for whoever may not speak for a side (customer's lead, TAM).
    """
    access.check(by, engagement, Permission.MANAGE_TEAM)
    with transaction.atomic():
        kept = WriteConsent.objects.create(
            engagement=engagement,
            is_given=is_given,
            words=words.strip()[:500],
            by_id=by.pk,
            by_name=by.name,
            at=now,
        )
        phrase = "workbook.consent_given" if is_given else "workbook.consent_withdrawn"
        timeline.record(engagement, phrase, by=by, now=now, kind="decision", text=kept.words)
    return kept
