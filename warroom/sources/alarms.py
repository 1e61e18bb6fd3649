"""CloudWatch alarms: the fast path, every 15 seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import cloudwatch
from iem_portal.registry import sources
from warroom.models import AlarmState, PollTarget
from warroom.scope import Scope

PHRASES = {"ALARM": "alarm.raised", "OK": "alarm.cleared", "INSUFFICIENT_DATA": "alarm.silent"}


@dataclass(frozen=True)
class Finding:
    """One alarm as AWS has it now."""

    name: str
    kind: str
    state: str
    reason: str
    changed_at: datetime | None


@sources.register
class Alarms:
    """DescribeAlarms with all alarm types, in every account and Region of the engagement."""

    key = "alarms"
    order = 20
    label = _("Alarms")
    interval_s = 15
    iam_actions = ("cloudwatch:DescribeAlarms",)
    tiles = ("alarms",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """Every account in each of its Regions."""
        return [(account, region) for account in scope.account_ids for region in scope.regions_of(account)]

    def next_at(self, row: PollTarget, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=self.interval_s)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> None:
        """Nothing: all alarms are asked for."""

    def read(self, target, question: None) -> list[cloudwatch.Alarm]:
        """Every alarm of the account and Region, or AwsError."""
        return cloudwatch.read_alarms(target)

    def parse(self, answer: list[cloudwatch.Alarm], question: None, now: datetime) -> list[Finding]:
        """What the board needs of each alarm."""
        return [Finding(a.name, a.kind, a.state, a.reason, a.changed_at) for a in answer]

    def store(self, row: PollTarget, scope: Scope, findings: list[Finding], now: datetime) -> set[str]:
        """Write what changed, and put changes of state on the timeline at the time AWS gives them."""
        mine = AlarmState.objects.filter(
            engagement=scope.engagement, account_id=row.account_id, region=row.region
        )
        known = {alarm.name: alarm for alarm in mine}
        fresh, changed, entries = [], [], []
        for finding in findings:
            alarm = known.pop(finding.name, None)
            if alarm is None:
                fresh.append(_new(row, scope, finding))
                if finding.state == AlarmState.State.ALARM:
                    entries.append(_entry(scope, finding, now))
            elif _differs(alarm, finding):
                if alarm.state != finding.state:
                    alarm.previous_state = alarm.state
                    entries.append(_entry(scope, finding, now))
                _copy(alarm, finding)
                changed.append(alarm)
        gone = [alarm for alarm in known.values() if alarm.gone_at is None]
        for alarm in gone:
            alarm.gone_at = now
        AlarmState.objects.bulk_create(fresh)
        fields = ["kind", "state", "previous_state", "reason", "changed_at", "gone_at"]
        AlarmState.objects.bulk_update([*changed, *gone], fields)
        if entries:
            timeline.record_many(entries)
        row.data_until = now
        return set(self.tiles) if fresh or changed or gone else set()


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


def _entry(scope: Scope, finding: Finding, now: datetime):
    return timeline.draft(
        scope.engagement,
        PHRASES.get(finding.state, "alarm.silent"),
        by=SYSTEM_POLLER,
        now=now,
        at=min(finding.changed_at or now, now),
        kind="aws",
        params={"name": finding.name},
        text=finding.reason,
        subject_type="alarm",
    )
