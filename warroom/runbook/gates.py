"""Asking a gate, voting at it, and deciding it: one record for each time it is asked, frozen with the decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access
from warroom import gatebook
from warroom.models import GateRound, GateVote, Runbook, Step
from warroom.runbook._base import (
    LONGEST_AGO,
    Status,
    StepError,
    atomic,
    change_step,
    goes_on,
    hold_runbook,
    may_start,
    say,
    wanted,
)
from warroom.runbook.working import begin_run

LONGEST_EXTENSION = timedelta(days=2)
OPEN = (Status.PLANNED, Status.RUNNING)


def ask_gate(
    *, step: Step, by, now: datetime, deadline_at: datetime | None = None, minutes: int | None = None
) -> GateRound:
    """Put the gate's questions to its roles, to be decided by the deadline; the round that is open already stays."""
    if not step.is_gate:
        raise StepError(_("This step is not a gate."))
    book = gatebook.gate(step.gate_key)
    deadline_at = deadline_at or now + timedelta(minutes=minutes or book["minutes"])
    if abs(deadline_at - now) > LONGEST_AGO:
        raise StepError(_("Enter a date and time, such as 2026-11-28 23:00."), "deadline_at")
    with atomic():
        hold_runbook(step.runbook_id)
        if not Step.objects.filter(pk=step.pk, status__in=OPEN).exists():
            raise StepError(_("This gate is decided."))
        if found := open_round(step):
            return found
        made = _new_round(step, book, by, now, deadline_at)
        say(step, "gate.asked", by=by, now=now, until={"at": deadline_at.isoformat()})
    return made


def open_round(step: Step) -> GateRound | None:
    """The round of this gate that waits for a decision."""
    rounds = GateRound.objects.filter(runbook_id=step.runbook_id, code=step.code, decided_at=None)
    return rounds.last()


def _new_round(step: Step, book: dict, by, now: datetime, deadline_at: datetime | None) -> GateRound:
    earlier = GateRound.objects.filter(runbook_id=step.runbook_id, code=step.code)
    return GateRound.objects.create(
        runbook_id=step.runbook_id,
        code=step.code,
        gate_key=step.gate_key,
        number=(earlier.aggregate(Max("number"))["number__max"] or 0) + 1,
        questions=book["questions"],
        roles=book["roles"],
        outcomes=book["outcomes"],
        default_outcome=book["default"],
        asked_at=now,
        asked_by_name=by.name,
        deadline_at=deadline_at,
    )


def vote(
    *, step: Step, by, now: datetime, role: str, answer: str, comment: str = "", confirmed: list | None = None
) -> GateVote:
    """What one role says; another vote of the role replaces it, and both are kept. A "no" wants a reason."""
    access.check(by, step.runbook.engagement, access.Permission.RUN_STEPS)
    with atomic():
        hold_runbook(step.runbook_id)
        found = open_round(step)
        if found is None:
            raise StepError(_("This gate is not being asked."))
        _can_vote(found, role, answer, comment)
        asked = {question["key"] for question in found.questions}
        cast = GateVote.objects.create(
            round=found,
            role=role,
            answer=answer,
            comment=comment,
            confirmed=sorted(asked.intersection(confirmed or ())),
            voter_id=by.pk,
            voter_name=by.name,
            voted_at=now,
        )
        label = next(one["label"] for one in found.roles if one["key"] == role)
        words = {"role": label, "answer": _ANSWERS[answer], "comment": comment}
        say(step, "gate.voted", by=by, now=now, **words)
    return cast


#: Kept in both languages, because a sentence of the timeline is told in the reader's.
_ANSWERS = {
    "go": {"en": "GO", "ko": "진행"},
    "no": {"en": "no-go", "ko": "진행 불가"},
    "abstain": {"en": "abstains", "ko": "기권"},
}


def _can_vote(found: GateRound, role: str, answer: str, comment: str) -> None:
    if role not in {one["key"] for one in found.roles}:
        raise StepError(_("Choose a role of the list."), "role")
    if answer not in GateVote.Answer.values:
        raise StepError(_("Choose GO, no-go or abstain."), "answer")
    if answer == GateVote.Answer.NO:
        wanted(comment, "comment")


def decide_gate(
    *,
    step: Step,
    version: int,
    decision: str,
    by,
    now: datetime,
    reason: str = "",
    conditions: str = "",
    weight_percent: int | None = None,
    ask_again_at: datetime | None = None,
    window_end_at: datetime | None = None,
    inputs: list | None = None,
) -> Step:
    """Record the outcome and who decided, with the inputs as they were seen; the record is frozen.

    Outcomes that pass close the gate; the others keep it open. "Roll back" does not turn the run around by
    itself: that is called, see turning.call_rollback. "Extend" moves the end of the window.
    """
    access.check(by, step.runbook.engagement, access.Permission.RUN_STEPS)
    if not step.is_gate:
        raise StepError(_("This step is not a gate."))
    _decider(step, by)
    key = gatebook.meant(step.gate_key, decision)
    if key not in gatebook.gate(step.gate_key)["outcomes"]:
        raise StepError(_("Choose one of the outcomes."), "decision")
    said = {"reason": reason, "conditions": conditions, "weight_percent": weight_percent}
    effect = _complete(key, said, now, window_end_at, step.runbook)
    with atomic():
        runbook = hold_runbook(step.runbook_id)
        goes_on(runbook)
        found = open_round(step) or _new_round(step, gatebook.gate(step.gate_key), by, now, None)
        changed = change_step(step, version, OPEN, **_fields(step, effect, key, by, now, reason))
        if effect == "pass":
            _passes(runbook, step, now)
        if effect == "extend":
            Runbook.objects.filter(pk=runbook.pk).update(window_end_at=window_end_at)
        _freeze(found, key, by, now, said | {"inputs": inputs or [], "ask_again_at": ask_again_at})
        _say_outcome(changed, effect, key, by, now, conditions or reason)
    return changed


def _freeze(found: GateRound, key: str, by, now: datetime, words: dict) -> None:
    """The record as it stays; one that was decided meanwhile is left alone."""
    words |= {"outcome": key, "decided_at": now, "decided_by_id": by.pk, "decided_by_name": by.name}
    GateRound.objects.filter(pk=found.pk, decided_at=None).update(**words)


def _decider(step: Step, by) -> None:
    """A gate is decided by the people named for it, and by the commander."""
    runbook = step.runbook
    named = {step.owner_id, step.deputy_id} - {None}
    if by.pk is None or by.pk in named or runbook.commands(by):
        return
    if named or runbook.commander_id:
        names = step.owner_name or _("the commander")
        raise StepError(_("This gate is decided by %(names)s.") % {"names": names})


def _complete(key: str, said: dict, now: datetime, window_end_at: datetime | None, runbook: Runbook) -> str:
    """The effect of an outcome; StepError beside the field that it still needs."""
    found = gatebook.outcome(key)
    needs = found.get("needs", "")
    if needs == "weight_percent":
        if said["weight_percent"] is None or not 1 <= said["weight_percent"] <= 99:
            raise StepError(_("Say how many percent, 1 to 99."), needs)
    elif needs:
        wanted(said[needs], needs)
    if found["effect"] == "extend" and (
        window_end_at is None or not runbook.window_end < window_end_at <= now + LONGEST_EXTENSION
    ):
        raise StepError(_("Say until when: later than now, two days at most."), "window_end_at")
    return found["effect"]


def _fields(step: Step, effect: str, key: str, by, now: datetime, reason: str) -> dict:
    decision = {"pass": Step.Decision.GO, "stop": Step.Decision.STOP}.get(effect, Step.Decision.HOLD)
    fields = {"decision": decision, "outcome": key, "by_name": by.name, "reason": reason}
    if effect == "pass":
        fields |= {"status": Status.DONE, "actual_end_at": now, "end_recorded_at": now}
        fields |= {
            "actual_start_at": step.actual_start_at or now,
            "start_recorded_at": step.start_recorded_at or now,
        }
    return fields


def _passes(runbook: Runbook, step: Step, now: datetime) -> None:
    """Only an approved plan goes through a gate, and only when its predecessors let it."""
    if not runbook.is_cleared:
        raise StepError(_("The runbook is not approved yet: no gate can be passed."))
    may_start(step, now)
    begin_run(runbook, now)


def _say_outcome(step: Step, effect: str, key: str, by, now: datetime, why: str) -> None:
    phrase = {"pass": "gate.go", "stop": "gate.stop"}.get(effect, "gate.hold")
    words = {"outcome": gatebook.label_of(key), "reason": why}
    if key not in ("go", "hold"):
        phrase = "gate.outcome_why" if why.strip() else "gate.outcome"
    say(step, phrase, by=by, now=now, kind="decision", **words)


def overdue(found: GateRound, now: datetime) -> bool:
    """Whether the deadline passed without a decision: the default is then proposed loudly, never carried out."""
    return found.decided_at is None and found.deadline_at is not None and now > found.deadline_at
