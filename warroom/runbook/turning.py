"""Turning back: the rollback is called, or after the point of no return somebody chooses what comes next."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from engagements import access
from engagements.models import Engagement
from warroom.models import Runbook
from warroom.outlook import Outlook
from warroom.runbook._base import StepError, atomic, hold_runbook, tell, wanted
from warroom.runbook.making import copy_to_rehearse

S = Runbook.Status


def may_call(runbook: Runbook, user) -> bool:
    """Whether this person may call the rollback: commander, deputy, and those listed beforehand."""
    listed = {one["id"] for one in runbook.rollback_callers}
    return runbook.commands(user) or user.pk in listed or (runbook.commander_id is None and not listed)


def call_rollback(
    *, view: Outlook, by, now: datetime, reason: str, trigger: str = "", message: str = ""
) -> Runbook:
    """Turn back: every running plan pauses, the rollback runs with T0 = now, and the outage clock is on.

    Before the point of no return only; after it :func:`choose_after` is asked. Gives the rollback runbook. A
    rehearsal turns back to a copy of it: the real one, and what really runs, stay as they are.
    """
    forward = view.runbook
    access.check(by, view.engagement, access.Permission.RUN_STEPS)
    wanted(reason)
    if not may_call(forward, by):
        raise StepError(_("Only the people on the list may call the rollback."))
    if forward.rollback_id is None:
        raise StepError(_("There is no rollback runbook."))
    if view.is_past_return:
        raise StepError(_("The point of no return has passed: fix forward or fail back."))
    downtime = view.forecast.downtime
    is_down = downtime is not None and downtime.started_at is not None and downtime.ended_at is None
    outage = downtime.started_at if is_down else now
    with atomic():
        held = hold_runbook(forward.pk)
        if held.is_over:
            raise StepError(_("The runbook is closed."))
        back = hold_runbook(held.rollback_id)
        if held.rehearsal_of_id and back.rehearsal_of_id is None:
            back = _practised(held, back, by, now)
        elif back.status == S.RUNNING:
            raise StepError(_("The rollback runs already."))
        _pause_all(forward, by, now)
        fields = {"status": S.RUNNING, "t0_at": now, "started_at": now, "outage_started_at": outage}
        fields |= {"drafted_message": message, "window_end_at": forward.window_end, "ended_at": None}
        Runbook.objects.filter(pk=back.pk).update(version=F("version") + 1, **fields)
        back = Runbook.objects.select_related("engagement").get(pk=back.pk)
        words = {"reason": reason, "trigger": trigger}
        tell(forward, "rollback.called", by=by, now=now, kind="decision", **words)
        tell(back, "runbook.started", by=by, now=now)
    return back


def _practised(forward: Runbook, back: Runbook, by, now: datetime) -> Runbook:
    """The copy of the rollback that a rehearsal turns back to from now on."""
    Engagement.objects.select_for_update(no_key=True).get(pk=forward.engagement_id)
    copy = copy_to_rehearse(back, by=by, now=now, t0_at=now)
    Runbook.objects.filter(pk=forward.pk).update(rollback=copy)
    return copy


def _pause_all(forward: Runbook, by, now: datetime) -> None:
    """Every plan of the engagement that runs, rehearsals aside; a rehearsal alone. A step under way may be finished."""
    running = Runbook.objects.filter(engagement_id=forward.engagement_id, status=S.RUNNING)
    is_practice = forward.rehearsal_of_id is not None
    others = running.filter(pk=forward.pk) if is_practice else running.filter(rehearsal_of=None)
    for one in others.exclude(pk=forward.rollback_id).select_related("engagement"):
        Runbook.objects.filter(pk=one.pk).update(version=F("version") + 1, status=S.PAUSED, paused_at=now)
        tell(one, "runbook.paused", by=by, now=now, kind="decision", reason="")


def choose_after(*, view: Outlook, by, now: datetime, choice: str, reason: str) -> Runbook:
    """After the point of no return: "fix_forward" keeps the run going, "fail_back" pauses it; both are decisions."""
    wanted(reason)
    access.check(by, view.engagement, access.Permission.RUN_STEPS)
    runbook = view.runbook
    if not may_call(runbook, by):
        raise StepError(_("Only the people on the list may decide this."))
    if not view.is_past_return:
        raise StepError(_("The point of no return lies ahead: a rollback is still possible."))
    if choice not in ("fix_forward", "fail_back"):
        raise StepError(_("Choose fix forward or fail back."), "choice")
    with atomic():
        hold_runbook(runbook.pk)
        if choice == "fail_back":
            _pause_all(runbook, by, now)
            _start_fail_back(runbook, by, now)
        tell(runbook, f"turn.{choice}", by=by, now=now, kind="decision", reason=reason)
    return Runbook.objects.select_related("engagement").get(pk=runbook.pk)


def _start_fail_back(runbook: Runbook, by, now: datetime) -> None:
    """The fail-back runbook of the engagement starts with T0 = now, when there is one."""
    plans = Runbook.objects.filter(
        engagement_id=runbook.engagement_id, kind=Runbook.Kind.FAIL_BACK, rehearsal_of=None
    )
    plan = plans.exclude(status__in=(S.RUNNING, S.COMPLETED)).select_related("engagement").first()
    if plan is None:
        return
    if runbook.rehearsal_of_id:
        Engagement.objects.select_for_update(no_key=True).get(pk=runbook.engagement_id)
        plan = copy_to_rehearse(plan, by=by, now=now, t0_at=now)
    fields = {"status": S.RUNNING, "t0_at": now, "started_at": now, "window_end_at": runbook.window_end}
    Runbook.objects.filter(pk=plan.pk).update(version=F("version") + 1, **fields)
    tell(plan, "runbook.started", by=by, now=now)


def durations(view: Outlook) -> dict:
    """Both ways on, in minutes: what fixing forward and what failing back would take, as far as known."""
    open_min = None
    if view.forecast.end_at:
        later = [
            view.of(step).end_at for step in view.steps if not step.is_closed and not step.is_fixed_start
        ]
        first = min((view.of(step).start_at for step in view.steps if not step.is_closed), default=None)
        open_min = int((max(later) - first).total_seconds() // 60) if later and first else 0
    fix = view.runbook.fix_forward_min
    return {
        "fix_forward": fix + open_min if fix is not None and open_min is not None else fix,
        "fail_back": view.runbook.fail_back_min,
        "rollback": view.forecast.abort.rollback_min if view.forecast.abort else None,
        "is_past_return": view.is_past_return,
    }
