"""Which alarms sounded at an instant, which were expected and quiet, and which had just cleared.

Pure: no query and no clock. AWS's own times count; what people expected counts from when they said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.noise.rules import Quiet, is_quiet, quiet_of
from warroom.replay.acts import Run
from warroom.replay.rows import AlarmRow, ExpectedRow, Record

CLEARED_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class AlarmThen:
    """An alarm that spoke, or had just cleared."""

    name: str
    account_id: str
    region: str
    kind: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class AlarmsThen:
    """The board's alarms: `loud` newest first, those kept quiet and why, those just cleared, and how many were OK."""

    loud: list[AlarmThen]
    muted: list[tuple[AlarmThen, Quiet]]
    cleared: list[AlarmThen]
    normal: int


def alarms_then(record: Record, runs: dict[int, Run], instant: datetime) -> AlarmsThen:
    """The alarms as the board kept them apart; `runs` are the runbooks as they stood, by number."""
    alarms = [one for one in (_alarm(row, instant) for row in record.alarms) if one]
    quiet = _quiet(record.expected, runs, instant)
    loud, muted = [], []
    for one in alarms:
        why = quiet_of(quiet, name=one.name, account_id=one.account_id, region=one.region)
        if one.state == "ALARM" and is_quiet(why, changed_at=one.at):
            muted.append((one, why))
        elif one.state != "OK":
            loud.append(one)
    loud.sort(key=lambda one: (one.state != "ALARM", -(one.at.timestamp() if one.at else 0), one.name))
    return AlarmsThen(
        loud=loud,
        muted=muted,
        cleared=[one for one in alarms if one.state == "OK" and one.at and instant - one.at < CLEARED_FOR],
        normal=sum(one.state == "OK" for one in alarms),
    )


def _quiet(expected: list[ExpectedRow], runs: dict[int, Run], instant: datetime) -> list[Quiet]:
    """What was expected of the steps that ran."""
    found = []
    for pk, row in enumerate(expected):
        run = runs.get(row.runbook_number)
        step = run.steps.get(row.step_code) if run else None
        is_over = row.ended_at is not None and row.ended_at <= instant
        if row.at <= instant and not is_over and step and step.status == "running" and step.start_at:
            place = (row.alarm_name, row.account_id, row.region)
            found.append(Quiet(pk, *place, row.step_code, step.start_at, instant, row.by_name, row.reason))
    return found


def _alarm(row: AlarmRow, instant: datetime) -> AlarmThen | None:
    """None once the alarm was gone. Before its first change on record it was what that change says it was before."""
    if row.gone_at and row.gone_at <= instant:
        return None
    who = (row.name, row.account_id, row.region, row.kind)
    if row.then_state:
        return AlarmThen(*who, row.then_state, row.then_at)
    is_known = row.last_changed_at is None or row.last_changed_at <= instant
    state = row.before_next or (row.last_state if is_known else "OK")
    return AlarmThen(*who, state, row.last_changed_at if is_known else None)
