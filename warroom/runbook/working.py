"""Doing the work of a step: starting it, ending it, a note, evidence; who did it and who checked."""

from __future__ import annotations

from datetime import datetime

from django.core.files import File
from django.utils.translation import gettext as _

from warroom.forecast import whole_minutes
from warroom.models import Runbook, Step
from warroom.runbook import proof
from warroom.runbook._base import (
    Status,
    StepError,
    atomic,
    change_step,
    goes_on,
    happened_at,
    hold_runbook,
    may_start,
    planned_start,
    say,
    wanted,
)

LONGEST_EVIDENCE = 4000


def start_step(
    *,
    step: Step,
    version: int,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    is_for_owner: bool = False,
) -> Step:
    """Begin a step whose predecessors let it go; `at` (UTC) enters a start that already happened.

    Owner, deputy and commander may; somebody else says that they act for the owner, and that is kept.
    """
    at = happened_at(at, now, reason)
    if step.is_gate:
        raise StepError(_("A gate is closed by a decision."))
    _theirs(step, by, is_for_owner=is_for_owner)
    _not_early(step, by, at, reason)
    with atomic():
        runbook = hold_runbook(step.runbook_id)
        goes_on(runbook)
        may_start(step, now)
        begin_run(runbook, at)
        fields = {"status": Status.RUNNING, "actual_start_at": at, "start_recorded_at": now, "reason": reason}
        fields |= {"by_name": by.name, "doer_id": by.pk, "doer_name": by.name}
        changed = change_step(step, version, (Status.PLANNED,), **fields)
        late = whole_minutes(at - planned_start(changed))
        phrase = "step.started_late" if late > 0 else "step.started"
        words = {"for": step.owner_name} if is_for_owner and step.owner_name else {}
        say(changed, phrase, by=by, now=now, at=at, minutes=late, reason=reason, **words)
    return changed


def _theirs(step: Step, by, *, is_for_owner: bool) -> None:
    """A step belongs to its owner and deputy; the commander has the final word over all."""
    if step.is_theirs(by) or step.runbook.commands(by) or is_for_owner:
        return
    words = {"code": step.code, "name": step.owner_name or step.deputy_name}
    raise StepError(_("%(code)s belongs to %(name)s. Confirm that you act for them.") % words, "is_for_owner")


def _not_early(step: Step, by, at: datetime, reason: str) -> None:
    """A fixed start is kept; the commander may start before it, with a reason."""
    if step.fixed_start_at is None or at >= step.fixed_start_at:
        return
    if not (step.runbook.commands(by) and reason.strip()):
        raise StepError(
            _("This step has a fixed start. Only the commander may start it earlier, with a reason.")
        )


def begin_run(runbook: Runbook, at: datetime) -> None:
    """The first start turns an approved plan into a run; preparation may begin before the approval."""
    if runbook.status in (Runbook.Status.APPROVED, Runbook.Status.READY, Runbook.Status.REHEARSING):
        fields = {"status": Runbook.Status.RUNNING, "started_at": runbook.started_at or at}
        Runbook.objects.filter(pk=runbook.pk).update(**fields)


def finish_step(
    *,
    step: Step,
    version: int,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    is_criterion_met: bool = False,
    deviation: str = "",
    evidence: str = "",
    file: File | None = None,
    is_for_owner: bool = False,
) -> Step:
    """End a running step: criterion ticked, evidence given where it is asked for, four eyes kept.

    `deviation` says what was done otherwise than planned: the step is done, and shown as done with deviation.
    """
    at = happened_at(at, now, reason)
    _can_finish(step, by, at, is_criterion_met=is_criterion_met, deviation=deviation)
    _is_proved(step, evidence, file)
    if not step.is_four_eyes:
        _theirs(step, by, is_for_owner=is_for_owner)
    with proof.kept(step, file, by, now) as found, atomic():
        fields = {"status": Status.DONE, "actual_end_at": at, "end_recorded_at": now, "by_name": by.name}
        fields |= {"deviation": deviation, "evidence": evidence or step.evidence, "reason": reason}
        fields["evidence_files"] = found
        if step.is_four_eyes:
            fields["checked_by_name"] = by.name
        changed = change_step(step, version, (Status.RUNNING,), **fields)
        late = whole_minutes(at - planned_start(changed)) - changed.planned_min
        phrase = "step.done_late" if late > 0 else "step.done"
        phrase = "step.deviated" if deviation.strip() else phrase
        words = {"deviation": deviation} if deviation.strip() else {}
        if file:
            say(changed, "step.evidence", by=by, now=now, evidence=proof.named(evidence, file))
        say(changed, phrase, by=by, now=now, at=at, minutes=late, reason=reason, **words)
    return changed


def _is_proved(step: Step, evidence: str, file: File | None) -> None:
    if step.is_evidence_required and not (evidence.strip() or file or step.has_evidence):
        raise StepError(
            _("This step wants evidence: a link, a number, a file, or what was seen."), "evidence"
        )


def _can_finish(step: Step, by, at: datetime, *, is_criterion_met: bool, deviation: str) -> None:
    if step.is_gate:
        raise StepError(_("A gate is closed by a decision."))
    if step.criterion and not is_criterion_met and not deviation.strip():
        raise StepError(_("Confirm that the criterion is met."), "is_criterion_met")
    if step.actual_start_at and at < step.actual_start_at:
        raise StepError(_("The end is before the start."), "at")
    if step.is_four_eyes:
        _other_eyes(step, by)


def _other_eyes(step: Step, by) -> None:
    """Doer and checker are two people; a named checker, else anybody but the doer."""
    if by.pk is None:
        return
    if by.pk == step.doer_id:
        raise StepError(
            _("Four eyes: somebody other than %(name)s marks this done.") % {"name": step.doer_name}
        )
    if step.checker_id and by.pk != step.checker_id and not step.runbook.commands(by):
        raise StepError(_("Four eyes: %(name)s checks this step.") % {"name": step.checker_name})


def note_step(*, step: Step, version: int, by, now: datetime, note: str) -> Step:
    """Keep a remark with the step; the newest stands on the step, all of them in the log."""
    if not note.strip():
        raise StepError(_("Write a note."), "note")
    with atomic():
        changed = change_step(step, version, tuple(Status), note=note)
        say(changed, "step.noted", by=by, now=now, note=note)
    return changed


def add_evidence(
    *, step: Step, version: int, by, now: datetime, evidence: str = "", file: File | None = None
) -> Step:
    """Keep what proves the step: a link, an id, a count, a file; earlier evidence stays in the log."""
    if file is None:
        wanted(evidence, "evidence")
    with proof.kept(step, file, by, now) as found, atomic():
        fields = {"evidence": evidence[:LONGEST_EVIDENCE] or step.evidence, "evidence_files": found}
        changed = change_step(step, version, tuple(Status), **fields)
        say(changed, "step.evidence", by=by, now=now, evidence=proof.named(evidence, file))
    return changed
