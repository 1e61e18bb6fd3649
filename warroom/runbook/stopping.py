"""When a step does not go on: failed, blocked, skipped with the commander's approval, reopened, cancelled."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from engagements import access
from warroom.links import codes
from warroom.models import Runbook, Step
from warroom.runbook._base import (
    Status,
    StepError,
    atomic,
    change_step,
    commanders_word,
    happened_at,
    hold_runbook,
    say,
    tell,
    wanted,
)

NO_ASKING = {"skip_asked_by": None, "skip_asked_name": "", "skip_asked_at": None, "skip_reason": ""}


def fail_step(
    *, step: Step, version: int, by, now: datetime, reason: str, at: datetime | None = None
) -> Step:
    """A running step did not work. It holds its successors until somebody chooses what now:
    retry, work around, stop the stream, or call the gate."""
    wanted(reason)
    happened = happened_at(at, now, reason)
    with atomic():
        changed = change_step(step, version, (Status.RUNNING,), status=Status.FAILED, reason=reason)
        say(changed, "step.failed", by=by, now=now, at=happened, reason=reason)
    return changed


def retry_step(*, step: Step, version: int, by, now: datetime, reason: str = "") -> Step:
    """Try a failed step again: it runs on, and its first start stays."""
    with atomic():
        changed = change_step(step, version, (Status.FAILED,), status=Status.RUNNING, reason=reason)
        say(changed, "step.retried", by=by, now=now, reason=reason)
    return changed


def work_around_step(*, step: Step, version: int, by, now: datetime, deviation: str) -> Step:
    """A failed step is done in another way: done with deviation, and the note says how."""
    wanted(deviation, "deviation")
    fields = {"status": Status.DONE, "actual_end_at": now, "end_recorded_at": now, "by_name": by.name}
    with atomic():
        changed = change_step(step, version, (Status.FAILED,), deviation=deviation, **fields)
        say(changed, "step.deviated", by=by, now=now, deviation=deviation)
    return changed


def stop_stream(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """A failed step ends its stream: what was planned behind it in the stream is cancelled."""
    wanted(reason)
    commanders_word(step.runbook, by)
    with atomic():
        hold_runbook(step.runbook_id)
        fields = {"status": Status.CANCELLED, "actual_end_at": now, "end_recorded_at": now, "reason": reason}
        changed = change_step(step, version, (Status.FAILED,), **fields)
        rest = Step.objects.filter(
            runbook_id=step.runbook_id, stream=step.stream, status__in=(Status.PLANNED, Status.BLOCKED)
        ).exclude(kind=Step.Kind.GATE)
        for other in rest:
            change_step(other, other.version, (Status.PLANNED, Status.BLOCKED), **fields)
            say(other, "step.cancelled", by=by, now=now, reason=reason)
        say(changed, "step.cancelled", by=by, now=now, reason=reason)
        tell(
            step.runbook, "stream.stopped", by=by, now=now, kind="decision", stream=step.stream, reason=reason
        )
    return changed


def call_gate(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """A failed step asks the deciders: the next open gate is called with the reason, the step stays failed."""
    wanted(reason)
    gates = Step.objects.filter(
        runbook_id=step.runbook_id, kind=Step.Kind.GATE, status=Status.PLANNED, position__gt=step.position
    )
    gate = gates.order_by("position").first()
    if gate is None:
        raise StepError(_("No gate is left to call."))
    with atomic():
        changed = change_step(step, version, (Status.FAILED,), reason=reason)
        say(changed, "gate.called", by=by, now=now, kind="decision", gate=gate.code, reason=reason)
    return changed


def block_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Stop a step that cannot go on; the reason is asked for and said aloud."""
    wanted(reason)
    with atomic():
        allowed = (Status.PLANNED, Status.RUNNING, Status.FAILED)
        changed = change_step(step, version, allowed, status=Status.BLOCKED, reason=reason)
        say(changed, "step.blocked", by=by, now=now, reason=reason)
    return changed


def unblock_step(*, step: Step, version: int, by, now: datetime) -> Step:
    """Let a blocked step go on from where it was: running when it had started, else planned."""
    was = Status.RUNNING if step.actual_start_at else Status.PLANNED
    with atomic():
        changed = change_step(step, version, (Status.BLOCKED,), status=was, reason="")
        say(changed, "step.unblocked", by=by, now=now)
    return changed


def skip_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Leave a step out, with the reason; its successors no longer wait for it. A gate is never skipped.

    The commander skips at once; anybody else asks, and the step stays as it is until the commander approves.
    """
    wanted(reason)
    access.check(by, step.runbook.engagement, access.Permission.RUN_STEPS)
    if step.is_gate:
        raise StepError(_("A gate is closed by a decision."))
    if step.runbook.commander_id and not step.runbook.commands(by):
        return _ask_to_skip(step, version, by, now, reason)
    return _skip(step, version, by, now, reason)


def _skip(step: Step, version: int, by, now: datetime, reason: str) -> Step:
    with atomic():
        fields = {"status": Status.SKIPPED, "actual_end_at": now, "end_recorded_at": now, "by_name": by.name}
        allowed = (Status.PLANNED, Status.RUNNING, Status.BLOCKED, Status.FAILED)
        changed = change_step(step, version, allowed, reason=reason, **fields, **NO_ASKING)
        words = {"asked_by": step.skip_asked_name} if step.skip_asked_name else {}
        say(changed, "step.skipped", by=by, now=now, reason=reason, **words)
    return changed


def _ask_to_skip(step: Step, version: int, by, now: datetime, reason: str) -> Step:
    with atomic():
        fields = {"skip_asked_by_id": by.pk, "skip_asked_name": by.name, "skip_asked_at": now}
        allowed = (Status.PLANNED, Status.RUNNING, Status.BLOCKED, Status.FAILED)
        changed = change_step(step, version, allowed, skip_reason=reason, **fields)
        say(changed, "step.skip_asked", by=by, now=now, reason=reason)
    return changed


def approve_skip(*, step: Step, version: int, by, now: datetime) -> Step:
    """The commander agrees: the step is skipped for the reason that was given."""
    commanders_word(step.runbook, by)
    if step.skip_asked_at is None:
        raise StepError(_("Nobody asked to skip this step."))
    return _skip(step, version, by, now, step.skip_reason)


def refuse_skip(*, step: Step, version: int, by, now: datetime, reason: str = "") -> Step:
    """The commander does not agree: the step stays as it is."""
    commanders_word(step.runbook, by)
    if step.skip_asked_at is None:
        raise StepError(_("Nobody asked to skip this step."))
    with atomic():
        changed = change_step(step, version, tuple(Status), **NO_ASKING)
        say(changed, "step.skip_refused", by=by, now=now, reason=reason)
    return changed


def reopen_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Take back a step closed by mistake, unless a successor has already begun."""
    wanted(reason)
    with atomic():
        runbook = hold_runbook(step.runbook_id)
        _not_built_upon(step, runbook)
        was = Status.RUNNING if step.actual_start_at and not step.is_gate else Status.PLANNED
        fields = {
            "status": was,
            "actual_end_at": None,
            "end_recorded_at": None,
            "decision": "",
            "outcome": "",
        }
        fields |= {"deviation": "", "checked_by_name": ""}
        if was == Status.PLANNED:
            fields |= {"actual_start_at": None, "start_recorded_at": None}
        allowed = (Status.DONE, Status.SKIPPED, Status.CANCELLED)
        changed = change_step(step, version, allowed, reason=reason, **fields)
        say(changed, "step.reopened", by=by, now=now, reason=reason)
    return changed


def _not_built_upon(step: Step, runbook: Runbook) -> None:
    if runbook.is_over:
        raise StepError(_("The runbook is closed."))
    begun = [
        other.code
        for other in Step.objects.filter(runbook_id=step.runbook_id).exclude(status=Status.PLANNED)
        if step.code in codes(other.predecessors)
    ]
    if begun:
        raise StepError(_("Already begun: %(codes)s") % {"codes": ", ".join(begun)})
