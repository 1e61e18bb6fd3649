"""CloudWatch alarms with how they judge, and how often each fired in a fortnight, for the alarm matrix."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from iem_portal.aws import cloudwatch
from iem_portal.aws.cloudwatch import Alarm, AlarmChange
from iem_portal.aws.errors import AwsError
from iem_portal.aws.targets import Target
from workbook.prefill.proposals import Place, Proposal, decimal_text
from workbook.prefill.scope import Scope

NOISE = timedelta(days=14)
SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
#: Alarms that Auto Scaling makes for itself: nobody answers them.
OWN_OF_AWS = ("TargetTracking-",)
MAX_RULE = 300


@dataclass(frozen=True)
class Answer:
    """The alarms, and how often each went into ALARM."""

    alarms: list[Alarm]
    fired: Counter[str] = field(default_factory=Counter)
    problem: AwsError | None = None

    @property
    def found(self) -> int:
        """How many things AWS named."""
        return len(self.alarms)


class Alarms:
    """One part for each account and Region."""

    key = "alarms"
    field = "al_ref"
    label = _("Alarms")
    actions = ("cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory")

    def places(self, scope: Scope) -> list[Place]:
        """Every account in every Region of the event."""
        return [
            Place(account, region, "cloudwatch") for account in scope.accounts for region in scope.regions
        ]

    def read(self, target: Target, place: Place, scope: Scope, now: datetime) -> Answer:
        """The alarms now, and their changes of a fortnight."""
        found = [alarm for alarm in cloudwatch.read_alarms(target) if not alarm.name.startswith(OWN_OF_AWS)]
        try:
            changes = cloudwatch.read_alarm_history(target, now - NOISE)
        except AwsError as error:
            return Answer(found, problem=error)
        return Answer(found, fired(changes))

    def propose(self, answer: Answer, place: Place, scope: Scope) -> list[Proposal]:
        """The noise of alarms in the matrix, and a row for each that is not in it."""
        known = {row.values.get("al_ref"): row for row in scope.known("al_ref")}
        return [
            _proposal(alarm, known.get(alarm.name) or known.get(alarm.arn), answer) for alarm in answer.alarms
        ]


def fired(changes: list[AlarmChange]) -> Counter[str]:
    """How often each alarm went into ALARM."""
    return Counter(change.name for change in changes if change.summary.rstrip().endswith("to ALARM"))


def _proposal(alarm: Alarm, row, answer: Answer) -> Proposal:
    facts = {} if answer.problem else {"al_noise": str(answer.fired[alarm.name])}
    gaps = {"al_type": alarm.kind, "al_rule": rule(alarm)}
    if row is None:
        gaps |= {"al_ref": alarm.name}
    return Proposal(row.pk if row else None, facts, gaps, identity=f"alarm/{alarm.arn}")


def rule(alarm: Alarm) -> str:
    """When it fires, in the matrix's own way of writing it: "CPUUtilization > 85, 5 of 5, 60 s, missing: breaching"."""
    if alarm.rule:
        return alarm.rule[:MAX_RULE]
    if not alarm.metric or alarm.threshold is None:
        return ""
    stat = "" if alarm.stat in {"", "Average", "Sum", "Maximum", "Minimum"} else f" {alarm.stat}"
    text = f"{alarm.metric}{stat} {SIGNS.get(alarm.comparison, alarm.comparison)} {decimal_text(alarm.threshold)}"
    if alarm.evaluation_periods:
        text += f", {alarm.datapoints_to_alarm or alarm.evaluation_periods} of {alarm.evaluation_periods}"
    text += f", {alarm.period_s} s" if alarm.period_s else ""
    text += f", missing: {alarm.missing}" if alarm.missing else ""
    return text[:MAX_RULE]
