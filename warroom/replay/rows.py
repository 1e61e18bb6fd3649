"""The rows that a replay is worked out from, as they were read. All instants are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from escalation import clock as clocks
from escalation.hours import Calendar
from warroom import series
from warroom.replay.acts import Act


@dataclass(frozen=True)
class Book:
    """One runbook: who it is, its plan as it reads now, and its log."""

    number: int
    kind: str
    rehearsal_of_id: int | None
    created_at: datetime
    t0: datetime
    header: dict
    steps: list[dict]
    acts: list[Act]


@dataclass(frozen=True)
class AlarmRow:
    """An alarm: its last change up to the instant, what it was before its next one, and how it was read last."""

    name: str
    account_id: str
    region: str
    kind: str
    then_state: str | None
    then_at: datetime | None
    before_next: str | None
    last_state: str
    last_changed_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True)
class ExpectedRow:
    """An alarm that somebody said a step would set off, from `at` until `ended_at`; an empty place means any."""

    runbook_number: int
    step_code: str
    alarm_name: str
    account_id: str
    region: str
    by_name: str
    reason: str
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ClockRow:
    """A clock of an escalation with its log: (cycle, recorded_at, event)."""

    kind: str
    label: str
    calendar: Calendar
    events: list[tuple[int, datetime, clocks.Event]]


@dataclass(frozen=True)
class EscalationRow:
    """An escalation; `path` are (entered_at, level) of its lane."""

    number: int
    reference: str
    title: str
    severity: str
    declared_at: datetime
    resolved_at: datetime | None
    level: int
    is_hidden: bool
    level_label: dict
    clocks: list[ClockRow]


@dataclass(frozen=True)
class MetricRow:
    """A watch with its points (bucket's start, value), sorted."""

    title: str
    unit: str
    period_s: int
    limit: series.Limit
    points: list[tuple[datetime, float]]


@dataclass(frozen=True)
class Said:
    """A line of the timeline in the reader's words; `topic` groups what replaces each other (one Health event)."""

    at: datetime
    recorded_at: datetime
    text: str
    by: str
    icon: str
    look: str
    phrase: str
    topic: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Record:
    """Everything that was read for one side."""

    t0: datetime
    books: list[Book] = field(default_factory=list)
    alarms: list[AlarmRow] = field(default_factory=list)
    expected: list[ExpectedRow] = field(default_factory=list)
    metrics: list[MetricRow] = field(default_factory=list)
    escalations: list[EscalationRow] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
