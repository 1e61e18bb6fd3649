"""What is wrong with a runbook, in words: the plan's faults at their rows, read from what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from warroom import abort, plancheck
from warroom.models import Runbook, Step
from warroom.outlook import fact

WORDS = {
    "no_steps": _("The runbook has no steps."),
    "no_commander": _("Name a commander: one person with the final word."),
    "no_rollback": _("A cutover needs a rollback runbook."),
    "rollback_takes_no_time": _("The rollback runbook has no length."),
    "no_return_unsaid": _("Say which gate is the point of no return, or that there is none."),
    "no_return_none": _("%(codes)s cannot be taken back, so there is a point of no return."),
    "no_return_unknown": _("%(code)s is no gate of this runbook."),
    "bad_code": _("A code is letters, digits, hyphens and dots, 20 at most."),
    "code_twice": _("The code %(code)s is used twice."),
    "bad_link": _("“%(text)s” names no step. Write DB-03, DB-03 +10 or DB-03 SS+5."),
    "waits_for_itself": _("The step waits for itself."),
    "unknown_predecessor": _("There is no step %(code)s."),
    "ring": _("These steps wait for each other: %(codes)s."),
    "too_early": _("This cannot be taken back and does not wait for %(gate)s, the point of no return."),
    "no_undo": _("Say how this is undone, or name the step of the rollback."),
    "downtime_twice": _("The downtime starts and ends once."),
    "downtime_never_ends": _("The downtime starts here and never ends."),
    "unknown_stream": _("There is no stream %(stream)s."),
    "same_eyes": _("Four eyes are two people."),
    "ends_before_start": _("It must end before it may start."),
    "no_owner": _("Nobody owns this step."),
    "no_questions": _("The gate has no questions of its own."),
}


@dataclass(frozen=True)
class Told:
    """One fault with its words; `code` is empty for the header."""

    code: str
    field: str
    text: str
    is_error: bool


def plan_of(step: Step) -> plancheck.StepPlan:
    """The part of a step that is checked."""
    return plancheck.StepPlan(
        code=step.code,
        stream=step.stream,
        offset_min=step.offset_min,
        planned_min=step.planned_min,
        predecessors=tuple(step.predecessors),
        is_gate=step.is_gate,
        gate_key=step.gate_key,
        reversible=step.reversible,
        undo=step.undo,
        downtime=step.downtime,
        owner=step.owner_name,
        checker=step.checker_name,
        is_four_eyes=step.is_four_eyes,
        fixed_start_at=step.fixed_start_at,
        must_end_at=step.must_end_at,
    )


def faults_of(runbook: Runbook, steps: Iterable[Step], rollback: Iterable[Step] = ()) -> list[Told]:
    """Everything that is wrong with a runbook in hand, errors first at each place. No query."""
    back = list(rollback)
    header = plancheck.Header(
        kind=runbook.kind,
        point_of_no_return=runbook.point_of_no_return,
        rollback_min=_length(back) if runbook.rollback_id else None,
        rollback_codes=frozenset(step.code for step in back),
        has_commander=runbook.commander_id is not None,
        streams=frozenset(stream["key"] for stream in runbook.streams),
    )
    found = plancheck.faults([plan_of(step) for step in steps], header)
    return [Told(one.code, one.field, str(WORDS[one.key]) % one.params, one.is_error) for one in found]


def _length(steps: list[Step]) -> int:
    try:
        return abort.path_length_min([fact(step) for step in steps])
    except plancheck.PredecessorCycle:
        return 0


def read(runbook: Runbook) -> list[Told]:
    """The same, read from the database. One query."""
    wanted = [pk for pk in (runbook.pk, runbook.rollback_id) if pk]
    steps = list(Step.objects.filter(runbook_id__in=wanted).order_by("position"))
    mine = [step for step in steps if step.runbook_id == runbook.pk]
    return faults_of(runbook, mine, [step for step in steps if step.runbook_id == runbook.rollback_id])
