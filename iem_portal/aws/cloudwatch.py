"""What do a customer's CloudWatch alarms say, what happened to them, and which metrics are there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import deadline
from .calling import pages, utc
from .metrics import FORBIDDEN, MetricRead, MetricSpec, read_metrics
from .targets import Target

__all__ = [
    "FORBIDDEN",
    "Alarm",
    "AlarmChange",
    "MetricRead",
    "MetricSpec",
    "list_metrics",
    "read_alarm_history",
    "read_alarms",
    "read_metrics",
]

ALARM_TYPES = ["MetricAlarm", "CompositeAlarm", "LogAlarm"]  # without them only metric alarms are answered
ALARM_LISTS = ("MetricAlarms", "CompositeAlarms", "LogAlarms")
MAX_RECORDS = 100


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it stands now. `changed_at` is the real change of state, `updated_at` any refresh (both UTC)."""

    name: str
    arn: str
    kind: str  # metric, composite, log
    state: str  # OK, ALARM, INSUFFICIENT_DATA
    reason: str
    changed_at: datetime | None
    updated_at: datetime | None
    description: str = ""
    namespace: str = ""
    metric: str = ""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    stat: str = ""
    period_s: int | None = None
    comparison: str = ""
    threshold: float | None = None
    rule: str = ""
    has_actions: bool = True
    evaluation: str = ""  # PARTIAL_DATA, EVALUATION_FAILURE, EVALUATION_ERROR
    suppressed_by: str = ""
    evaluation_periods: int | None = None
    datapoints_to_alarm: int | None = None
    missing: str = ""  # how missing data counts


@dataclass(frozen=True, slots=True)
class AlarmChange:
    """One entry of an alarm's history."""

    name: str
    kind: str
    at: datetime
    summary: str
    data: str  # JSON text, as AWS gives it


def read_alarms(target: Target, *, deadline_s: float = deadline.TARGET_DEADLINE_S) -> list[Alarm]:
    """Every alarm of the account and Region, by name. All of them or AwsError: a missing page would look like
    alarms that are gone."""

    def read() -> list[Alarm]:
        found: list[Alarm] = []
        for answer in pages(
            target,
            "cloudwatch",
            "DescribeAlarms",
            needs=ALARM_LISTS,
            AlarmTypes=ALARM_TYPES,
            MaxRecords=MAX_RECORDS,
        ):
            for name in ALARM_LISTS:
                found += [_alarm(name, row) for row in answer.get(name, [])]
        return sorted(found, key=lambda alarm: alarm.name)

    return deadline.run_within(deadline_s, read)


def _alarm(list_name: str, row: dict[str, Any]) -> Alarm:
    updated_at = utc(row.get("StateUpdatedTimestamp"))
    return Alarm(
        name=row["AlarmName"],
        arn=row.get("AlarmArn", ""),
        kind=list_name.removesuffix("Alarms").lower(),
        state=row["StateValue"],
        reason=row.get("StateReason", ""),
        changed_at=utc(row.get("StateTransitionedTimestamp")) or updated_at,
        updated_at=updated_at,
        description=row.get("AlarmDescription", ""),
        namespace=row.get("Namespace", ""),
        metric=row.get("MetricName", ""),
        dimensions={pair["Name"]: pair["Value"] for pair in row.get("Dimensions", [])},
        stat=row.get("Statistic") or row.get("ExtendedStatistic", ""),
        period_s=row.get("Period"),
        comparison=row.get("ComparisonOperator", ""),
        threshold=row.get("Threshold"),
        rule=row.get("AlarmRule", ""),
        has_actions=row.get("ActionsEnabled", True),
        evaluation=row.get("EvaluationState", ""),
        suppressed_by=row.get("ActionsSuppressedBy", ""),
        evaluation_periods=row.get("EvaluationPeriods"),
        datapoints_to_alarm=row.get("DatapointsToAlarm"),
        missing=row.get("TreatMissingData", ""),
    )


def read_alarm_history(
    target: Target, since: datetime, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[AlarmChange]:
    """Changes of state since `since` (aware), oldest first: what happened between two reads of the alarms."""

    def read() -> list[AlarmChange]:
        found: list[AlarmChange] = []
        for answer in pages(
            target,
            "cloudwatch",
            "DescribeAlarmHistory",
            needs=("AlarmHistoryItems",),
            AlarmTypes=ALARM_TYPES,
            HistoryItemType="StateUpdate",
            StartDate=since,
            MaxRecords=MAX_RECORDS,
            ScanBy="TimestampAscending",
        ):
            for row in answer["AlarmHistoryItems"]:
                kind = row.get("AlarmType", "MetricAlarm").removesuffix("Alarm").lower()
                summary, data = row.get("HistorySummary", ""), row.get("HistoryData", "")
                found.append(AlarmChange(row["AlarmName"], kind, utc(row["Timestamp"]), summary, data))
        return found

    return deadline.run_within(deadline_s, read)


def list_metrics(
    target: Target, *, namespace: str = "", metric: str = "", deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[tuple[str, str, dict[str, str]]]:
    """(namespace, metric, dimensions) of the metrics that exist, for a picker. Costs a request per 500 metrics, and
    new metrics take up to 15 minutes to show: never part of a poll."""
    wanted = {key: value for key, value in (("Namespace", namespace), ("MetricName", metric)) if value}

    def read() -> list[tuple[str, str, dict[str, str]]]:
        return [
            (
                row["Namespace"],
                row["MetricName"],
                {pair["Name"]: pair["Value"] for pair in row.get("Dimensions", [])},
            )
            for answer in pages(target, "cloudwatch", "ListMetrics", needs=("Metrics",), **wanted)
            for row in answer["Metrics"]
        ]

    return deadline.run_within(deadline_s, read)
