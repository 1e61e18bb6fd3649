"""Where did the time go? The cause of a breach is asked for; what was said before stays on record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from engagements.models import Engagement, TimelineEntry
from escalation import catalog
from escalation.actions import _base
from escalation.attainment import reading
from escalation.models import BreachCause, Escalation, reference_of

LONGEST_TEXT = 2_000


@transaction.atomic
def name_cause(
    *,
    escalation: Escalation,
    breaches: Collection[str],
    kind: str,
    text: str,
    by,
    now: datetime,
) -> list[BreachCause]:
    """Say what these breaches (keys as of `Promise.key`) came from; a later word replaces an earlier one.

    The breach itself stays as it is. Raises ValidationError by field (breaches, kind, text), PermissionDenied.
    """
    escalation = _base.lock(escalation)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    if kind not in BreachCause.Kind.values:
        raise ValidationError({"kind": _("Choose where the time went.")})
    text = _base.require_text("text", text, _("Say in a sentence what happened."))
    if len(text) > LONGEST_TEXT:
        raise ValidationError({"text": _("Say it in at most 2,000 characters.")})
    known = {promise.key: promise for promise in of_escalation(escalation, now)}
    wanted = list(dict.fromkeys(breaches))
    if not wanted or not set(wanted) <= set(known):
        raise ValidationError({"breaches": _("Choose the breaches that this explains.")})
    chosen = [known[key] for key in wanted]
    is_known_to_all = {reading.may_know(one, is_staff=False) for one in chosen}
    if len(is_known_to_all) > 1:
        # One text for both would carry what was said inside AWS to the customer.
        raise ValidationError({"breaches": _("Explain levels inside AWS apart from what the customer sees.")})
    who = {"by_id": by.pk, "by_name": by.name}
    named = BreachCause.objects.bulk_create(
        BreachCause(clock_id=one.clock, cycle=one.cycle, kind=kind, text=text, at=now, **who)
        for one in chosen
    )
    _base.say(
        escalation,
        "breach_cause",
        by=by,
        now=now,
        text=text,
        audience=TimelineEntry.Audience.ALL if True in is_known_to_all else TimelineEntry.Audience.AWS,
    )
    return named


def of_escalation(escalation: Escalation, now: datetime) -> list[reading.Promise]:
    """The breaches of one escalation that stand, oldest first. Two queries."""
    found = reading.breaches(Escalation.objects.filter(pk=escalation.pk), now).get(escalation.pk, [])
    return sorted(found, key=lambda one: one.breached_at or one.started_at)


def unexplained(engagement: Engagement, now: datetime) -> list[str]:
    """The short names of the escalations with a breach that nobody explained. Four queries at most."""
    found = reading.breaches(Escalation.objects.filter(engagement=engagement), now)
    if not found:
        return []
    causes = reading.causes_of(clock__escalation__engagement=engagement)
    left = [
        pk for pk, promises in found.items() if any((one.clock, one.cycle) not in causes for one in promises)
    ]
    numbers = Escalation.objects.filter(pk__in=left).order_by("number").values_list("number", flat=True)
    return [reference_of(number) for number in numbers]


def level_words(promise: reading.Promise, lane: str) -> str:
    """The level of a time in level, in the active language; empty for other clocks."""
    return "" if promise.level is None else catalog.in_words(catalog.level_label(lane, promise.level))
