"""What the board says of an instant, worked out from rows that were read: no query and no clock in here.

What people entered counts from when it was written down; what AWS said counts from AWS's own time, because values that
were read later (after an outage) cannot be told from the others. All instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation import clock as clocks
from warroom import forecast, series
from warroom.outlook import on_board
from warroom.replay import sounding
from warroom.replay.acts import Run, Standing, fold, plan_then
from warroom.replay.rows import Book, ClockRow, EscalationRow, MetricRow, Record, Said

WINDOW = timedelta(hours=3)
LOOKS = {"ok": ("ok", "ok"), "near": ("watch", "watch"), "over": ("bad", "bad"), "stale": ("stale", "stale"),
         "never": ("stale", "stale")}  # fmt: skip


@dataclass(frozen=True)
class StepThen:
    """One step as it stood; `seen` is its forecast at the instant."""

    code: str
    title: dict
    stream: str
    is_gate: bool
    standing: Standing
    seen: forecast.StepForecast


@dataclass(frozen=True)
class RunbookThen:
    """The runbook that was on the board."""

    book: Book
    run: Run
    title: dict
    steps: list[StepThen]
    forecast: forecast.Forecast
    header_t0: datetime | None = None

    @property
    def t0(self) -> datetime:
        """What its minutes were counted from."""
        return self.header_t0 or self.book.t0

    @property
    def gates(self) -> list[StepThen]:
        """Gates that had been asked or decided."""
        return [one for one in self.steps if one.is_gate and (one.standing.asked_at or one.standing.outcome)]

    @property
    def done(self) -> int:
        """How many steps were closed."""
        return sum(one.standing.status in forecast.CLOSED for one in self.steps)


@dataclass(frozen=True)
class ClockThen:
    """A clock: its state in a word, its deadline, what was left of it in whole seconds, and its breach."""

    kind: str
    label: str
    state: str
    due_at: datetime | None
    left_s: int | None
    breached_at: datetime | None


@dataclass(frozen=True)
class EscalationThen:
    """An escalation that was open."""

    row: EscalationRow
    severity: str
    clocks: list[ClockThen]


@dataclass(frozen=True)
class State:
    """The board at one instant."""

    instant: datetime
    runbook: RunbookThen | None
    alarms: sounding.AlarmsThen
    metrics: list[dict]
    escalations: list[EscalationThen]
    ended: int
    health: list[Said]
    update: Said | None
    latest: list[Said]


def state_at(record: Record, instant: datetime) -> State:
    """The board as it stood: the same rows and instant give the same state on any day."""
    raised = [_escalation(row, instant) for row in record.escalations if row.declared_at <= instant]
    said = sorted(
        (one for one in record.said if one.recorded_at <= instant), key=lambda one: one.at, reverse=True
    )
    runs = {book.number: fold(book.acts, instant) for book in record.books if book.created_at <= instant}
    return State(
        instant=instant,
        runbook=_runbook(record, runs, instant),
        alarms=sounding.alarms_then(record, runs, instant),
        metrics=[_metric(row, record.t0, instant) for row in record.metrics],
        escalations=[one for one in raised if one],
        ended=sum(one is None for one in raised),
        health=_open_health(said),
        update=next((one for one in said if one.phrase == "update.sent"), None),
        latest=[one for one in said if instant - one.at < WINDOW][:8],
    )


@dataclass
class _Candidate:
    """What :func:`warroom.outlook.on_board` looks at."""

    book: Book
    run: Run
    kind: str
    number: int
    rehearsal_of_id: int | None
    status: str
    started_at: datetime | None


def _runbook(record: Record, runs: dict[int, Run], instant: datetime) -> RunbookThen | None:
    there = [(book, runs[book.number]) for book in record.books if book.number in runs]
    chosen = on_board(
        _Candidate(book, run, book.kind, book.number, book.rehearsal_of_id, run.status, run.started_at)
        for book, run in there
    )
    return _drawn(chosen.book, chosen.run, instant) if chosen else None


def _drawn(book: Book, run: Run, instant: datetime) -> RunbookThen:
    header, plan = plan_then(book.header, book.steps, book.acts, instant)
    facts = [_fact(step, run.steps.get(step["code"], Standing())) for step in plan]
    seen = forecast.forecast(
        facts,
        t0=header["t0_at"] or book.t0,
        now=instant,
        downtime_budget_min=header["downtime_budget_min"],
    )
    steps = [
        StepThen(
            code=step["code"],
            title=step["title"],
            stream=step["stream"],
            is_gate=step["kind"] == "gate",
            standing=run.steps.get(step["code"], Standing()),
            seen=seen.steps[step["code"]],
        )
        for step in plan
    ]
    return RunbookThen(book, run, header["title"], steps, seen, header["t0_at"])


def _fact(step: dict, standing: Standing) -> forecast.StepFact:
    return forecast.StepFact(
        code=step["code"],
        offset_min=step["offset_min"],
        planned_min=step["planned_min"],
        predecessors=tuple(step["predecessors"]),
        is_fixed_start=step["is_fixed_start"],
        status=standing.status,
        actual_start_at=standing.start_at,
        actual_end_at=standing.end_at,
        downtime=step["downtime"],
        start_rule=step["start_rule"],
        fixed_start_at=step["fixed_start_at"],
        must_end_at=step["must_end_at"],
    )


def _metric(row: MetricRow, t0: datetime, instant: datetime) -> dict:
    """A tile: a value is there once its bucket is over."""
    whole = timedelta(seconds=row.period_s)
    points = [(at, value) for at, value in row.points if instant - WINDOW <= at <= instant - whole]
    last = points[-1] if points else None
    state = series.status(last, row.period_s, row.limit, instant)
    look, line = LOOKS[state]
    return {
        "title": row.title,
        "unit": row.unit,
        "value": series.number(last[1]) if last else None,
        "state": state,
        "look": look,
        "line": "" if state == "ok" else line,
        "until": last[0] + whole if last else None,
        "limit": row.limit,
        "shown_limit": series.number(row.limit.shown) if row.limit.shown is not None else None,
        "limit_unit": "" if row.unit.lower() == "count" else row.unit,
        "spark": series.spark(
            points, period_s=row.period_s, limit=row.limit, start=instant - WINDOW, end=instant, t0=t0
        ),
    }


def _escalation(row: EscalationRow, instant: datetime) -> EscalationThen | None:
    """None once it was resolved."""
    states = {one.kind: _folded(one, instant) for one in row.clocks}
    level = states.get("level")
    is_over = level.is_over if level else bool(row.resolved_at and row.resolved_at <= instant)
    if is_over:
        return None
    answer = states.get("first_response")
    severity = answer.targets[-1].label if answer and answer.targets else ""
    shown = [
        _clock(one, states[one.kind], instant)
        for one in row.clocks
        if states[one.kind].started_at and not (row.is_hidden and one.kind == "level")
    ]
    return EscalationThen(row, severity or row.severity, shown)


def _folded(row: ClockRow, instant: datetime) -> clocks.State:
    """The clock from what was written in its log by then, in the cycle of then."""
    known = [one for one in row.events if one[1] <= instant]
    cycle = max((one[0] for one in known), default=0)
    return clocks.fold([event for number, _at, event in known if number == cycle], row.calendar)


def _clock(row: ClockRow, state: clocks.State, instant: datetime) -> ClockThen:
    left = clocks.remaining(state, instant)
    word = clocks.verdict(state) or state.status
    if state.status == clocks.RUNNING and state.target is None:
        word = "free"
    return ClockThen(
        kind=row.kind,
        label=row.label,
        state=word,
        due_at=clocks.due_at(state),
        left_s=None if left is None else round(left.total_seconds()),
        breached_at=None if state.is_corrected else state.breached_at,
    )


def _open_health(said: list[Said]) -> list[Said]:
    """The newest word of each Health event that was not closed; `said` newest first."""
    newest: dict[str, Said] = {}
    for one in said:
        if one.phrase.startswith("health."):
            newest.setdefault(one.topic, one)
    return [one for one in newest.values() if one.phrase != "health.closed"]
