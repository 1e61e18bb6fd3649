"""It is not over after all: how does an end get taken back, and what of it stays on record?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation import timing
from escalation.actions._base import enter, lock, not_future, require_text, save, say
from escalation.actions.family import end_duplicate
from escalation.ladder import telling
from escalation.models import Escalation
from escalation.models.path import Reopening
from iem_portal.notifications import outbox

# AWS reopens a case for so long; later it opens a related one. Source: AWS Support user guide.
REOPENED_WITHIN = timedelta(days=14)


def is_reopenable(escalation: Escalation, now: datetime) -> bool:
    """May it be reopened at `now`? A duplicate always, any other for fourteen days; later `follow_up` opens one."""
    if escalation.resolved_at is None:
        return False
    return escalation.merged_into_id is not None or now - escalation.resolved_at <= REOPENED_WITHIN


@transaction.atomic
def reopen(
    *,
    escalation: Escalation,
    reason: str,
    by,
    now: datetime,
    at: datetime | None = None,
    owner_name: str = "",
    base_version: int | None = None,
) -> Escalation:
    """It broke again at `at` (default `now`, UTC), or was no duplicate: the same escalation goes on, with its end kept.

    The time to restore goes on, update and level start again. AWS's first answer is owed only by a new case; a
    case that a wrong merge left unanswered is owed it as from its creation. Whoever hears of an opening hears of it,
    and whoever had heard that it was over. Raises ValidationError by field
    (reason, at), StaleWrite, PermissionDenied.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    at = at or now
    _require_over(escalation, at, now)
    reason = require_text("reason", reason, _("Say why it is open again."))
    parent = escalation.merged_into
    _keep(escalation, reason, at=at, by=by, now=now)
    escalation.resolved_at = escalation.restored_at = escalation.merged_into = None
    escalation.resolution, escalation.reopened_at = "", at
    escalation.owner_name = owner_name.strip() or escalation.owner_name
    save(escalation, "resolved_at", "restored_at", "merged_into", "resolution", "reopened_at", "owner_name")
    # Why it is open again is for everybody, at whatever level it was.
    enter(escalation, now=now, by=by, at=at, note=reason, is_internal=False)
    timing.reopened(escalation, at=at, by=by, now=now)
    outbox.enqueue(telling.of_reopening(escalation, reason=reason, by=by, now=now), now=now)
    if parent is None:
        say(escalation, "reopened", by=by, now=now, at=at, text=reason)
        return escalation
    end_duplicate(escalation, reason, by=by, now=now)
    if escalation.case_opened_at and not escalation.answered_at:
        timing.unmerged(escalation, at=at, by=by, now=now)
    params = {"other": parent.reference}
    say(escalation, "unmerged", by=by, now=now, at=at, params=params, text=reason)
    return escalation


def _require_over(escalation: Escalation, at: datetime, now: datetime) -> None:
    if escalation.is_open:
        raise ValidationError(_("This escalation is not resolved yet."))
    if not is_reopenable(escalation, now):
        raise ValidationError(_("It ended more than 14 days ago. Open a follow-up instead."))
    not_future("at", at, now)
    if at < escalation.resolved_at:
        raise ValidationError({"at": _("It was resolved only after this time.")})


def _keep(escalation: Escalation, reason: str, *, at: datetime, by, now: datetime) -> None:
    Reopening.objects.create(
        escalation=escalation,
        resolved_at=escalation.resolved_at,
        restored_at=escalation.restored_at,
        resolution=escalation.resolution,
        merged_into=escalation.merged_into,
        reopened_at=at,
        recorded_at=now,
        reason=reason,
        by_id=by.pk,
        by_name=by.name,
    )
