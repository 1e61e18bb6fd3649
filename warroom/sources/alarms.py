"""CloudWatch alarms: the fast path, every 15 seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import cloudwatch
from iem_portal.aws.errors import PERMISSION, AwsError
from iem_portal.registry import sources
from warroom.models import AlarmChange, AlarmState, PollTarget
from warroom.noise import muting
from warroom.noise.rules import Quiet, is_quiet, quiet_of
from warroom.scope import Scope
from warroom.setup import tiers

PHRASES = {"ALARM": "alarm.raised", "OK": "alarm.cleared", "INSUFFICIENT_DATA": "alarm.silent"}


# A change this young is looked for in the history again: AWS writes it a little later.
RECENT = timedelta(minutes=2)
FIRST_HISTORY = timedelta(hours=3)
SAME = timedelta(seconds=2)  # the two calls may date one change a little differently


@dataclass(frozen=True)
class Question:
    """What is known, so that the history is asked for only when something moved."""

    known: dict[str, tuple[str, datetime | None]]
    since: datetime
    is_first: bool


@dataclass(frozen=True)
class Finding:
    """One alarm as AWS has it now."""

    name: str
    kind: str
    state: str
    reason: str
    changed_at: datetime | None


@dataclass(frozen=True)
class Change:
    """One change of state that AWS's history tells."""

    name: str
    kind: str
    at: datetime
    old_state: str
    state: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """All alarms, and their history when something moved."""

    alarms: list[cloudwatch.Alarm]
    history: list[cloudwatch.AlarmChange]
    is_first: bool
    is_history_read: bool


@dataclass(frozen=True)
class Findings:
    """What the board keeps of an answer."""

    alarms: list[Finding]
    changes: list[Change]
    is_first: bool
    is_history_read: bool


@sources.register
class Alarms:
    """DescribeAlarms with all alarm types, in every account and Region; DescribeAlarmHistory when something moved."""

    key = "alarms"
    order = 20
    label = _("Alarms")
    interval_s = 15
    iam_actions = ("cloudwatch:DescribeAlarms",)
    tiles = ("alarms",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """Every account in each of its Regions."""
        if not tiers.has_alarms(scope.level):
            return []
        return [(account, region) for account in scope.account_ids for region in scope.regions_of(account)]

    def next_at(self, row: PollTarget, scope: Scope, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=tiers.alarms_interval_s(scope.level, self.interval_s))

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """How every alarm stood, and from when on its history is news."""
        known = {alarm.name: (alarm.state, alarm.changed_at) for alarm in _mine(row, scope)}
        since = row.cursor_at - RECENT if row.cursor_at else now - FIRST_HISTORY
        return Question(known, since, row.cursor_at is None)

    def read(self, target, question: Question) -> Answer:
        """Every alarm of the account and Region, or AwsError. Without its history an alarm is still an alarm."""
        alarms = cloudwatch.read_alarms(target)
        if not question.is_first and not any(_moved(alarm, question) for alarm in alarms):
            return Answer(alarms, [], question.is_first, True)
        try:
            history = cloudwatch.read_alarm_history(target, question.since)
        except AwsError as error:
            # Somebody has to allow it: the set-up page names it, and asking again and again helps nobody.
            return Answer(alarms, [], question.is_first, error.kind == PERMISSION)
        return Answer(alarms, history, question.is_first, True)

    def parse(self, answer: Answer, question: Question, now: datetime) -> Findings:
        """What the board needs of each alarm and of each change."""
        alarms = [Finding(a.name, a.kind, a.state, a.reason, a.changed_at) for a in answer.alarms]
        changes = [change for change in map(_change, answer.history) if change is not None]
        return Findings(alarms, changes, answer.is_first, answer.is_history_read)

    def store(self, row: PollTarget, scope: Scope, findings: Findings, now: datetime) -> set[str]:
        """Write what changed, and put changes of state on the timeline at the time AWS gives them."""
        known = {alarm.name: alarm for alarm in _mine(row, scope)}
        fresh, changed = [], []
        news = _untold(row, scope, findings, known)
        for finding in findings.alarms:
            alarm = known.pop(finding.name, None)
            if alarm is None:
                fresh.append(_new(row, scope, finding))
            elif _differs(alarm, finding):
                if alarm.state != finding.state:
                    alarm.previous_state = alarm.state
                _copy(alarm, finding)
                changed.append(alarm)
        _remember(news, [*fresh, *changed])
        gone = [alarm for alarm in known.values() if alarm.gone_at is None]
        for alarm in gone:
            alarm.gone_at = now
        AlarmState.objects.bulk_create(fresh)
        fields = ["kind", "state", "previous_state", "reason", "changed_at", "gone_at"]
        AlarmState.objects.bulk_update([*changed, *gone], fields)
        _tell(row, scope, findings, news, now)
        row.data_until = now
        if findings.is_history_read:
            row.cursor_at = now
        return set(self.tiles) if fresh or changed or gone or news else set()


def _mine(row: PollTarget, scope: Scope):
    return AlarmState.objects.filter(
        engagement=scope.engagement, account_id=row.account_id, region=row.region
    )


def _moved(alarm: cloudwatch.Alarm, question: Question) -> bool:
    """Has it changed since it was last looked at, or so lately that the history may not have told it yet?"""
    is_young = alarm.changed_at is not None and alarm.changed_at >= question.since
    return is_young or question.known.get(alarm.name) != (alarm.state, alarm.changed_at)


def _change(entry: cloudwatch.AlarmChange) -> Change | None:
    """One entry of the history in parts; None for one without a new state."""
    try:
        data = json.loads(entry.data)
        new, old = data.get("newState") or {}, data.get("oldState") or {}
        state, before, reason = new.get("stateValue"), old.get("stateValue"), new.get("stateReason")
    except (ValueError, AttributeError):
        return None
    if not isinstance(state, str) or not state:
        return None
    return Change(entry.name, entry.kind, entry.at, str(before or "")[:20], state[:20], str(reason or ""))


def _untold(row: PollTarget, scope: Scope, findings: Findings, known: dict) -> list[Change]:
    """Changes that nobody has written down yet, oldest first: those of the history, and the present ones that it
    does not tell yet."""
    now_changes = [
        Change(
            one.name,
            one.kind,
            one.changed_at,
            getattr(known.get(one.name), "state", ""),
            one.state,
            one.reason,
        )
        for one in findings.alarms
        if one.changed_at and _is_change(one, known.get(one.name))
    ]
    everything = [*findings.changes, *now_changes]
    if not everything:
        return []
    first = min(change.at for change in everything) - SAME
    written = AlarmChange.objects.filter(
        engagement=scope.engagement, account_id=row.account_id, region=row.region, at__gte=first
    )
    told = [(one.name, one.state, one.at) for one in written]
    news = []
    for change in everything:
        if not any(_is_same(change, one) for one in told):
            news.append(change)
            told.append((change.name, change.state, change.at))
    return sorted(news, key=lambda change: change.at)


def _is_change(finding: Finding, alarm: AlarmState | None) -> bool:
    if alarm is None:
        return finding.state == AlarmState.State.ALARM
    return alarm.state != finding.state


def _is_same(change: Change, told: tuple[str, str, datetime]) -> bool:
    return (change.name, change.state) == told[:2] and abs(change.at - told[2]) <= SAME


def _remember(news: list[Change], alarms: list[AlarmState]) -> None:
    """The state before the present one, also when it came and went between two reads."""
    last = {change.name: change for change in news}
    for alarm in alarms:
        change = last.get(alarm.name)
        if change is not None and change.state == alarm.state:
            alarm.previous_state = change.old_state or alarm.previous_state


def _tell(row: PollTarget, scope: Scope, findings: Findings, news: list[Change], now: datetime) -> None:
    """Keep the changes; on the timeline goes what is news. At first sight only what is in alarm now is."""
    AlarmChange.objects.bulk_create(
        [
            AlarmChange(
                engagement=scope.engagement,
                account_id=row.account_id,
                region=row.region,
                name=change.name,
                kind=change.kind,
                at=change.at,
                old_state=change.old_state,
                state=change.state,
                reason=change.reason,
                seen_at=now,
            )
            for change in news
        ],
        ignore_conflicts=True,
    )
    if findings.is_first:
        told = [(one, one.changed_at) for one in findings.alarms if one.state == AlarmState.State.ALARM]
    else:
        told = [(change, change.at) for change in news]
    if told:
        quiet = muting.quiet_now(scope.engagement)
        place = {"account_id": row.account_id, "region": row.region}
        entries = [_entry(scope, one, at, now, quiet_of(quiet, name=one.name, **place)) for one, at in told]
        timeline.record_many(entries)


def _new(row: PollTarget, scope: Scope, finding: Finding) -> AlarmState:
    alarm = AlarmState(
        engagement=scope.engagement, account_id=row.account_id, region=row.region, name=finding.name
    )
    _copy(alarm, finding)
    return alarm


def _copy(alarm: AlarmState, finding: Finding) -> None:
    alarm.kind, alarm.state, alarm.reason = finding.kind, finding.state, finding.reason
    alarm.changed_at, alarm.gone_at = finding.changed_at, None


def _differs(alarm: AlarmState, finding: Finding) -> bool:
    """A new reason alone is no change worth a push: CloudWatch rewrites it with every evaluation."""
    before = (alarm.state, alarm.changed_at, alarm.kind, alarm.gone_at)
    return before != (finding.state, finding.changed_at, finding.kind, None)


def _entry(scope: Scope, one: Finding | Change, at: datetime | None, now: datetime, quiet: Quiet | None):
    """The line; of an alarm that a running step was expected to set off it names the step and who said so."""
    phrase, params = PHRASES.get(one.state, "alarm.silent"), {"name": one.name}
    if one.state == AlarmState.State.ALARM and is_quiet(quiet, changed_at=at):
        phrase, params = "alarm.expected", params | {"code": quiet.step_code, "by": quiet.by_name}
    return timeline.draft(
        scope.engagement,
        phrase,
        by=SYSTEM_POLLER,
        now=now,
        at=min(at or now, now),
        kind="aws",
        params=params,
        text=one.reason,
        subject_type="alarm",
    )
