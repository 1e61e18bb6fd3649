"""How does an escalation begin, and when does AWS's clock start? At the case, not at the first sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements.models import Engagement
from escalation import catalog, planning, promises, timing
from escalation.actions._base import (
    enter,
    lock,
    not_future,
    require_minutes,
    require_open,
    require_text,
    response_clock,
    save,
    say,
)
from escalation.actions.casework import lead_by_number
from escalation.actions.facts import checked
from escalation.ladder import telling
from escalation.models import Escalation
from iem_portal.notifications import outbox

# Typing a form takes a while; a case older than this was opened elsewhere and wants a word of why.
RETROACTIVE = timedelta(minutes=5)


@transaction.atomic
def open_escalation(
    *,
    engagement: Engagement,
    title: str,
    symptom: str,
    severity: str,
    lane: str,
    detected_at: datetime,
    by,
    now: datetime,
    severity_reason: str = "",
    owner_name: str = "",
    signal: dict | None = None,
    module: str = "",
    restore_target_min: int | None = None,
    facts: Mapping[str, str] | None = None,
) -> Escalation:
    """Open an escalation at level 0 with the promise of the engagement's plan copied onto it, and tell its people.

    `signal` is {"type", "id", "label"} of what showed the problem. AWS's clock waits for the case; those of the
    team and of the outage start here. `restore_target_min` is the customer's own objective for `module`;
    `facts` are more columns for the case (see `facts.TEXTS`). Raises ValidationError by field: title, severity
    (not offered by the plan), lane, detected_at (in the future), restore_target_min, and those of `facts`.
    """
    title = require_text("title", title, _("Say in a few words what is wrong."))
    if lane not in catalog.lanes():
        raise ValidationError({"lane": _("There is no such lane.")})
    not_future("detected_at", detected_at, now)
    require_minutes("restore_target_min", restore_target_min)
    more = checked(facts or {})
    # The engagement row is held, so that two people who open at once get two numbers.
    engagement = (
        Engagement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("customer")
        .get(pk=engagement.pk)
    )
    policy = promises.freeze(engagement, now=now)
    promises.require_offered(policy, severity)
    escalation = Escalation.objects.create(
        engagement=engagement,
        number=_next_number(engagement),
        title=title,
        symptom=symptom.strip(),
        severity=severity,
        severity_reason=severity_reason.strip(),
        lane=lane,
        owner_name=owner_name.strip() or by.name,
        detected_at=detected_at,
        declared_at=now,
        plan=engagement.support_plan,
        policy=policy,
        signal=signal,
        module=module.strip(),
        restore_target_min=restore_target_min,
        opened_by_id=by.pk,
        opened_by_name=by.name,
        **more,
    )
    enter(escalation, now=now, by=by)
    timing.opened(escalation, by=by, now=now)
    outbox.enqueue(telling.of_opening(escalation, now=now), now=now)
    params = {"severity": catalog.severities()[severity]["label"], "lane": catalog.lanes()[lane]["label"]}
    say(escalation, "opened", by=by, now=now, params=params)
    return escalation


def _next_number(engagement: Engagement) -> int:
    """The number that follows the last one; the engagement's row is held."""
    last = Escalation.objects.filter(engagement=engagement).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def case_opened(
    *,
    escalation: Escalation,
    case_id: str,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    base_version: int | None = None,
    is_new: bool = False,
) -> Escalation:
    """Note the Support case and start the first-answer clock at its creation (`at`, default `now`, UTC).

    A case of more than five minutes ago, or another time than the one on record, wants a reason. When its
    deadline lies in the past the breach is recorded here, dated at the deadline. `is_new`: another case follows
    the one on record, whose answer is owed no more; AWS owes a first answer to it. Raises ValidationError by
    field (case_id, at, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    case_id = require_text("case_id", case_id, _("Give the number of the case."))
    if is_new and escalation.case_opened_at is not None:
        return _new_case(escalation, case_id, at or now, by=by, now=now, reason=reason)
    if escalation.case_opened_at is not None:
        return _correct_case(
            escalation, case_id, at or escalation.case_opened_at, by=by, now=now, reason=reason
        )
    at = at or now
    not_future("at", at, now)
    if now - at > RETROACTIVE:
        reason = require_text("reason", reason, _("Say why the case is noted only now."))
    escalation.case_id, escalation.case_opened_at = case_id, at
    fields = ["case_id", "case_opened_at"]
    is_up = escalation.level == 0
    if is_up:
        escalation.level = 1
        fields.append("level")
        enter(escalation, now=now, by=by, at=at)
    save(escalation, *fields)
    timing.case_opened(escalation, at=at, by=by, now=now, reason=reason)
    if is_up:
        timing.level_entered(escalation, at=at, by=by, now=now, reason=reason)
    say(escalation, "case_opened", by=by, now=now, at=at, params={"case": case_id}, text=reason)
    return escalation


def _new_case(escalation, case_id: str, at: datetime, *, by, now: datetime, reason: str) -> Escalation:
    """Another case after one that is answered: the first answer is owed anew, the old one stays on record."""
    reason = require_text("reason", reason, _("Say why there is another case."))
    not_future("at", at, now)
    clock = response_clock(escalation)
    if clock is not None and not planning.state_of(clock).is_over:
        raise ValidationError({"case_id": _("AWS still owes an answer to the case on record.")})
    if escalation.answered_at and at < escalation.answered_at:
        raise ValidationError({"at": _("The case on record was answered only after this time.")})
    old_id = escalation.case_id
    escalation.case_id, escalation.case_opened_at = case_id, at
    escalation.answered_at, escalation.answered_how = None, ""
    save(escalation, "case_id", "case_opened_at", "answered_at", "answered_how")
    lead_by_number(escalation, by=by, now=now)
    timing.case_opened(escalation, at=at, by=by, now=now, reason=reason)
    params = {"old": old_id, "case": case_id}
    say(escalation, "case_followed", by=by, now=now, at=at, params=params, text=reason)
    return escalation


def _correct_case(escalation, case_id: str, at: datetime, *, by, now: datetime, reason: str) -> Escalation:
    """Another number or time of the case: the clock starts a new cycle, and the old one stays on record."""
    reason = require_text("reason", reason, _("Say why the case data change."))
    not_future("at", at, now)
    if escalation.answered_at and at >= escalation.answered_at:
        raise ValidationError({"at": _("AWS answered before this time.")})
    old_id, old_at = escalation.case_id, escalation.case_opened_at
    escalation.case_id, escalation.case_opened_at = case_id, at
    save(escalation, "case_id", "case_opened_at")
    lead_by_number(escalation, by=by, now=now)
    params = {"old": old_id, "case": case_id, "was": {"at": old_at.isoformat()}, "is": {"at": at.isoformat()}}
    phrase = "case_corrected"
    if at != old_at and response_clock(escalation) is not None:
        broken = timing.case_corrected(escalation, at=at, by=by, now=now, reason=reason)
        if broken is not None:
            # Whoever heard of the breach finds here what became of it: a breach is told once.
            phrase = "case_corrected_missed" if broken.is_still_broken else "case_corrected_unmissed"
            params |= {
                "breach": {"at": broken.old_due_at.isoformat()},
                "due": {"at": broken.due_at.isoformat()},
            }
    say(escalation, phrase, by=by, now=now, params=params, text=reason)
    return escalation
