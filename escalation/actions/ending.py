"""When does the service work again, and when is the problem over?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation import timing
from escalation.actions._base import lock, not_future, require_open, require_text, save, say
from escalation.ladder import allclear, holding
from escalation.models import Escalation
from iem_portal.notifications import outbox


@transaction.atomic
def restored(
    *,
    escalation: Escalation,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    base_version: int | None = None,
) -> Escalation:
    """Note that the service works again (`at`, default `now`, UTC); the cause may still be open.

    Another time than the one noted, or one before a breach on record, wants a reason; one before the detection or
    the last reopening is refused. Raises ValidationError by
    field (at, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    at, old_at = at or now, escalation.restored_at
    _require_in_its_time("at", escalation, at, now)
    is_claim = timing.overtaken(escalation, timing.RESTORE, at=at, now=now)
    if old_at is not None or is_claim:
        reason = require_text(
            "reason", reason, _("Say why this time is the right one; the other stays on record.")
        )
    escalation.restored_at = at
    save(escalation, "restored_at")
    timing.restored(escalation, at=at, by=by, now=now, reason=reason.strip())
    params = {"is": {"at": at.isoformat()}} | ({"was": {"at": old_at.isoformat()}} if old_at else {})
    phrase = "restored_corrected" if old_at else "restored"
    say(escalation, phrase, by=by, now=now, at=at, params=params, text=reason)
    return escalation


@transaction.atomic
def resolved(
    *,
    escalation: Escalation,
    resolution: str,
    by,
    now: datetime,
    at: datetime | None = None,
    base_version: int | None = None,
) -> Escalation:
    """End it (`at`, default `now`, UTC): its clocks stop, and nothing of it fires any more.

    A clock that AWS never answered is cancelled, unless its deadline has passed: then the breach stands.
    Raises ValidationError by field (resolution, at), StaleWrite, PermissionDenied.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    require_open(escalation)
    resolution = require_text("resolution", resolution, _("Say in a sentence what solved it."))
    at = at or now
    _require_in_its_time("at", escalation, at, now)
    if escalation.answered_at and at < escalation.answered_at:
        raise ValidationError({"at": _("AWS answered only after this time.")})
    timing.resolved(escalation, at=at, by=by, now=now, reason=resolution)
    escalation.resolved_at, escalation.resolution = at, resolution
    escalation.restored_at = escalation.restored_at or at
    timing.clear_wait(escalation)
    save(escalation, "resolved_at", "resolution", "restored_at", *timing.WAIT_COLUMNS)
    holding.end(escalation, reason=holding.ENDED_BY_END, now=now)
    outbox.enqueue(allclear.of(escalation, now=now), now=now)
    say(escalation, "resolved", by=by, now=now, at=at, text=resolution)
    return escalation


def _require_in_its_time(field: str, escalation: Escalation, at: datetime, now: datetime) -> None:
    not_future(field, at, now)
    if at < escalation.detected_at:
        raise ValidationError({field: _("It was detected only after this time.")})
    if escalation.reopened_at and at < escalation.reopened_at:
        raise ValidationError({field: _("It was reopened only after this time.")})
