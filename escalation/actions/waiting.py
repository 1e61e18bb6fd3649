"""AWS waits for the customer: what stands still, for which reason, and until when?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation import timing
from escalation.actions._base import lock, not_future, require_open, require_text, save, say
from escalation.models import Escalation, SupportCase


@transaction.atomic
def waiting(
    *,
    escalation: Escalation,
    code: str,
    reason: str,
    by,
    now: datetime,
    at: datetime | None = None,
    until: datetime | None = None,
    case: SupportCase | None = None,
    base_version: int | None = None,
) -> Escalation:
    """AWS cannot go on without the customer (`at`, default `now`, UTC): update and level clocks stand still.

    `code` is one of Escalation.Waiting, `until` lifts it by itself. Called again while it waits, the code,
    reason and end change, and the start stays. The first answer and the time to restore never stand still. `case` is
    the one that says so, and by which the wait will end; one that people began is theirs to end.
    Raises ValidationError by field (code, reason, at, until), StaleWrite, PermissionDenied.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    require_open(escalation)
    timing.settle(escalation, now=now)
    if code not in Escalation.Waiting.values:
        raise ValidationError({"code": _("Say what AWS waits for.")})
    reason = require_text("reason", reason, _("Say in a sentence what is missing."))
    is_new = escalation.waiting_since is None
    at = (at or now) if is_new else escalation.waiting_since
    not_future("at", at, now)
    if at < escalation.detected_at:
        raise ValidationError({"at": _("It was detected only after this time.")})
    if until is not None and until <= now:
        raise ValidationError({"until": _("The end must lie ahead.")})
    old_until = escalation.waiting_until
    escalation.waiting_since, escalation.waiting_until = at, until
    escalation.waiting_code, escalation.waiting_reason = code, reason
    if is_new:
        escalation.waiting_case = case
    save(escalation, *timing.WAIT_COLUMNS)
    if is_new:
        timing.waiting(escalation, at=at, by=by, now=now, reason=reason)
    else:
        timing.plan_lift(escalation, by=by, now=now)
    _say(escalation, at if is_new else now, old_until, is_new=is_new, by=by, now=now)
    return escalation


@transaction.atomic
def waiting_over(
    *,
    escalation: Escalation,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    base_version: int | None = None,
) -> Escalation:
    """The customer did their part (`at`, default `now`, UTC): the clocks go on, later by the length of the wait.

    A time before `now` wants a reason. Raises ValidationError by field (at, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    if timing.settle(escalation, now=now):
        return escalation
    if escalation.waiting_since is None:
        raise ValidationError(_("AWS is not waiting for the customer."))
    if at is not None:
        not_future("at", at, now)
        reason = require_text("reason", reason, _("Say why it is noted only now."))
        if at < escalation.waiting_since:
            raise ValidationError({"at": _("The wait began only after this time.")})
    at = at or now
    timing.waiting_over(escalation, at=at, by=by, now=now)
    timing.clear_wait(escalation)
    save(escalation, *timing.WAIT_COLUMNS)
    say(escalation, "wait_over", by=by, now=now, at=at, text=reason.strip())
    return escalation


@transaction.atomic
def lift(*, escalation: Escalation, now: datetime) -> bool:
    """What the engine calls for a wait whose end has come; False when somebody was first."""
    return timing.settle(lock(escalation), now=now)


def _say(escalation, at: datetime, old_until: datetime | None, *, is_new: bool, by, now: datetime) -> None:
    until = escalation.waiting_until
    params = {} if until is None else {"until": {"at": until.isoformat()}}
    if old_until is not None:
        params["was"] = {"at": old_until.isoformat()}
    phrase = "waiting" if is_new else "waiting_changed"
    say(
        escalation,
        phrase if until is None else f"{phrase}_until",
        by=by,
        now=now,
        at=at,
        params=params,
        text=escalation.waiting_reason,
    )
