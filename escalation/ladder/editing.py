"""Who changes the rules, and who agrees on quiet? Verbs on policies and mutes; both are kept for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.access import Permission, check
from engagements.models import Engagement, TimelineEntry
from escalation.ladder import checking, holdback, policies
from escalation.models import LadderPolicy, Mute
from iem_portal.accounts.models import User

LONGEST_MUTE = timedelta(days=7)


class StalePolicy(Exception):
    """Somebody saved the rules after the caller read them."""


@transaction.atomic
def save(*, engagement: Engagement | None, body: dict, by, now: datetime, base: int | None) -> LadderPolicy:
    """Store the next version of the engagement's rules, or of the portal's when it is None.

    `base` is the number (pk) of the version that the writer saw. Escalations that are open keep the version they
    opened under. Raises PermissionDenied, StalePolicy, and ValueError for a body that no form makes.
    """
    _require_may(engagement, by)
    checking.check(body)
    current = policies.in_force(engagement)
    if (current.pk if current else None) != base:
        raise StalePolicy
    saved = _store(engagement, body, by=by, now=now)
    if engagement is not None:
        _say(engagement, "ladder_saved", by=by, now=now, params={"version": saved.version})
    return saved


@transaction.atomic
def withdraw(*, engagement: Engagement, by, now: datetime) -> None:
    """From now on the engagement follows the portal's rules; its own versions stay on record."""
    _require_may(engagement, by)
    current = policies.in_force(engagement)
    if current is not None and current.engagement_id is not None:
        _store(engagement, {}, by=by, now=now)
        _say(engagement, "ladder_withdrawn", by=by, now=now)


@transaction.atomic
def mute(
    *, engagement: Engagement, starts_at: datetime, ends_at: datetime, reason: str, by, now: datetime
) -> Mute:
    """Agree on quiet: what would be told between these instants (aware UTC) waits for the end, in one message.

    It begins at once when `starts_at` is past or now, also for clocks that run already; the 15-minute class is
    told as ever. Raises ValidationError by field (ends_at, reason) and PermissionDenied.
    """
    check(by, engagement, Permission.DRIVE)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why nobody needs to be told meanwhile.")})
    starts_at = max(starts_at, now)
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must lie ahead, and after the beginning.")})
    if ends_at - starts_at > LONGEST_MUTE:
        raise ValidationError({"ends_at": _("At most seven days.")})
    agreed = Mute.objects.create(
        engagement=engagement,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        by_id=by.pk,
        by_name=by.name,
    )
    params = {"since": {"at": starts_at.isoformat()}, "until": {"at": ends_at.isoformat()}}
    _say(engagement, "muted", by=by, now=now, params=params, text=agreed.reason)
    return agreed


@transaction.atomic
def end_mute(*, mute: Mute, by, now: datetime) -> None:
    """The quiet is over before its time: what waited for it goes out now."""
    check(by, mute.engagement, Permission.DRIVE)
    if Mute.objects.filter(pk=mute.pk, ended_at=None).update(ended_at=now, ended_by_name=by.name):
        holdback.release(mute.engagement_id, until=mute.ends_at, now=now)
        _say(mute.engagement, "mute_ended", by=by, now=now)


def _require_may(engagement: Engagement | None, by) -> None:
    if engagement is not None:
        check(by, engagement, Permission.DRIVE)
    elif getattr(by, "portal_role", "") != User.PortalRole.ADMINISTRATOR:
        raise PermissionDenied


def _store(engagement: Engagement | None, body: dict, *, by, now: datetime) -> LadderPolicy:
    last = LadderPolicy.objects.filter(engagement=engagement).aggregate(last=Max("version"))["last"] or 0
    try:
        with transaction.atomic():
            return LadderPolicy.objects.create(
                engagement=engagement, version=last + 1, body=body, saved_at=now, by_id=by.pk, by_name=by.name
            )
    except IntegrityError as clash:
        raise StalePolicy from clash


def _say(
    engagement: Engagement, phrase: str, *, by, now: datetime, params: dict | None = None, text: str = ""
) -> None:
    timeline.record(
        engagement,
        f"escalation.{phrase}",
        by=by,
        now=now,
        kind=TimelineEntry.Kind.HUMAN,
        params=params or {},
        text=text,
        audience=TimelineEntry.Audience.ALL,
    )
