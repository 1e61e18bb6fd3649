"""AWS Health, the organisation's view: what the management account sees of all its accounts."""

from __future__ import annotations

from typing import Any

from ..operations import ApiError, Call, operation, page, refuse
from ..scenario import HealthSpec
from .health import BY_LIST, TOKEN, allow, as_event, description, entities_of, entries

RANGES = {"startTime": "startTime", "endTime": "endTime", "lastUpdatedTime": "lastUpdatedTime"}
NOT_SIMULATED = ("tags", "entityArns", "entityValues", "personas", "actionabilities")


@operation("health", "DescribeEventsForOrganization")
def describe_events(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    wanted = request.get("filter", {})
    for name in NOT_SIMULATED:
        if wanted.get(name):
            raise refuse(f"Health events of the organization filtered by {name}")
    events = []
    for spec in _visible(call, wanted.get("awsAccountIds")):
        event = as_event(call, spec)
        by_list = all(event[key] in wanted[name] for name, key in BY_LIST.items() if wanted.get(name))
        if by_list and all(_inside(event.get(key), wanted.get(name)) for name, key in RANGES.items()):
            events.append(event)
    events.sort(key=lambda event: (-event["lastUpdatedTime"], event["arn"]))
    shown, token = page(request, events, size=request.get("maxResults", 100), **TOKEN)
    return {"events": shown, **token}


@operation("health", "DescribeAffectedAccountsForOrganization")
def describe_affected_accounts(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    spec = _known(call).get(request.get("eventArn", ""))
    accounts = sorted(set(spec.accounts) & _members(call)) if spec and spec.scope != "PUBLIC" else []
    shown, token = page(request, accounts, size=request.get("maxResults", 100), **TOKEN)
    scope = {"eventScopeCode": spec.scope} if spec else {}
    return {"affectedAccounts": shown, **scope, **token}


@operation("health", "DescribeEventDetailsForOrganization")
def describe_event_details(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    good, bad = [], []
    for wanted in request["organizationEventDetailFilters"]:
        arn, account = wanted["eventArn"], wanted.get("awsAccountId", "")
        spec = _known(call).get(arn)
        named = {"awsAccountId": account} if account else {}
        # A public event is asked for without an account, an account's event with it.
        if spec is None or (spec.scope == "PUBLIC") == bool(account) or not _concerns(spec, account):
            failed = {"eventArn": arn, "errorName": "InvalidEventArn", "errorMessage": "No such event."}
            bad.append({**failed, **named})
            continue
        text = {"latestDescription": description(call, spec)}
        good.append({**named, "event": as_event(call, spec), "eventDescription": text})
    return {"successfulSet": good, "failedSet": bad}


@operation("health", "DescribeAffectedEntitiesForOrganization")
def describe_affected_entities(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    filters = request.get("organizationEntityFilters") or request.get("organizationEntityAccountFilters", [])
    entities, bad = [], []
    for wanted in filters:
        spec, account = _known(call).get(wanted["eventArn"]), wanted.get("awsAccountId", "")
        if spec is None or not _concerns(spec, account):
            failed = {"errorName": "InvalidEventArn", "errorMessage": "No such event."}
            bad.append({"eventArn": wanted["eventArn"], **failed})
        else:
            entities += entities_of(call, spec, account)
    shown, token = page(request, entities, size=request.get("maxResults", 100), **TOKEN)
    return {"entities": shown, "failedSet": bad, **token}


def _members(call: Call) -> set[str]:
    """The accounts of the organisation; only its management account may ask."""
    allow(call)
    account = call.world.account(call.account)
    if account is None or not account.manages:
        raise ApiError(
            "AccessDeniedException", "This account may not see the Health of an organization.", 403
        )
    return {call.account, *account.manages}


def _visible(call: Call, wanted: list[str] | None = None) -> list[HealthSpec]:
    members = _members(call) & set(wanted or _members(call))
    return [
        spec
        for spec in call.world.scenario.health
        if entries(call, spec) and (spec.scope == "PUBLIC" or members & set(spec.accounts))
    ]


def _known(call: Call) -> dict[str, HealthSpec]:
    return {spec.arn: spec for spec in _visible(call)}


def _concerns(spec: HealthSpec, account: str) -> bool:
    return spec.scope == "PUBLIC" or account in spec.accounts


def _inside(at: float | None, span: dict[str, float] | None) -> bool:
    if not span:
        return True
    return at is not None and span.get("from", 0) <= at <= span.get("to", float("inf"))
