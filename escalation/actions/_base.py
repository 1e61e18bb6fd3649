"""What every verb on an escalation does alike: lock, compare the version, save, say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.models import TimelineEntry
from escalation import catalog
from escalation.firing import TILES
from escalation.models import MANAGEMENT, Clock, Deadline, Escalation, Hop
from iem_portal import live

LONGEST_AGO = timedelta(days=3660)
LONGEST_MINUTES = 525_600


class StaleWrite(Exception):
    """Somebody changed the escalation after the caller read it; `escalation` is as it is now."""

    def __init__(self, escalation: Escalation):
        super().__init__(f"{escalation} is at version {escalation.version}")
        self.escalation = escalation


def lock(escalation: Escalation, base_version: int | None = None) -> Escalation:
    """The escalation as stored, held until the transaction ends; raises StaleWrite on another version.

    Its deadlines are held too, always before any tile is announced: the engine takes them in the same order.
    """
    held = (
        # "no key": rows that refer to it, such as those the engine writes, need not wait for us.
        Escalation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("engagement__customer")
        .get(pk=escalation.pk)
    )
    if base_version is not None and held.version != base_version:
        raise StaleWrite(held)
    waiting = Deadline.objects.waiting().filter(clock__escalation=held).order_by("pk")
    list(waiting.select_for_update(of=("self",)).values_list("pk", flat=True))
    return held


def save(escalation: Escalation, *fields: str) -> None:
    """Write these columns and the next version."""
    escalation.version += 1
    escalation.save(update_fields=[*fields, "version"])


def response_clock(escalation: Escalation) -> Clock | None:
    """The first-answer clock, once the case is open."""
    return escalation.clocks.filter(kind=Clock.Kind.FIRST_RESPONSE).first()


def require_open(escalation: Escalation) -> None:
    """Raise ValidationError when the escalation is resolved."""
    if not escalation.is_open:
        raise ValidationError(_("This escalation is resolved."))


def require_text(field: str, text: str, message: str) -> str:
    """The text without blanks around it; raises ValidationError on that field when it is empty."""
    text = text.strip()
    if not text:
        raise ValidationError({field: message})
    return text


def require_minutes(field: str, minutes: int | None) -> None:
    """Raise ValidationError on that field unless it is empty or a whole number from a minute to a year."""
    if minutes is not None and not 1 <= minutes <= LONGEST_MINUTES:
        raise ValidationError({field: _("Give a number of minutes from 1 to 525,600.")})


def not_future(field: str, at: datetime, now: datetime) -> None:
    """Raise ValidationError on that field when the instant has not come yet, or lies more than ten years back."""
    if at > now:
        raise ValidationError({field: _("This time has not come yet.")})
    # A slip of the year would make a clock count the working hours of centuries.
    if now - at > LONGEST_AGO:
        raise ValidationError({field: _("Enter a date and time, such as 2026-11-28 23:00.")})


def enter(
    escalation: Escalation,
    *,
    now: datetime,
    by,
    at: datetime | None = None,
    note: str = "",
    is_internal: bool | None = None,
) -> Hop:
    """Add the hop into the escalation's present lane and level; never before the hop it follows.

    `is_internal` hides the note from customers; by default, as the level is.
    """
    path = escalation.hops.exclude(lane=MANAGEMENT).order_by("-entered_at")
    last = path.values_list("entered_at", flat=True).first()
    at = at or now
    return Hop.objects.create(
        escalation=escalation,
        lane=escalation.lane,
        level=escalation.level,
        entered_at=at if last is None else max(at, last),
        owner_name=escalation.owner_name,
        note=note,
        is_internal=catalog.is_internal(escalation.level) if is_internal is None else is_internal,
        by_id=by.pk,
        by_name=by.name,
    )


def say(
    escalation: Escalation, phrase: str, *, by, now: datetime, params: dict | None = None, **words
) -> None:
    """Write a line of the timeline about the escalation and announce its tiles."""
    words.setdefault("kind", TimelineEntry.Kind.HUMAN)
    timeline.record(
        escalation.engagement,
        f"escalation.{phrase}",
        by=by,
        now=now,
        params={"reference": escalation.reference, "title": escalation.title} | (params or {}),
        subject_type="escalation",
        subject_id=escalation.pk,
        **words,
    )
    live.announce(escalation.engagement.topic, *TILES)
