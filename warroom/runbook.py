"""What people do to a runbook: make it, start, finish, block, skip, note and reopen steps, decide gates.

Every verb compares the step's version, holds successors back, dates what happened apart from when it
was entered, and writes one sentence on the timeline, all in one transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from iem_portal.live import announce
from warroom import library
from warroom.forecast import CLOSED, whole_minutes
from warroom.models import Runbook, Step

TILES = ("clock", "step", "lanes", "runbook")
LATE_ENTRY_S = 60
LONGEST_AGO = timedelta(days=3660)
Status = Step.Status


class StepError(ValueError):
    """The step cannot do that; `field` says beside which input the message belongs ("" for none)."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


class StepConflict(Exception):
    """Somebody changed the step since the caller read it; `step` is how it is now."""

    def __init__(self, step: Step):
        super().__init__(step.code)
        self.step = step


def create_runbook(*, engagement: Engagement, by, now: datetime, template_key: str = "") -> Runbook:
    """Copy a template into the engagement; StepError when it already has a runbook of that kind."""
    plan = library.template(template_key) if template_key else library.template_for(engagement.event_type)
    with transaction.atomic():
        runbook, is_new = Runbook.objects.get_or_create(
            engagement=engagement,
            kind=plan["kind"],
            defaults={
                "title": plan["title"],
                "streams": plan["streams"],
                "template_key": plan["key"],
                "template_version": plan["version"],
                "downtime_budget_min": plan["downtime_budget_min"],
                "created_by_name": by.name,
                "created_at": now,
            },
        )
        if not is_new:
            raise StepError(_("There is a runbook already."))
        Step.objects.bulk_create(
            Step(runbook=runbook, position=position, **row) for position, row in enumerate(plan["steps"], 1)
        )
        params = {"title": plan["title"], "count": len(plan["steps"])}
        timeline.record(engagement, "runbook.created", by=by, now=now, params=params)
        announce(engagement.topic, *TILES)
    return runbook


def find(engagement: Engagement, code: str) -> Step:
    """The step of this engagement spoken of by this code; Step.DoesNotExist when there is none."""
    return Step.objects.select_related("runbook__engagement").get(runbook__engagement=engagement, code=code)


def start_step(
    *, step: Step, version: int, by, now: datetime, at: datetime | None = None, reason: str = ""
) -> Step:
    """Begin a step whose predecessors are closed; `at` (UTC) enters a start that already happened."""
    at = _happened_at(at, now, reason)
    with transaction.atomic():
        _hold_runbook(step)
        _predecessors_closed(step)
        changed = _change(
            step,
            version,
            (Status.PLANNED,),
            status=Status.RUNNING,
            actual_start_at=at,
            start_recorded_at=now,
            by_name=by.name,
            reason=reason,
        )
        late = whole_minutes(at - planned_start(changed))
        phrase = "step.started_late" if late > 0 else "step.started"
        _say(changed, phrase, by=by, now=now, at=at, minutes=late, reason=reason)
    return changed


def finish_step(
    *,
    step: Step,
    version: int,
    by,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    is_criterion_met: bool = False,
) -> Step:
    """End a running step; a step with a criterion is only done when the criterion is ticked."""
    at = _happened_at(at, now, reason)
    if step.is_gate:
        raise StepError(_("A gate is closed by a decision."))
    if step.criterion and not is_criterion_met:
        raise StepError(_("Confirm that the criterion is met."), "is_criterion_met")
    if step.actual_start_at and at < step.actual_start_at:
        raise StepError(_("The end is before the start."), "at")
    with transaction.atomic():
        fields = {"status": Status.DONE, "actual_end_at": at, "end_recorded_at": now, "by_name": by.name}
        changed = _change(step, version, (Status.RUNNING,), reason=reason, **fields)
        late = whole_minutes(at - planned_start(changed)) - changed.planned_min
        phrase = "step.done_late" if late > 0 else "step.done"
        _say(changed, phrase, by=by, now=now, at=at, minutes=late, reason=reason)
    return changed


def block_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Stop a step that cannot go on; the reason is asked for and said aloud."""
    _wanted(reason)
    with transaction.atomic():
        changed = _change(
            step, version, (Status.PLANNED, Status.RUNNING), status=Status.BLOCKED, reason=reason
        )
        _say(changed, "step.blocked", by=by, now=now, reason=reason)
    return changed


def unblock_step(*, step: Step, version: int, by, now: datetime) -> Step:
    """Let a blocked step go on from where it was: running when it had started, else planned."""
    was = Status.RUNNING if step.actual_start_at else Status.PLANNED
    with transaction.atomic():
        changed = _change(step, version, (Status.BLOCKED,), status=was, reason="")
        _say(changed, "step.unblocked", by=by, now=now)
    return changed


def skip_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Leave a step out, with the reason; its successors no longer wait for it. A gate is never skipped."""
    _wanted(reason)
    access.check(by, step.runbook.engagement, access.Permission.RUN_STEPS)
    if step.is_gate:
        raise StepError(_("A gate is closed by a decision."))
    with transaction.atomic():
        fields = {"status": Status.SKIPPED, "actual_end_at": now, "end_recorded_at": now, "by_name": by.name}
        allowed = (Status.PLANNED, Status.RUNNING, Status.BLOCKED)
        changed = _change(step, version, allowed, reason=reason, **fields)
        _say(changed, "step.skipped", by=by, now=now, reason=reason)
    return changed


def reopen_step(*, step: Step, version: int, by, now: datetime, reason: str) -> Step:
    """Take back a step closed by mistake, unless a successor has already begun."""
    _wanted(reason)
    with transaction.atomic():
        _hold_runbook(step)
        begun = [
            other.code
            for other in Step.objects.filter(runbook_id=step.runbook_id).exclude(status=Status.PLANNED)
            if step.code in other.predecessors
        ]
        if begun:
            raise StepError(_("Already begun: %(codes)s") % {"codes": ", ".join(begun)})
        was = Status.RUNNING if step.actual_start_at and not step.is_gate else Status.PLANNED
        fields = {"status": was, "actual_end_at": None, "end_recorded_at": None, "decision": ""}
        if was == Status.PLANNED:
            fields |= {"actual_start_at": None, "start_recorded_at": None}
        changed = _change(step, version, (Status.DONE, Status.SKIPPED), reason=reason, **fields)
        _say(changed, "step.reopened", by=by, now=now, reason=reason)
    return changed


def note_step(*, step: Step, version: int, by, now: datetime, note: str) -> Step:
    """Keep a remark with the step; the newest stands on the step, all of them on the timeline."""
    if not note.strip():
        raise StepError(_("Write a note."), "note")
    with transaction.atomic():
        changed = _change(step, version, tuple(Status), note=note)
        _say(changed, "step.noted", by=by, now=now, note=note)
    return changed


def decide_gate(*, step: Step, version: int, decision: str, by, now: datetime, reason: str = "") -> Step:
    """Record GO (the gate is closed, its successors may start) or hold (with the reason), and who decided."""
    access.check(by, step.runbook.engagement, access.Permission.RUN_STEPS)
    if not step.is_gate:
        raise StepError(_("This step is not a gate."))
    if decision not in (Step.Decision.GO, Step.Decision.HOLD):
        raise StepError(_("Choose GO or hold."), "decision")
    fields = {"decision": decision, "by_name": by.name, "reason": reason}
    if decision == Step.Decision.HOLD:
        _wanted(reason)
    else:
        fields |= {"status": Status.DONE, "actual_end_at": now, "end_recorded_at": now}
        fields |= {
            "actual_start_at": step.actual_start_at or now,
            "start_recorded_at": step.start_recorded_at or now,
        }
    with transaction.atomic():
        _hold_runbook(step)
        if decision == Step.Decision.GO:
            _predecessors_closed(step)
        changed = _change(step, version, (Status.PLANNED, Status.RUNNING), **fields)
        _say(changed, f"gate.{decision}", by=by, now=now, kind="decision", reason=reason)
    return changed


def planned_start(step: Step) -> datetime:
    """The planned start in UTC: T0 plus the step's offset."""
    return step.runbook.engagement.starts_at + timedelta(minutes=step.offset_min)


def _change(step: Step, version: int, allowed: tuple, **fields) -> Step:
    """One conditional UPDATE; StepConflict when the version moved on, StepError when the state forbids it."""
    rows = Step.objects.filter(pk=step.pk, version=version, status__in=allowed)
    if rows.update(version=F("version") + 1, **fields):
        return find(step.runbook.engagement, step.code)
    current = find(step.runbook.engagement, step.code)
    if current.version != version:
        raise StepConflict(current)
    raise StepError(
        _("Not possible while the step is: %(status)s") % {"status": current.get_status_display()}
    )


def _hold_runbook(step: Step) -> None:
    """Lock the runbook, so that a predecessor cannot be reopened while its successor starts."""
    Runbook.objects.select_for_update().get(pk=step.runbook_id)


def _predecessors_closed(step: Step) -> None:
    open_steps = Step.objects.filter(runbook_id=step.runbook_id, code__in=step.predecessors)
    open_codes = open_steps.exclude(status__in=CLOSED).values_list("code", flat=True)
    if open_codes:
        raise StepError(_("Waits for %(codes)s") % {"codes": ", ".join(open_codes)})


def _happened_at(at: datetime | None, now: datetime, reason: str) -> datetime:
    """When it happened: now, or an earlier instant entered late, which wants a reason."""
    if at is None:
        return now
    if at > now:
        raise StepError(_("This time is in the future."), "at")
    if now - at > LONGEST_AGO:
        raise StepError(_("Enter a date and time, such as 2026-11-28 23:00."), "at")
    if (now - at).total_seconds() > LATE_ENTRY_S and not reason.strip():
        raise StepError(_("Say why the time is entered late."), "reason")
    return at


def _wanted(reason: str) -> None:
    if not reason.strip():
        raise StepError(_("Say why."), "reason")


def _say(
    step: Step, phrase: str, *, by, now: datetime, at: datetime | None = None, kind: str = "human", **words
):
    """One line on the timeline, and the tiles that show steps."""
    engagement = step.runbook.engagement
    timeline.record(
        engagement,
        phrase,
        by=by,
        now=now,
        at=at,
        kind=kind,
        params={"code": step.code, "title": step.title} | words,
        subject_type="step",
        subject_id=step.pk,
    )
    announce(engagement.topic, *TILES)
