"""When did AWS answer, and was it in time? Told from row counts, not from what a page believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from engagements.models import TimelineEntry
from escalation import clock as pure
from escalation import timing
from escalation.actions._base import (
    enter,
    lock,
    not_future,
    require_open,
    require_text,
    response_clock,
    save,
    say,
)
from escalation.models import Escalation


@dataclass(frozen=True)
class Answered:
    """What became of the promise: met or missed, and whether a recorded breach was corrected."""

    escalation: Escalation
    is_late: bool
    is_corrected: bool
    due_at: datetime | None


@transaction.atomic
def answered(
    *,
    escalation: Escalation,
    how: str,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    base_version: int | None = None,
) -> Answered:
    """Stop the first-answer clock at AWS's first answer (`at`, default `now`, aware UTC).

    The answer and the breach exclude each other: whichever reaches the row first stands. An `at` before the
    deadline of a breach that is on record, or another time than the one noted, wants a reason and keeps both.
    Raises ValidationError by field (at, how, reason), StaleWrite, PermissionDenied.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    _require_clock(escalation, how, at or now, now)
    is_again = escalation.answered_at is not None
    if is_again and at is None:
        raise ValidationError(_("The answer is on record already. To correct it, give its time and say why."))
    is_claim = at is not None and timing.overtaken(escalation, timing.FIRST_RESPONSE, at=at, now=now)
    if is_again or is_claim:
        reason = require_text(
            "reason", reason, _("Say why this time is the right one; the other stays on record.")
        )
    at = at or now
    words = {"how": how, "at": at, "by": by, "now": now, "reason": reason}
    state = timing.answered(escalation, is_claim=is_claim, **words)
    return _note(escalation, state, is_again=is_again, **words)


def _require_clock(escalation: Escalation, how: str, at: datetime, now: datetime) -> None:
    """Raise ValidationError for everything that can be wrong with an answer."""
    require_open(escalation)
    if how not in Escalation.Answer.values:
        raise ValidationError({"how": _("Say how AWS answered.")})
    not_future("at", at, now)
    if response_clock(escalation) is None:
        raise ValidationError(_("No case is open yet, so there is nothing to answer."))
    if at < escalation.case_opened_at:
        raise ValidationError({"at": _("The case was opened only after this time.")})


def _note(
    escalation, state: pure.State, *, how: str, at: datetime, is_again: bool, reason: str, by, now
) -> Answered:
    """Put the answer on the escalation, its path and the timeline; what the fold says is the verdict."""
    is_late = pure.verdict(state) == pure.MISSED
    old_at = escalation.answered_at
    escalation.answered_at, escalation.answered_how = at, how
    fields = ["answered_at", "answered_how"]
    is_up = escalation.level == 1
    if is_up:
        escalation.level = 2
        fields.append("level")
        enter(escalation, now=now, by=by, at=at)
    save(escalation, *fields)
    if is_up:
        timing.level_entered(escalation, at=at, by=by, now=now, reason=reason)
    phrase = "answer_corrected" if is_again else ("answered_late" if is_late else "answered")
    minutes = round(pure.elapsed(state, now).total_seconds() / 60)
    params = {"minutes": minutes, "is": {"at": at.isoformat()}}
    if old_at:
        params["was"] = {"at": old_at.isoformat()}
    say(escalation, phrase, by=by, now=now, at=at, kind=TimelineEntry.Kind.AWS, params=params, text=reason)
    return Answered(escalation, is_late, state.is_corrected, pure.due_at(state))
