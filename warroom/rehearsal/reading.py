"""What is known of a rehearsal, of its plan and of the real run: read once, compared by warroom.rehearsal.comparing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q

from engagements.models import Engagement
from escalation.models import Escalation
from warroom import forecast
from warroom.models import GameDay, GateRound, GateVote, Runbook, RunbookEntry, Step
from warroom.outlook import Outlook, fact
from warroom.rehearsal import comparing
from warroom.rehearsal.comparing import Pass, Row

#: Acts that say that a step did not go through smoothly, in the order of a story.
TROUBLES = ("step.failed", "step.blocked", "step.retried", "step.reopened", "gate.called")
RENAME = "edit.cell"


@dataclass(frozen=True)
class Totals:
    """One run as a whole. Minutes; `downtime_min` None: the plan has none, or it has not begun."""

    runbook: Runbook
    is_begun: bool
    late_min: int
    downtime_min: int | None
    done: int
    deviated: int
    troubled: int
    escalations: list[Escalation] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """A rehearsal beside its plan; `real` is the runbook that was rehearsed, with what happened on it so far."""

    rehearsals: list[Runbook]
    rehearsed: Totals
    real: Totals
    rows: list[Row]
    gamedays: list[GameDay]

    @property
    def tight(self) -> list[Row]:
        """Steps that the plan gives too little time, the worst first."""
        return comparing.tight(self.rows)

    @property
    def slowest(self) -> list[Row]:
        """Steps that took longer than rehearsed, the worst first."""
        return comparing.slowest(self.rows)

    @property
    def only(self) -> list[Row]:
        """Steps that are only in one of them."""
        return [row for row in self.rows if row.place != "both"]

    @property
    def short_min(self) -> int:
        """How many minutes the tight steps lack together."""
        return sum(row.over_plan_min for row in self.tight)


def compared(
    engagement: Engagement, number: int, now: datetime, *, chosen: int | None = None
) -> Comparison | None:
    """The runbook of this number (or the one it rehearses) beside one of its rehearsals; None without a rehearsal.

    `chosen` is the number of a rehearsal; without it the one asked for, else the one begun last. Five queries.
    """
    steps = _steps(engagement)
    runbooks = {one[0].runbook.number: one[0].runbook for one in steps.values()}
    asked = runbooks.get(number)
    if asked is None:
        return None
    original_id = asked.rehearsal_of_id or asked.pk
    copies = [one for one in runbooks.values() if one.rehearsal_of_id == original_id]
    copies.sort(key=lambda one: (one.started_at or one.created_at, one.number), reverse=True)
    if not copies or original_id not in steps:
        return None
    wanted = chosen or (number if asked.rehearsal_of_id else copies[0].number)
    copy = next((one for one in copies if one.number == wanted), copies[0])
    return _put_together(engagement, steps[copy.pk], steps[original_id], copies, now)


def brief(view: Outlook, now: datetime) -> Comparison | None:
    """What a report says of the last rehearsal of this runbook: without troubles, gates' rounds, game days and
    escalations.

    No query, or one where a step has another code than it had when it was rehearsed.
    """
    copies = [one for one in view.others if one.rehearsal_of_id == view.runbook.pk]
    copies.sort(key=lambda one: (one.started_at or one.created_at, one.number), reverse=True)
    if not copies:
        return None
    copied = view.beside[copies[0].pk]
    is_same = {step.code for step in copied} == {step.code for step in view.steps}
    acts = {"troubles": {}, "renames": []} if is_same else _acts(copies[0], view.runbook)
    rehearsed, real = ([_pass(step, acts, {}) for step in steps] for steps in (copied, view.steps))
    return Comparison(
        rehearsals=copies,
        rehearsed=_totals(copied, rehearsed, [], now),
        real=_totals(view.steps, real, [], now),
        rows=comparing.rows(rehearsed, real, comparing.renames(acts["renames"])),
        gamedays=[],
    )


def _steps(engagement: Engagement) -> dict[int, list[Step]]:
    """The steps of every runbook of the engagement, in order. One query."""
    found: dict[int, list[Step]] = defaultdict(list)
    rows = Step.objects.filter(runbook__engagement=engagement).select_related("runbook")
    for step in rows.order_by("runbook__number", "position"):
        mine = found[step.runbook_id]
        step.runbook = mine[0].runbook if mine else step.runbook
        step.runbook.engagement = engagement
        mine.append(step)
    return found


def _put_together(
    engagement, copied: list[Step], original: list[Step], copies: list, now: datetime
) -> Comparison:
    copy, plan = copied[0].runbook, original[0].runbook
    acts = _acts(copy, plan)
    gates = _gates(copy, plan)
    raised = list(Escalation.objects.filter(engagement=engagement).order_by("declared_at", "pk"))
    spans = [_span(one, now) for one in copies]
    rehearsed = [_pass(step, acts, gates) for step in copied]
    real = [_pass(step, acts, gates) for step in original]
    first, last = _span(copy, now)
    changes = comparing.renames(acts["renames"])
    outside = [one for one in raised if not any(a <= one.declared_at <= b for a, b in spans)]
    began = plan.started_at
    return Comparison(
        rehearsals=copies,
        rehearsed=_totals(
            copied, rehearsed, [one for one in raised if first <= one.declared_at <= last], now
        ),
        real=_totals(original, real, [one for one in outside if began and one.declared_at >= began], now),
        rows=comparing.rows(rehearsed, real, changes),
        gamedays=[
            day
            for day in GameDay.objects.filter(engagement=engagement).order_by("began_at")
            if day.began_at <= last and (day.ended_at or now) >= first
        ],
    )


def _span(runbook: Runbook, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a rehearsal went; one that nobody ended went on until now."""
    return runbook.started_at or runbook.created_at, runbook.ended_at or now


def _acts(copy: Runbook, plan: Runbook) -> dict:
    """What held steps up, by runbook and code; and the codes changed after the copy was made. One query."""
    wanted = Q(act__in=TROUBLES) | Q(act=RENAME, runbook=plan, recorded_at__gte=copy.created_at)
    troubles, renames = defaultdict(list), []
    for one in RunbookEntry.objects.filter(wanted, runbook__in=(copy, plan)):
        if one.act in TROUBLES:
            troubles[one.runbook_id, one.code].append(one.act)
        elif one.params.get("field") == "code":
            renames.append((str(one.params.get("old")), one.code))
    return {"troubles": troubles, "renames": renames}


def _gates(copy: Runbook, plan: Runbook) -> dict:
    """The rounds of each gate, by runbook and code, with the number of roles that said no. One query."""
    noes = Count("votes__role", filter=Q(votes__answer=GateVote.Answer.NO), distinct=True)
    found = defaultdict(list)
    for one in GateRound.objects.filter(runbook__in=(copy, plan)).annotate(noes=noes).order_by("pk"):
        found[one.runbook_id, one.code].append(one)
    return found


def _pass(step: Step, acts: dict, gates: dict) -> Pass:
    rounds = gates.get((step.runbook_id, step.code), [])
    start, end, who = step.actual_start_at, step.actual_end_at, [step.doer_name, step.checked_by_name]
    if rounds:  # a gate lasts from being asked to being decided
        start, end = rounds[0].asked_at, end and rounds[-1].decided_at
        who = [rounds[-1].decided_by_name]
    return Pass(
        code=step.code,
        title=step.title,
        stream=step.stream,
        is_gate=step.is_gate,
        planned_min=step.planned_min,
        planned_start_at=step.runbook.t0 + timedelta(minutes=step.offset_min),
        t0=step.runbook.t0,
        status=step.status,
        start_at=start,
        end_at=end,
        who=tuple(dict.fromkeys(name for name in (who if any(who) else [step.by_name]) if name)),
        deviation=step.deviation,
        reason=step.reason,
        outcome=step.outcome,
        rounds=len(rounds),
        noes=sum(one.noes for one in rounds),
        troubles=tuple(dict.fromkeys(acts["troubles"].get((step.runbook_id, step.code), ()))),
    )


def _totals(steps: list[Step], passes: list[Pass], raised: list[Escalation], now: datetime) -> Totals:
    runbook = steps[0].runbook
    at = runbook.ended_at or now
    seen = forecast.forecast(
        [fact(step) for step in steps],
        t0=runbook.t0,
        now=at,
        downtime_budget_min=runbook.downtime_budget_min,
        outage_started_at=runbook.outage_started_at,
    )
    down = seen.downtime
    return Totals(
        runbook=runbook,
        is_begun=any(one.is_begun for one in passes),
        late_min=seen.late_min,
        downtime_min=down.used_min if down and down.started_at else None,
        done=sum(one.status in ("done", "skipped") for one in passes),
        deviated=sum(bool(one.deviation) for one in passes),
        troubled=sum(bool(one.troubles) for one in passes),
        escalations=raised,
    )
