"""How a runbook stood at an instant, folded from its log, and its plan with later changes taken back.

Pure: standard library only, no clock. What counts is when an act was written down: a step that was entered late was
not on the board before, and its own time is shown from then on. All instants are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

#: Status of a step after an act; None: as the log has it.
STEP_STATUS = {
    "step.started": "running", "step.started_late": "running", "step.retried": "running", "step.done": "done",
    "step.done_late": "done", "step.deviated": "done", "step.failed": "failed", "step.blocked": "blocked",
    "step.skipped": "skipped", "step.cancelled": "cancelled", "step.unblocked": None, "step.reopened": None,
    "gate.go": "done", "gate.hold": "planned", "gate.stop": "planned", "gate.outcome": None, "gate.outcome_why": None,
}  # fmt: skip
RUN_STATUS = {
    "runbook.created": "draft", "runbook.submitted": "in_review", "runbook.sent_back": "draft",
    "runbook.approved": "approved", "runbook.ready": "ready", "runbook.started": "running",
    "rehearsal.started": "running", "runbook.paused": "paused", "runbook.resumed": "running",
    "runbook.completed": "completed", "runbook.rolled_back": "rolled_back", "runbook.aborted": "aborted",
}  # fmt: skip
STARTS = frozenset({"step.started", "step.started_late"})
ENDS = frozenset(
    {"step.done", "step.done_late", "step.deviated", "step.skipped", "step.cancelled", "gate.go"}
)
DECISIONS = frozenset({"gate.go", "gate.hold", "gate.stop", "gate.outcome", "gate.outcome_why"})
INSTANTS = ("fixed_start_at", "must_end_at", "t0_at", "window_end_at")


@dataclass(frozen=True)
class Act:
    """One line of a runbook's log; `code` is empty for an act on the whole."""

    act: str
    code: str
    params: dict
    at: datetime
    recorded_at: datetime
    by: str


@dataclass(frozen=True)
class Vote:
    """What one role said at a gate; words by language."""

    role: dict | str
    answer: dict | str
    comment: str
    by: str


@dataclass(frozen=True)
class Standing:
    """What had happened to one step: its status, its times, who did it, and of a gate its question and votes."""

    status: str = "planned"
    start_at: datetime | None = None
    end_at: datetime | None = None
    by: str = ""
    words: str = ""
    note: str = ""
    asked_at: datetime | None = None
    until_at: datetime | None = None
    votes: tuple[Vote, ...] = ()
    outcome: dict | str = ""

    @property
    def is_asked(self) -> bool:
        """Whether a gate waits for its decision."""
        return self.asked_at is not None and not self.outcome


@dataclass(frozen=True)
class Run:
    """A runbook as it stood: its status, when it first ran, and its steps by code."""

    status: str = "draft"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    steps: dict[str, Standing] = field(default_factory=dict)


def fold(acts: Iterable[Act], instant: datetime) -> Run:
    """The run after everything that was written down up to `instant`."""
    run = Run()
    for one in sorted((act for act in acts if act.recorded_at <= instant), key=lambda act: act.recorded_at):
        run = _whole(run, one) if not one.code else replace(run, steps=_stepped(run.steps, one))
        if one.act in STARTS or one.act == "gate.go":
            run = _begun(run, one)
    return run


def _whole(run: Run, one: Act) -> Run:
    status = RUN_STATUS.get(one.act, run.status)
    if one.act == "runbook.version_opened":
        status = "paused" if run.status == "paused" else "draft"
    started = run.started_at or (one.at if status == "running" else None)
    ended = one.at if status in ("completed", "rolled_back", "aborted") else None
    return replace(run, status=status, started_at=started, ended_at=ended)


def _begun(run: Run, one: Act) -> Run:
    """The first start turns an approved plan into a run."""
    if run.status not in ("approved", "ready"):
        return run
    return replace(run, status="running", started_at=run.started_at or one.at)


def _stepped(steps: dict[str, Standing], one: Act) -> dict[str, Standing]:
    if one.act == "edit.cell":
        return _renamed(steps, one)
    if one.act == "edit.removed":
        return {code: standing for code, standing in steps.items() if code != one.code}
    return steps | {one.code: _after(steps.get(one.code, Standing()), one)}


def _renamed(steps: dict[str, Standing], one: Act) -> dict[str, Standing]:
    old = one.params.get("old")
    if one.params.get("field") != "code" or old not in steps:
        return steps
    return {one.code if code == old else code: standing for code, standing in steps.items()}


def _after(was: Standing, one: Act) -> Standing:
    """One step after one act."""
    said = one.params
    if one.act == "gate.asked":
        until = _instant((said.get("until") or {}).get("at"))
        return replace(was, asked_at=one.at, until_at=until, votes=(), outcome="", words="")
    if one.act == "gate.voted":
        vote = Vote(said.get("role", ""), said.get("answer", ""), str(said.get("comment", "")), one.by)
        return replace(was, votes=(*(other for other in was.votes if other.role != vote.role), vote))
    if one.act == "step.noted":
        return replace(was, note=str(said.get("note", "")))
    if one.act not in STEP_STATUS:
        return was
    status = STEP_STATUS[one.act] or str(said.get("status", was.status))
    words = str(said.get("deviation") or said.get("reason") or "")
    now = replace(was, status=status, by=one.by, words=words)
    if one.act in STARTS:
        return replace(now, start_at=one.at, end_at=None)
    if one.act in DECISIONS:
        outcome = said.get("outcome") or one.act.removeprefix("gate.")
        times = {"start_at": was.start_at or one.at, "end_at": one.at} if status == "done" else {}
        return replace(now, outcome=outcome, **times)
    if one.act in ENDS:
        return replace(now, end_at=one.at)
    if one.act == "step.reopened":
        start = was.start_at if status == "running" else None
        return replace(now, start_at=start, end_at=None, outcome="", asked_at=None)
    return now


def plan_then(
    header: dict, steps: list[dict], acts: Iterable[Act], instant: datetime
) -> tuple[dict, list[dict]]:
    """Header and steps as they were planned at `instant`: changes written down later are taken back, newest first.

    The order of rows is the present one; a row that was taken out later stands at the end.
    """
    header, steps = dict(header), [dict(step) for step in steps]
    later = [act for act in acts if act.recorded_at > instant]
    for one in sorted(later, key=lambda act: act.recorded_at, reverse=True):
        if one.act == "runbook.header_changed":
            header |= {
                key: _typed(key, value)
                for key, value in (one.params.get("old") or {}).items()
                if key in header
            }
        elif one.act == "edit.added":
            steps = [step for step in steps if step["code"] != one.code]
        elif one.act == "edit.removed":
            row = one.params.get("row") or {}
            steps.append({key: _typed(key, value) for key, value in row.items()})
        elif one.act == "edit.cell":
            _take_back(steps, one)
    return header, steps


def _take_back(steps: list[dict], one: Act) -> None:
    name, old = one.params.get("field", ""), one.params.get("old")
    for step in steps:
        if step["code"] == one.code and name in step:
            step[name] = _typed(name, old)
    if name == "code":
        for step in steps:
            step["predecessors"] = [
                old + text.removeprefix(one.code) if text.split(" ")[0] == one.code else text
                for text in step["predecessors"]
            ]


def _typed(name: str, value):
    return _instant(value) if name in INSTANTS else value


def _instant(text) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
