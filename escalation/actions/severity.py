"""What does another severity do to the deadline? Shown before anybody commits, then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from escalation import catalog, inside, planning, promises, timing
from escalation import clock as pure
from escalation.actions._base import lock, require_open, require_text, save, say
from escalation.ladder import holding, paging, telling
from escalation.models import Clock, Escalation
from iem_portal.notifications import outbox


@dataclass(frozen=True)
class Change:
    """What would become of one running clock. Instants are None where nothing is due: no target, or held."""

    kind: str
    old_minutes: int | None
    minutes: int | None
    old_due_at: datetime | None
    due_at: datetime | None
    is_breach_at_once: bool

    @property
    def label(self) -> str:
        """The clock's name in the active language."""
        return str(Clock.Kind(self.kind).label)


@dataclass(frozen=True)
class Preview:
    """What a change of severity would do; the instants are those of AWS's first answer, None without its clock."""

    severity: str
    minutes: int
    old_due_at: datetime | None
    due_at: datetime | None
    is_breach_at_once: bool
    # AWS does not change the severity of a case: going up takes a new, linked one.
    needs_new_case: bool
    told: list[str]
    # Every running clock that the severity changes, the first answer included.
    clocks: list[Change]


def preview_severity(*, escalation: Escalation, severity: str, now: datetime) -> Preview:
    """The new deadlines (original start + new target), whether one has passed already, and who would hear.

    Raises ValidationError (field `severity`) when the plan does not offer it. Changes nothing.
    """
    promises.require_offered(escalation.policy, severity)
    changes = [
        change
        for kind, clock in timing.clocks_of(escalation).items()
        if (change := _change(escalation, kind, planning.state_of(clock), severity, now))
    ]
    first = next((change for change in changes if change.kind == timing.FIRST_RESPONSE), None)
    is_breach = any(change.is_breach_at_once for change in changes)
    order = list(catalog.severities())
    is_up = order.index(severity) < order.index(escalation.severity)
    return Preview(
        severity=severity,
        minutes=escalation.policy["targets"][severity]["minutes"],
        old_due_at=first.old_due_at if first else None,
        due_at=first.due_at if first else None,
        is_breach_at_once=is_breach,
        needs_new_case=is_up and bool(escalation.case_id),
        told=paging.would_hear(escalation, stage=pure.BREACH if is_breach else pure.WARN_50, now=now),
        clocks=changes,
    )


def _change(
    escalation: Escalation, kind: str, state: pure.State, severity: str, now: datetime
) -> Change | None:
    """The clock under the other severity, by the rule of `timing.severity_changed`; None when it stays as it is."""
    if kind == timing.RESTORE or state.is_over or inside.is_hidden(escalation, kind):
        return None
    old, new = timing.target_min(escalation, kind), timing.target_min(escalation, kind, severity)
    if old is None and new is None:
        return None
    target = None if new is None else timedelta(minutes=new)
    if state.target is None:
        # What was not owed before starts with the change.
        due = None if new is None or state.status == pure.HELD else state.calendar.add(now, target)
        return Change(kind, old, new, None, due, is_breach_at_once=False)
    due = pure.due_at(pure.with_target(state, target, at=now, label=severity))
    is_breach = state.breached_at is None and due is not None and due <= now
    return Change(kind, old, new, pure.due_at(state), due, is_breach)


@transaction.atomic
def change_severity(
    *, escalation: Escalation, severity: str, reason: str, by, now: datetime, base_version: int | None = None
) -> Escalation:
    """Give it another severity: clocks keep their start and take the new target; a breach on record stays.

    Raises ValidationError by field (severity, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    promises.require_offered(escalation.policy, severity)
    if severity == escalation.severity:
        raise ValidationError({"severity": _("It has this severity already.")})
    reason = require_text("reason", reason, _("Say why the severity changes."))
    set_severity(escalation, severity, reason=reason, by=by, now=now)
    return escalation


def set_severity(
    escalation: Escalation,
    severity: str,
    *,
    reason: str,
    by,
    now: datetime,
    phrase: str = "severity_changed",
    params: dict | None = None,
) -> None:
    """Write another severity, for a verb that has locked and checked: clocks take the new target, people hear."""
    old = escalation.severity
    escalation.severity, escalation.severity_reason = severity, reason
    escalation.severity_since = now
    save(escalation, "severity", "severity_reason", "severity_since")
    timing.severity_changed(escalation, by=by, now=now, reason=reason)
    labels = catalog.severities()
    words = {"old": labels[old]["label"], "severity": labels[severity]["label"]} | (params or {})
    order = list(labels)
    if order.index(severity) < order.index(old):
        # Whoever has it said so of something less bad.
        holding.end(escalation, reason=holding.ENDED_BY_SEVERITY, now=now)
        timing.severity_raised(escalation, now=now)
    outbox.enqueue(telling.of_change(escalation, old=old, reason=reason, by=by, now=now), now=now)
    say(escalation, phrase, by=by, now=now, params=words, text=reason)
