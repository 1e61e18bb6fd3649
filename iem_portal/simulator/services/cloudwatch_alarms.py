"""CloudWatch, reading alarms: DescribeAlarms with composite alarms, and DescribeAlarmHistory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from ..alarms import Transition
from ..operations import ApiError, Call, operation, page, refuse
from ..scenario import AlarmSpec

TYPES = ("CompositeAlarm", "MetricAlarm", "LogAlarm")
NOT_SIMULATED = ("ChildrenOfAlarmName", "ParentsOfAlarmName", "ActionPrefix")
CREATED_DAYS_BEFORE = 20


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    for name in NOT_SIMULATED:
        if request.get(name):
            raise refuse(f"DescribeAlarms with {name}")
    if request.get("AlarmNames") and request.get("AlarmNamePrefix"):
        raise ApiError("ValidationError", "AlarmNames and AlarmNamePrefix exclude each other.")
    types = _types(request, default=("MetricAlarm",))
    found = []
    for spec in call.world.alarms.of(call.account, call.region):
        if _type(spec) in types and _is_named(spec, request):
            changes = call.world.alarms.transitions(spec, t0=call.t0, now=call.now)
            state = changes[-1].new if changes else "INSUFFICIENT_DATA"
            if request.get("StateValue", state) == state:
                found.append((spec, changes))
    shown, token = page(request, found, size=request.get("MaxRecords", 50))
    answer: dict[str, Any] = {"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": []}
    for spec, changes in shown:
        answer[f"{_type(spec)}s"].append(_alarm(call, spec, changes))
    return {**answer, **token}


def _types(request: dict[str, Any], default: tuple[str, ...]) -> tuple[str, ...]:
    types = tuple(request.get("AlarmTypes") or default)
    for one in types:
        if one not in TYPES:
            raise ApiError("ValidationError", f"{one!r} is not an alarm type.")
    return types


def _type(spec: AlarmSpec) -> str:
    if spec.is_composite:
        return "CompositeAlarm"
    return "LogAlarm" if spec.is_log else "MetricAlarm"


def _is_named(spec: AlarmSpec, request: dict[str, Any]) -> bool:
    names = request.get("AlarmNames")
    return (not names or spec.name in names) and spec.name.startswith(request.get("AlarmNamePrefix", ""))


def _alarm(call: Call, spec: AlarmSpec, changes: list[Transition]) -> dict[str, Any]:
    last = changes[-1] if changes else None
    changed = int(call.epoch(last.minute if last else spec.from_min))
    common = {
        "AlarmName": spec.name,
        "AlarmArn": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{spec.name}",
        "AlarmDescription": spec.description,
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [],
        "InsufficientDataActions": [],
        "StateValue": last.new if last else "INSUFFICIENT_DATA",
        "StateReason": last.reason[:1023] if last else "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": changed,
        "StateTransitionedTimestamp": changed,
        "AlarmConfigurationUpdatedTimestamp": call.t0 - CREATED_DAYS_BEFORE * 86_400,
    }
    if spec.is_composite:
        return {**common, "AlarmRule": spec.rule}
    own = {
        **common,
        "StateReasonData": _reason_data(call, spec, last),
        "Threshold": spec.threshold,
        "ComparisonOperator": spec.comparison,
        "TreatMissingData": spec.missing,
    }
    return {**own, **(_of_log(spec) if spec.is_log else _of_metric(spec))}


def _of_log(spec: AlarmSpec) -> dict[str, Any]:
    """What only a log alarm has: so many results of its query."""
    return {
        "QueryResultsToEvaluate": spec.evaluation_periods,
        "QueryResultsToAlarm": spec.datapoints_to_alarm,
    }


def _of_metric(spec: AlarmSpec) -> dict[str, Any]:
    """What only a metric alarm has."""
    statistic = "ExtendedStatistic" if spec.stat.startswith("p") else "Statistic"
    return {
        "Namespace": spec.namespace,
        "MetricName": spec.metric,
        "Dimensions": [{"Name": k, "Value": v} for k, v in sorted(spec.dimensions.items())],
        statistic: spec.stat,
        "Period": spec.period_s,
        "EvaluationPeriods": spec.evaluation_periods,
        "DatapointsToAlarm": spec.datapoints_to_alarm,
    }


def _reason_data(call: Call, spec: AlarmSpec, change: Transition | None) -> str:
    if change is None:
        return "{}"
    at = datetime.fromtimestamp(call.epoch(change.minute), UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return json.dumps(
        {
            "version": "1.0",
            "queryDate": at,
            "statistic": spec.stat,
            "period": spec.period_s,
            "recentDatapoints": [round(value, 6) for value in change.datapoints],
            "threshold": spec.threshold,
        }
    )


@operation("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    if request.get("AlarmContributorId"):
        raise refuse("DescribeAlarmHistory of one contributor")
    types = _types(request, default=("MetricAlarm",))
    items = []
    if request.get("HistoryItemType", "StateUpdate") == "StateUpdate":
        for spec in call.world.alarms.of(call.account, call.region):
            if _type(spec) in types and request.get("AlarmName", spec.name) == spec.name:
                items += _history(call, spec)
    begin, end = request.get("StartDate", 0), request.get("EndDate", float("inf"))
    items = [item for item in items if begin <= item["Timestamp"] <= end]
    is_ascending = request.get("ScanBy") == "TimestampAscending"
    items.sort(key=lambda item: (item["Timestamp"], item["AlarmName"]), reverse=not is_ascending)
    shown, token = page(request, items, size=request.get("MaxRecords", 100))
    return {"AlarmHistoryItems": shown, **token}


def _history(call: Call, spec: AlarmSpec) -> list[dict[str, Any]]:
    return [
        {
            "AlarmName": spec.name,
            "AlarmType": _type(spec),
            "Timestamp": int(call.epoch(change.minute)),
            "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {change.old} to {change.new}",
            "HistoryData": json.dumps(
                {
                    "version": "1.0",
                    "oldState": {"stateValue": change.old},
                    "newState": {"stateValue": change.new, "stateReason": change.reason[:2000]},
                }
            ),
        }
        for change in call.world.alarms.transitions(spec, t0=call.t0, now=call.now)
    ]
