"""What does another severity do to the deadline? Shown before anybody commits, then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from escalation import catalog, planning, promises, telling
from escalation import clock as pure
from escalation.actions._base import lock, require_open, require_text, response_clock, save, say
from escalation.models import Escalation


@dataclass(frozen=True)
class Preview:
    """What a change of severity would do. Without a running clock the instants are None."""

    severity: str
    minutes: int
    old_due_at: datetime | None
    due_at: datetime | None
    is_breach_at_once: bool
    # AWS does not change the severity of a case: going up takes a new, linked one.
    needs_new_case: bool
    told: list[str]


def preview_severity(*, escalation: Escalation, severity: str, now: datetime) -> Preview:
    """The new deadline (original start + new target), whether it has passed already, and who would hear.

    Raises ValidationError (field `severity`) when the plan does not offer it. Changes nothing.
    """
    promises.require_offered(escalation.policy, severity)
    target = promises.target_of(escalation.policy, severity)
    clock = response_clock(escalation)
    state = planning.state_of(clock) if clock else None
    old_due = new_due = None
    is_breach = False
    if state is not None and not state.is_over:
        old_due = pure.due_at(state)
        new_due = pure.due_at(pure.with_target(state, target, at=now, label=severity))
        is_breach = state.breached_at is None and new_due is not None and new_due <= now
    order = list(catalog.severities())
    is_up = order.index(severity) < order.index(escalation.severity)
    return Preview(
        severity=severity,
        minutes=escalation.policy["targets"][severity]["minutes"],
        old_due_at=old_due,
        due_at=new_due,
        is_breach_at_once=is_breach,
        needs_new_case=is_up and bool(escalation.case_id),
        told=_told(escalation, pure.BREACH if is_breach else pure.WARN_50),
    )


@transaction.atomic
def change_severity(
    *, escalation: Escalation, severity: str, reason: str, by, now: datetime, base_version: int | None = None
) -> Escalation:
    """Give it another severity: the clock keeps its start and takes the new target; a breach on record stays.

    Raises ValidationError by field (severity, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    promises.require_offered(escalation.policy, severity)
    if severity == escalation.severity:
        raise ValidationError({"severity": _("It has this severity already.")})
    reason = require_text("reason", reason, _("Say why the severity changes."))
    old = escalation.severity
    escalation.severity, escalation.severity_reason = severity, reason
    save(escalation, "severity", "severity_reason")
    clock = response_clock(escalation)
    if clock is not None and escalation.answered_at is None:
        target_s = int(promises.target_of(escalation.policy, severity).total_seconds())
        planning.write(
            clock,
            pure.TARGET_CHANGED,
            at=now,
            now=now,
            by=by,
            target_s=target_s,
            label=severity,
            reason=reason,
        )
        planning.realign(clock, now=now)
    labels = catalog.severities()
    params = {"old": labels[old]["label"], "severity": labels[severity]["label"]}
    say(escalation, "severity_changed", by=by, now=now, params=params, text=reason)
    return escalation


def _told(escalation: Escalation, stage: str) -> list[str]:
    roles = telling.told_roles(escalation.lane, stage)
    members = telling.people([escalation.engagement_id])[escalation.engagement_id]
    return [member.user.name for member in members if member.role in roles]
