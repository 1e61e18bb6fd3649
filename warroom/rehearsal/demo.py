"""The demo's rehearsal: a week before the night the plan was walked through, with its own times to compare with."""

from __future__ import annotations

from datetime import datetime, timedelta

from iem_portal.registry import demo_parts
from warroom import runbook
from warroom.models import Runbook, Step

MINUTE = timedelta(minutes=1)
BEFORE = timedelta(days=7)
#: Steps that took another length than planned, in minutes.
TOOK = {
    "PRE-04": 41,
    "APP-03": 14,
    "DB-02": 31,
    "DB-03": 16,
    "DB-05": 12,
    "QA-01": 38,
    "NET-02": 12,
    "APP-05": 9,
}
#: Days before and after the night; a rehearsal of an evening leaves them out.
LEFT_OUT = ("PRE-01", "PRE-02", "OPS-03")
DEVIATIONS = {
    "DB-02": "Rehearsed against a copy of the database from the night before.",
    "APP-05": "The page was removed for the test users only.",
}


@demo_parts.register
class Rehearsal:
    """Through the verbs people use, at the times things happened; the plan is ready afterwards."""

    key = "warroom.rehearsal"
    order = 23

    def seed(self, world, now: datetime) -> None:
        """Needs the approved runbook of :class:`warroom.demo.RunbookPlan`."""
        engagement, tam = world.engagement, world.people["tam"]
        plan = engagement.runbooks.get(kind=Runbook.Kind.CUTOVER, rehearsal_of=None)
        t0 = engagement.starts_at - BEFORE
        early = {"by": tam, "now": t0 - 300 * MINUTE}
        copy = runbook.rehearse(runbook=plan, version=plan.version, t0_at=t0, **early)
        for code in LEFT_OUT:
            self._left_out(copy, code, tam, t0 - 290 * MINUTE)
        ended, last = {}, t0
        for step in copy.steps.exclude(code__in=LEFT_OUT).order_by("offset_min", "position"):
            wanted = min(step.offset_min, 300)
            start = max([t0 + wanted * MINUTE, *(ended[code] for code in step.predecessors if code in ended)])
            ended[step.code] = self._walked(world, runbook.find(engagement, step.code, copy.number), start)
            last = max(last, ended[step.code])
        copy = runbook.runbook_of(engagement, copy.number)
        runbook.complete(runbook=copy, version=copy.version, by=tam, now=last + 5 * MINUTE)
        plan = runbook.runbook_of(engagement, plan.number)
        runbook.make_ready(runbook=plan, version=plan.version, by=tam, now=last + 60 * MINUTE)

    def _left_out(self, copy: Runbook, code: str, by, at: datetime) -> None:
        step = runbook.find(copy.engagement, code, copy.number)
        runbook.skip_step(step=step, version=step.version, by=by, now=at, reason="Not part of the rehearsal.")

    def _walked(self, world, step: Step, start: datetime) -> datetime:
        """One step from its start to its end; a gate is passed by the commander. Gives the end."""
        tam, second = world.people["tam"], world.people["warroom"]
        if step.is_gate:
            end = start + min(step.planned_min, 5) * MINUTE
            runbook.ask_gate(step=step, by=tam, now=start, minutes=10)
            step = runbook.find(step.runbook.engagement, step.code, step.runbook.number)
            runbook.decide_gate(step=step, version=step.version, decision="go", by=tam, now=end)
            return end
        end = start + TOOK.get(step.code, max(step.planned_min, 1)) * MINUTE
        step = runbook.start_step(step=step, version=step.version, by=tam, now=start)
        words = {"is_criterion_met": True, "deviation": DEVIATIONS.get(step.code, "")}
        words["evidence"] = "Report of the rehearsal" if step.is_evidence_required else ""
        runbook.finish_step(step=step, version=step.version, by=second, now=end, **words)
        return end
