"""Service Quotas: defaults, applied values per account and Region, and requests that move on the clock."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..operations import ApiError, Call, operation, page
from ..scenario import QuotaSpec

TOKEN = {"bad_token": "InvalidPaginationTokenException"}
OPEN = ("PENDING", "CASE_OPENED")


@operation("service-quotas", "ListServices")
def list_services(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    names = {quota.service: quota.service_name for quota in call.world.scenario.quotas}
    services = [{"ServiceCode": code, "ServiceName": name} for code, name in sorted(names.items())]
    shown, token = page(request, services, size=request.get("MaxResults", 100), **TOKEN)
    return {"Services": shown, **token}


@operation("service-quotas", "ListServiceQuotas")
def list_service_quotas(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Applied values only: a quota that has nothing but its default is not in this list."""
    specs = [quota for quota in _of_service(call, request) if _applied(call, quota) is not None]
    if request.get("QuotaCode"):
        specs = [quota for quota in specs if quota.code == request["QuotaCode"]]
    shown, token = page(request, specs, size=request.get("MaxResults", 100), **TOKEN)
    return {"Quotas": [_quota(call, quota, _applied(call, quota)) for quota in shown], **token}


@operation("service-quotas", "ListAWSDefaultServiceQuotas")
def list_default_quotas(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    shown, token = page(request, _of_service(call, request), size=request.get("MaxResults", 100), **TOKEN)
    return {"Quotas": [_quota(call, quota, quota.default) for quota in shown], **token}


@operation("service-quotas", "GetServiceQuota")
def get_service_quota(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    quota = _one(call, request)
    if _applied(call, quota) is None:
        raise ApiError("NoSuchResourceException", f"{quota.code} has no applied value; ask for the default.")
    return {"Quota": _quota(call, quota, _applied(call, quota))}


@operation("service-quotas", "GetAWSDefaultServiceQuota")
def get_default_quota(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    quota = _one(call, request)
    return {"Quota": _quota(call, quota, quota.default)}


@operation("service-quotas", "RequestServiceQuotaIncrease")
def request_increase(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    quota = _one(call, request)
    if not quota.is_adjustable:
        raise ApiError("IllegalArgumentException", f"{quota.name} is not adjustable.")
    if request["DesiredValue"] <= (_applied(call, quota) or quota.default):
        raise ApiError(
            "IllegalArgumentException", "The desired value must be greater than the value in force."
        )
    with call.world.lock:
        mine = [one for one in _requests(call) if one["QuotaCode"] == quota.code and one["Status"] in OPEN]
        if mine:
            raise ApiError("ResourceAlreadyExistsException", f"A request for {quota.code} is open.")
        written = {
            "account": call.account,
            "region": call.region,
            "quota": quota,
            "value": request["DesiredValue"],
            "at": call.now,
            "number": len(call.world.quota_requests),
        }
        call.world.quota_requests.append(written)
    return {"RequestedQuota": _change(call, written)}


@operation("service-quotas", "GetRequestedServiceQuotaChange")
def get_requested_change(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    for one in _requests(call):
        if one["Id"] == request["RequestId"]:
            return {"RequestedQuota": one}
    raise ApiError("NoSuchResourceException", f"No request with the id {request['RequestId']}.")


@operation("service-quotas", "ListRequestedServiceQuotaChangeHistory")
def list_requested_changes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    return _history(call, request)


@operation("service-quotas", "ListRequestedServiceQuotaChangeHistoryByQuota")
def list_requested_changes_by_quota(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    return _history(call, request)


def _history(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    found = [
        one
        for one in _requests(call)
        if request.get("ServiceCode", one["ServiceCode"]) == one["ServiceCode"]
        and request.get("QuotaCode", one["QuotaCode"]) == one["QuotaCode"]
        and request.get("Status", one["Status"]) == one["Status"]
    ]
    shown, token = page(request, found, size=request.get("MaxResults", 100), **TOKEN)
    return {"RequestedQuotas": shown, **token}


def _of_service(call: Call, request: dict[str, Any]) -> list[QuotaSpec]:
    found = [quota for quota in call.world.scenario.quotas if quota.service == request["ServiceCode"]]
    if not found:
        raise ApiError("NoSuchResourceException", f"The service {request['ServiceCode']} is not known.")
    return found


def _one(call: Call, request: dict[str, Any]) -> QuotaSpec:
    for quota in _of_service(call, request):
        if quota.code == request["QuotaCode"]:
            return quota
    raise ApiError("NoSuchResourceException", f"The quota {request['QuotaCode']} is not known.")


def _applied(call: Call, quota: QuotaSpec) -> float | None:
    """The value in force: an approved request, else the scenario's, else none (only the default holds).

    A request whose case was closed may have raised the value too: AWS does not say so in its status.
    """
    for written in reversed(list(call.world.quota_requests)):
        mine = (written["account"], written["region"]) == (call.account, call.region)
        if mine and written["quota"].code == quota.code and _step(call, written).get("raises"):
            return float(written["value"])
    return quota.applied.get(f"{call.account}/{'global' if quota.is_global else call.region}")


def _requests(call: Call) -> list[dict[str, Any]]:
    """Requests of this account and Region, oldest first: the scenario's, and those written since."""
    past = [
        _as_request(
            call,
            next(quota for quota in call.world.scenario.quotas if quota.code == one.code),
            one.id,
            one.desired,
            one.status,
            call.epoch(one.created_min),
            call.epoch(one.changed_min),
            one.case_id,
        )
        for one in call.world.scenario.past_requests
        if (one.account, one.region) == (call.account, call.region)
    ]
    return past + [
        _change(call, written)
        for written in list(call.world.quota_requests)
        if (written["account"], written["region"]) == (call.account, call.region)
    ]


def _step(call: Call, written: dict[str, Any]) -> dict[str, Any]:
    """How far a request is; an approved one raises the value, others when the scenario says so."""
    found = {"after_s": 0, "status": "PENDING"}
    for step in written["quota"].steps or call.world.scenario.quota_steps:
        if written["at"] + step["after_s"] <= call.now:
            found = step
    return {"raises": found["status"] == "APPROVED", **found}


def _change(call: Call, written: dict[str, Any]) -> dict[str, Any]:
    """A written request as it stands now; its case is known once one was opened."""
    quota, step = written["quota"], _step(call, written)
    digest = hashlib.sha256(f"{call.account}/{call.region}/{written['number']}".encode()).hexdigest()
    has_case = any(
        one["status"].startswith("CASE_") and one["after_s"] <= step["after_s"]
        for one in quota.steps or call.world.scenario.quota_steps
    )
    case_id = str(17_800_000_000 + written["number"]) if has_case else ""
    changed = written["at"] + step["after_s"]
    return _as_request(
        call, quota, digest[:32], written["value"], step["status"], written["at"], changed, case_id
    )


def _as_request(
    call: Call, quota: QuotaSpec, one: str, desired: float, status: str, at: float, changed: float, case: str
) -> dict[str, Any]:
    answer = {
        "Id": one,
        "ServiceCode": quota.service,
        "ServiceName": quota.service_name,
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "DesiredValue": float(desired),
        "Status": status,
        "Created": at,
        "LastUpdated": changed,
        "Requester": json.dumps(
            {"accountId": call.account, "callerArn": f"arn:aws:iam::{call.account}:root"}
        ),
        "QuotaArn": _arn(call, quota),
        "GlobalQuota": quota.is_global,
        "Unit": quota.unit,
    }
    return {**answer, "CaseId": case} if case else answer


def _quota(call: Call, quota: QuotaSpec, value: float | None) -> dict[str, Any]:
    answer = {
        "ServiceCode": quota.service,
        "ServiceName": quota.service_name,
        "QuotaArn": _arn(call, quota),
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": float(value or 0),
        "Unit": quota.unit,
        "Adjustable": quota.is_adjustable,
        "GlobalQuota": quota.is_global,
        "QuotaAppliedAtLevel": "ACCOUNT",
    }
    if quota.usage:
        answer["UsageMetric"] = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": quota.usage.get("metric", "ResourceCount"),
            "MetricDimensions": quota.usage["dimensions"],
            "MetricStatisticRecommendation": quota.usage.get("statistic", "Maximum"),
        }
    return answer


def _arn(call: Call, quota: QuotaSpec) -> str:
    region = "" if quota.is_global else call.region
    return f"arn:aws:servicequotas:{region}:{call.account}:{quota.service}/{quota.code}"
