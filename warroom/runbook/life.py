"""The life of a runbook: reviewed, approved by both sides, made ready, run, paused, completed or aborted.

An approved version is frozen. Whoever changes the plan later opens a new version and says why.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from engagements import access
from warroom import soundness
from warroom.models import Runbook, RunbookVersion, Step
from warroom.runbook._base import StepError, atomic, change_runbook, commanders_word, tell, wanted

S = Runbook.Status
SIDES = ("aws", "customer")
#: What of a step belongs to the plan, and so to a frozen version.
PLAN_FIELDS = (
    "code", "stream", "kind", "title", "instruction", "criterion", "owner_name", "deputy_name", "checker_name",
    "is_four_eyes", "offset_min", "planned_min", "is_fixed_start", "fixed_start_at", "must_end_at", "predecessors",
    "start_rule", "downtime", "reversible", "undo", "risk", "is_evidence_required", "notify_start", "notify_end",
    "gate_key",
)  # fmt: skip
HEADER_FIELDS = (
    "kind", "title", "streams", "t0_at", "window_end_at", "downtime_budget_min", "rto_min", "rpo_min",
    "safety_margin_min", "point_of_no_return", "fix_forward_min", "fail_back_min", "rollback_triggers",
    "rollback_callers",
)  # fmt: skip


def submit(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """Draft → in review. A plan with errors is not worth anybody's review."""
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    _sound(runbook)
    with atomic():
        changed = change_runbook(runbook, version, (S.DRAFT,), status=S.IN_REVIEW, approvals=[])
        tell(changed, "runbook.submitted", by=by, now=now, revision=changed.revision)
    return changed


def send_back(*, runbook: Runbook, version: int, by, now: datetime, reason: str) -> Runbook:
    """In review → draft, with the reason; approvals given so far are void."""
    wanted(reason)
    with atomic():
        changed = change_runbook(runbook, version, (S.IN_REVIEW,), status=S.DRAFT, approvals=[])
        tell(changed, "runbook.sent_back", by=by, now=now, reason=reason)
    return changed


def approve(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """One side approves; with both sides the version is approved and frozen."""
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    side = "aws" if by.is_aws else "customer"
    approvals = [one for one in runbook.approvals if one["side"] != side]
    if len(approvals) < len(runbook.approvals):
        raise StepError(_("Your side has approved this version already."))
    _sound(runbook)
    approvals.append({"side": side, "id": by.pk, "name": by.name, "at": now.isoformat()})
    is_whole = {one["side"] for one in approvals} == set(SIDES)
    fields = {"approvals": approvals}
    if is_whole:
        fields |= {"status": S.APPROVED, "frozen_revision": runbook.revision}
    with atomic():
        changed = change_runbook(runbook, version, (S.IN_REVIEW,), **fields)
        tell(changed, "runbook.approved_by", by=by, now=now, kind="decision", revision=changed.revision)
        if is_whole:
            freeze(changed, by=by, now=now)
            tell(changed, "runbook.approved", by=by, now=now, kind="decision", revision=changed.revision)
    return changed


def _sound(runbook: Runbook) -> None:
    """StepError while the plan has errors; they stand at their rows."""
    errors = [one for one in soundness.read(runbook) if one.is_error]
    if errors:
        first = f"{errors[0].code} {errors[0].text}".strip()
        raise StepError(_("Mend first (%(count)s): %(first)s") % {"count": len(errors), "first": first})


def freeze(runbook: Runbook, *, by, now: datetime) -> RunbookVersion:
    """Keep header and steps as they are under the runbook's revision."""
    return RunbookVersion.objects.create(
        runbook=runbook,
        revision=runbook.revision,
        reason=runbook.change_reason,
        content=content_of(runbook),
        approvals=runbook.approvals,
        frozen_at=now,
        by_name=by.name,
    )


def content_of(runbook: Runbook) -> dict:
    """The plan as plain data. One query."""
    steps = Step.objects.filter(runbook=runbook).order_by("position").values(*PLAN_FIELDS)
    return {
        "header": {name: _plain(getattr(runbook, name)) for name in HEADER_FIELDS},
        "steps": [{name: _plain(value) for name, value in step.items()} for step in steps],
    }


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def open_version(*, runbook: Runbook, version: int, by, now: datetime, reason: str) -> Runbook:
    """Change a plan after its approval: the next version, with a reason. The approved one stays as it was.

    A plan that runs is paused first; its new version is frozen when the run goes on.
    """
    wanted(reason)
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    if runbook.status == S.PAUSED:
        commanders_word(runbook, by)
    if runbook.revision > runbook.frozen_revision:
        raise StepError(_("A new version is open already."))
    status = S.PAUSED if runbook.status == S.PAUSED else S.DRAFT
    fields = {"status": status, "revision": runbook.revision + 1, "change_reason": reason, "approvals": []}
    with atomic():
        changed = change_runbook(runbook, version, (S.APPROVED, S.READY, S.REHEARSING, S.PAUSED), **fields)
        tell(changed, "runbook.version_opened", by=by, now=now, revision=changed.revision, reason=reason)
    return changed


def make_ready(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """Approved or rehearsed → ready: everybody may rely on it."""
    commanders_word(runbook, by)
    with atomic():
        changed = change_runbook(runbook, version, (S.APPROVED, S.REHEARSING), status=S.READY)
        tell(changed, "runbook.ready", by=by, now=now)
    return changed


def start_run(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """Ready → running, before the first step does it by itself."""
    commanders_word(runbook, by)
    fields = {"status": S.RUNNING, "started_at": runbook.started_at or now}
    with atomic():
        changed = change_runbook(runbook, version, (S.APPROVED, S.READY), **fields)
        tell(changed, "runbook.started", by=by, now=now)
    return changed


def pause(*, runbook: Runbook, version: int, by, now: datetime, reason: str) -> Runbook:
    """No step starts and no gate passes until the run goes on; what runs may be finished."""
    wanted(reason)
    commanders_word(runbook, by)
    with atomic():
        changed = change_runbook(runbook, version, (S.RUNNING,), status=S.PAUSED, paused_at=now)
        tell(changed, "runbook.paused", by=by, now=now, kind="decision", reason=reason)
    return changed


def resume(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """Paused → running; a version opened meanwhile is checked and frozen on the commander's word."""
    commanders_word(runbook, by)
    fields = {"status": S.RUNNING, "paused_at": None}
    is_changed = runbook.revision > runbook.frozen_revision > 0
    if is_changed:
        _sound(runbook)
        fields["frozen_revision"] = runbook.revision
    with atomic():
        changed = change_runbook(runbook, version, (S.PAUSED,), **fields)
        if is_changed:
            freeze(changed, by=by, now=now)
        tell(changed, "runbook.resumed", by=by, now=now, kind="decision")
    return changed


def complete(*, runbook: Runbook, version: int, by, now: datetime) -> Runbook:
    """The run is over: every step is closed. A completed rollback also ends the run it turned back."""
    commanders_word(runbook, by)
    with atomic():
        # Closed first and looked at then: a step that is reopened in this moment waits, and finds the run over.
        changed = change_runbook(runbook, version, (S.RUNNING,), status=S.COMPLETED, ended_at=now)
        open_steps = Step.objects.filter(
            runbook=runbook, status__in=("planned", "running", "blocked", "failed")
        )
        codes = list(open_steps.order_by("position").values_list("code", flat=True)[:6])
        if codes:
            raise StepError(_("Still open: %(codes)s") % {"codes": ", ".join(codes)})
        tell(changed, "runbook.completed", by=by, now=now)
        for turned in Runbook.objects.filter(rollback=runbook, status=S.PAUSED).select_related("engagement"):
            after = change_runbook(turned, turned.version, (S.PAUSED,), status=S.ROLLED_BACK, ended_at=now)
            tell(after, "runbook.rolled_back", by=by, now=now, kind="decision")
            _rehearsed(after)
        _rehearsed(changed)
    return changed


def _rehearsed(runbook: Runbook) -> None:
    """A rehearsal that ended gives its original back: it may be made ready."""
    if runbook.rehearsal_of_id:
        Runbook.objects.filter(pk=runbook.rehearsal_of_id, status=S.REHEARSING).update(status=S.APPROVED)


def abort_run(*, runbook: Runbook, version: int, by, now: datetime, reason: str) -> Runbook:
    """Give the run up without a rollback, with the reason; what is still planned stays as it was."""
    wanted(reason)
    commanders_word(runbook, by)
    allowed = (S.APPROVED, S.REHEARSING, S.READY, S.RUNNING, S.PAUSED)
    with atomic():
        changed = change_runbook(runbook, version, allowed, status=S.ABORTED, ended_at=now)
        tell(changed, "runbook.aborted", by=by, now=now, kind="decision", reason=reason)
        _rehearsed(changed)
    return changed
