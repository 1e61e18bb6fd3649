"""AWS Health, the account's view: events that appear, change and close on the clock, their texts and entities."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from ..operations import ApiError, Call, operation, page, refuse
from ..scenario import HealthSpec

TOKEN = {"token_key": "nextToken", "bad_token": "InvalidPaginationToken"}
NOT_SIMULATED = ("tags", "entityArns", "entityValues", "availabilityZones", "personas", "actionabilities")
MOMENT = re.compile(r"\{t([+-]\d+)\}")
BY_LIST = {
    "eventArns": "arn",
    "eventTypeCodes": "eventTypeCode",
    "services": "service",
    "regions": "region",
    "eventTypeCategories": "eventTypeCategory",
    "eventStatusCodes": "statusCode",
}
BY_TIME = {"startTimes": "startTime", "endTimes": "endTime", "lastUpdatedTimes": "lastUpdatedTime"}


@operation("health", "DescribeEvents")
def describe_events(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    allow(call)
    events = _matching(call, request.get("filter", {}))
    shown, token = page(request, events, size=request.get("maxResults", 100), **TOKEN)
    return {"events": shown, **token}


@operation("health", "DescribeEventAggregates")
def describe_event_aggregates(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    allow(call)
    counts: dict[str, int] = {}
    for event in _matching(call, request.get("filter", {})):
        counts[event["eventTypeCategory"]] = counts.get(event["eventTypeCategory"], 0) + 1
    return {"eventAggregates": [{"aggregateValue": k, "count": n} for k, n in sorted(counts.items())]}


@operation("health", "DescribeEventDetails")
def describe_event_details(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    allow(call)
    found = {spec.arn: spec for spec in _visible(call)}
    good, bad = [], []
    for arn in request["eventArns"]:
        if arn in found:
            text = {"latestDescription": description(call, found[arn])}
            good.append({"event": as_event(call, found[arn]), "eventDescription": text})
        else:
            bad.append({"eventArn": arn, "errorName": "InvalidEventArn", "errorMessage": "No such event."})
    return {"successfulSet": good, "failedSet": bad}


@operation("health", "DescribeAffectedEntities")
def describe_affected_entities(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    allow(call)
    wanted = request["filter"]
    for name in ("entityArns", "entityValues", "tags", "lastUpdatedTimes"):
        if wanted.get(name):
            raise refuse(f"DescribeAffectedEntities filtered by {name}")
    entities = [
        entity
        for spec in _visible(call)
        if spec.arn in wanted["eventArns"]
        for entity in entities_of(call, spec, call.account)
        if entity["statusCode"] in wanted.get("statusCodes", [entity["statusCode"]])
    ]
    shown, token = page(request, entities, size=request.get("maxResults", 100), **TOKEN)
    return {"entities": shown, **token}


@operation("health", "DescribeEntityAggregates")
def describe_entity_aggregates(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    allow(call)
    found = {spec.arn: spec for spec in _visible(call)}
    answer = []
    for arn in request.get("eventArns", list(found)):
        entities = entities_of(call, found[arn], call.account) if arn in found else []
        statuses: dict[str, int] = {}
        for entity in entities:
            statuses[entity["statusCode"]] = statuses.get(entity["statusCode"], 0) + 1
        answer.append({"eventArn": arn, "count": len(entities), "statuses": statuses})
    return {"entityAggregates": answer}


def allow(call: Call) -> None:
    """The Health API needs a support plan that includes it, and is served from us-east-1."""
    account = call.world.account(call.account)
    if account is None or account.plan == "basic":
        raise ApiError(
            "SubscriptionRequiredException", "This account has no plan that includes the Health API."
        )
    if call.region != "us-east-1":
        raise refuse(f"the Health API in {call.region}; ask us-east-1")


def _visible(call: Call) -> list[HealthSpec]:
    """Published by now, and about everyone or about this account."""
    return [
        spec
        for spec in call.world.scenario.health
        if entries(call, spec) and (spec.scope == "PUBLIC" or call.account in spec.accounts)
    ]


def entries(call: Call, spec: HealthSpec) -> list[dict[str, Any]]:
    """What AWS has published by now."""
    return [entry for entry in spec.timeline if call.epoch(entry["at_min"]) <= call.now]


def description(call: Call, spec: HealthSpec) -> str:
    """Everything AWS has said about it so far."""
    return "\n\n".join(_text(call, entry) for entry in entries(call, spec))


def _text(call: Call, entry: dict[str, Any]) -> str:
    """One dated paragraph; `{t+12}` in it stands for the time of scenario minute 12."""

    def clock_time(minute: float) -> str:
        return datetime.fromtimestamp(call.epoch(minute), UTC).strftime("%H:%M UTC")

    text = MOMENT.sub(lambda match: clock_time(float(match[1])), entry["text"])
    return f"[{clock_time(entry['at_min'])}] {text}"


def as_event(call: Call, spec: HealthSpec) -> dict[str, Any]:
    """The event as the API gives it."""
    last = entries(call, spec)[-1]
    event = {
        "arn": spec.arn,
        "service": spec.service,
        "eventTypeCode": spec.type_code,
        "eventTypeCategory": spec.category,
        "region": spec.region,
        "startTime": call.epoch(spec.start_min),
        "lastUpdatedTime": call.epoch(last["at_min"]),
        "statusCode": last["status"],
        "eventScopeCode": spec.scope,
    }
    end = last.get("end_min", spec.end_min)
    if end is not None:
        event["endTime"] = call.epoch(end)
    if spec.actionability:
        event["actionability"] = spec.actionability
    return event


def entities_of(call: Call, spec: HealthSpec, account: str) -> list[dict[str, Any]]:
    """What of this account the event touches, as it stands now."""
    answer = []
    for index, entity in enumerate(spec.entities):
        past = [state for state in entity["states"] if call.epoch(state[0]) <= call.now]
        if entity["account"] != account or not past:
            continue
        minute, status = past[-1]
        answer.append(
            {
                "entityArn": f"arn:aws:health:{spec.region}:{account}:entity/{spec.id}-{index}",
                "eventArn": spec.arn,
                "entityValue": entity["value"],
                "awsAccountId": account,
                "lastUpdatedTime": call.epoch(minute),
                "statusCode": status,
            }
        )
    return answer


def _matching(call: Call, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Events that pass the filter, newest update first."""
    for name in NOT_SIMULATED:
        if wanted.get(name):
            raise refuse(f"Health events filtered by {name}")
    events = [as_event(call, spec) for spec in _visible(call)]
    for name, member in BY_LIST.items():
        if wanted.get(name):
            events = [event for event in events if event[member] in wanted[name]]
    for name, member in BY_TIME.items():
        if wanted.get(name):
            events = [event for event in events if _in_any(event.get(member), wanted[name])]
    return sorted(events, key=lambda event: (-event["lastUpdatedTime"], event["arn"]))


def _in_any(at: float | None, ranges: list[dict[str, float]]) -> bool:
    return at is not None and any(one.get("from", 0) <= at <= one.get("to", float("inf")) for one in ranges)
