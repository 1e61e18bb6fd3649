"""What is wrong with a runbook before anybody runs it: rings, unknown codes, no way back. Standard library only.

Each fault stands at a step (or at the header: code "") and at a field; words are put to it elsewhere.
Rules after the runbook model of the planning workbook: fields, gates and rollback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from warroom.links import BadLink, codes, is_code, parse
from warroom.plan import PredecessorCycle, StepFact, topological

NO_RETURN_NONE = "none"
#: Kinds of plan that take users off a system, so that a way back is a must.
NEEDS_WAY_BACK = frozenset({"cutover"})


@dataclass(frozen=True)
class StepPlan:
    """What is checked of one step."""

    code: str
    stream: str = ""
    offset_min: int = 0
    planned_min: int = 0
    predecessors: tuple[str, ...] = ()
    is_gate: bool = False
    gate_key: str = ""
    reversible: str = "na"
    undo: str = ""
    downtime: str = "none"
    owner: str = ""
    checker: str = ""
    is_four_eyes: bool = False
    fixed_start_at: datetime | None = None
    must_end_at: datetime | None = None


@dataclass(frozen=True)
class Header:
    """What is checked of the runbook itself; `rollback_min` is None without a rollback plan."""

    kind: str
    point_of_no_return: str = ""
    rollback_min: int | None = None
    rollback_codes: frozenset[str] = frozenset()
    has_commander: bool = True
    streams: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: an error blocks the approval, a warning does not."""

    code: str
    field: str
    key: str
    params: Mapping = field(default_factory=dict)
    is_error: bool = True


def faults(steps: Iterable[StepPlan], header: Header) -> list[Fault]:
    """Everything that is wrong, the header's faults first, then by step."""
    steps = list(steps)
    found = [*_header_faults(steps, header), *_code_faults(steps), *_link_faults(steps), *_ring(steps)]
    found += [*_reversal_faults(steps, header), *_downtime_faults(steps)]
    for step in steps:
        found += _own_faults(step, header)
    place = {step.code: number for number, step in enumerate(steps)}
    return sorted(found, key=lambda fault: place.get(fault.code, -1))


def _header_faults(steps: list[StepPlan], header: Header) -> list[Fault]:
    found = []
    if not steps:
        found.append(Fault("", "", "no_steps"))
    if not header.has_commander:
        found.append(Fault("", "commander", "no_commander"))
    if header.kind in NEEDS_WAY_BACK and header.rollback_min is None:
        found.append(Fault("", "rollback", "no_rollback"))
    elif header.rollback_min == 0:
        found.append(Fault("", "rollback", "rollback_takes_no_time"))
    return found + _no_return_faults(steps, header)


def _no_return_faults(steps: list[StepPlan], header: Header) -> list[Fault]:
    """Exactly one point of no return, or the word that there is none."""
    point, gates = header.point_of_no_return, {step.code for step in steps if step.is_gate}
    final = [step.code for step in steps if step.reversible == "no"]
    if not point and (header.kind in NEEDS_WAY_BACK or final):
        return [Fault("", "point_of_no_return", "no_return_unsaid")]
    if point == NO_RETURN_NONE and final:
        return [Fault("", "point_of_no_return", "no_return_none", {"codes": ", ".join(final)})]
    if point and point != NO_RETURN_NONE and point not in gates:
        return [Fault("", "point_of_no_return", "no_return_unknown", {"code": point})]
    return []


def _code_faults(steps: list[StepPlan]) -> list[Fault]:
    found, seen = [], set()
    for step in steps:
        if not is_code(step.code):
            found.append(Fault(step.code, "code", "bad_code"))
        elif step.code in seen:
            found.append(Fault(step.code, "code", "code_twice", {"code": step.code}))
        seen.add(step.code)
    return found


def _link_faults(steps: list[StepPlan]) -> list[Fault]:
    known, found = {step.code for step in steps}, []
    for step in steps:
        for text in step.predecessors:
            try:
                code = parse(text).code
            except BadLink:
                found.append(Fault(step.code, "predecessors", "bad_link", {"text": text[:40]}))
                continue
            if code == step.code:
                found.append(Fault(step.code, "predecessors", "waits_for_itself"))
            elif code not in known:
                found.append(Fault(step.code, "predecessors", "unknown_predecessor", {"code": code}))
    return found


def _ring(steps: list[StepPlan]) -> list[Fault]:
    """Steps in a ring, or behind one: only those that lie on a ring themselves are named."""
    facts = [StepFact(s.code, 0, 0, s.predecessors) for s in steps if s.code not in codes(s.predecessors)]
    try:
        topological(facts)
    except PredecessorCycle as error:
        ahead = ancestors(steps)
        ring = [code for code in error.codes if code in ahead.get(code, ())]
        words = {"codes": ", ".join(ring)}
        return [Fault(code, "predecessors", "ring", words) for code in ring]
    return []


def ancestors(steps: Iterable[StepPlan]) -> dict[str, set[str]]:
    """For each code everything it waits for, directly or not; in a ring that includes itself."""
    direct = {step.code: set(codes(step.predecessors)) for step in steps}
    found = {}
    for code in direct:
        seen, todo = set(), list(direct[code])
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                todo += direct.get(other, ())
        found[code] = seen
    return found


def _reversal_faults(steps: list[StepPlan], header: Header) -> list[Fault]:
    """What cannot be taken back comes after the point of no return; what can says how."""
    found, point = [], header.point_of_no_return
    gates = {step.code for step in steps if step.is_gate}
    ahead = ancestors(steps) if point in gates else {}
    for step in steps:
        if step.reversible == "no" and point in gates and point not in ahead[step.code]:
            found.append(Fault(step.code, "reversible", "too_early", {"gate": point}))
        if step.reversible in ("yes", "with_loss") and not step.undo.strip():
            is_error = header.kind in NEEDS_WAY_BACK
            found.append(Fault(step.code, "undo", "no_undo", is_error=is_error))
    return found


def _downtime_faults(steps: list[StepPlan]) -> list[Fault]:
    starts = [step.code for step in steps if step.downtime == "starts"]
    ends = [step.code for step in steps if step.downtime == "ends"]
    found = [Fault(code, "downtime", "downtime_twice") for code in (*starts[1:], *ends[1:])]
    if starts and not ends:
        found.append(Fault(starts[0], "downtime", "downtime_never_ends"))
    return found


def _own_faults(step: StepPlan, header: Header) -> list[Fault]:
    found = []
    if header.streams and step.stream not in header.streams:
        found.append(Fault(step.code, "stream", "unknown_stream", {"stream": step.stream}))
    if step.is_four_eyes and step.owner and step.owner == step.checker:
        found.append(Fault(step.code, "checker_name", "same_eyes"))
    if step.fixed_start_at and step.must_end_at and step.fixed_start_at >= step.must_end_at:
        found.append(Fault(step.code, "must_end_at", "ends_before_start"))
    if not step.owner:
        found.append(Fault(step.code, "owner_name", "no_owner", is_error=False))
    if step.is_gate and not step.gate_key:
        found.append(Fault(step.code, "gate_key", "no_questions", is_error=False))
    return found
