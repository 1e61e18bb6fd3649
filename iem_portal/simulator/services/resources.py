"""What carries a tag, and which load balancers are there: GetResources and DescribeLoadBalancers."""

from __future__ import annotations

import hashlib
from typing import Any

from ..operations import ApiError, Call, operation, page
from ..scenario import BalancerSpec

HOME_OF_GLOBAL = "us-east-1"  # where the tagging API answers resources without a Region
CREATED_DAYS_BEFORE = 40


@operation("resourcegroupstaggingapi", "GetResources")
def get_resources(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    found = [
        (arn, tags)
        for arn, tags in sorted(_tagged(call))
        if all(_matches(tags, one) for one in request.get("TagFilters", []))
        and _is_of_type(arn, request.get("ResourceTypeFilters", []))
        and arn in request.get("ResourceARNList", [arn])
    ]
    shown, token = page(
        request,
        found,
        size=request.get("ResourcesPerPage", 50),
        token_key="PaginationToken",
        bad_token="PaginationTokenExpiredException",
    )
    return {
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            for arn, tags in shown
        ],
        "PaginationToken": token.get("PaginationToken", ""),
    }


def _tagged(call: Call) -> list[tuple[str, dict[str, str]]]:
    """Everything of the account that the scenario puts into this Region; global things live in one."""
    plain = [
        (one.arn, one.tags)
        for one in call.world.scenario.resources
        if one.account == call.account and (one.region or HOME_OF_GLOBAL) == call.region
    ]
    return plain + [(one.arn, one.tags) for one in _balancers(call) if one.tags]


def _matches(tags: dict[str, str], wanted: dict[str, Any]) -> bool:
    if wanted["Key"] not in tags:
        return False
    return not wanted.get("Values") or tags[wanted["Key"]] in wanted["Values"]


def _is_of_type(arn: str, wanted: list[str]) -> bool:
    service, rest = arn.split(":", 5)[2], arn.split(":", 5)[5]
    return not wanted or any(
        one == service or one == f"{service}:{rest.replace(':', '/').split('/')[0]}" for one in wanted
    )


@operation("elbv2", "DescribeLoadBalancers")
def describe_load_balancers(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    found = _balancers(call)
    for name in request.get("Names", []):
        if name not in {one.name for one in found}:
            raise ApiError("LoadBalancerNotFound", f"Load balancers '[{name}]' not found")
    found = [
        one
        for one in found
        if one.name in request.get("Names", [one.name])
        and one.arn in request.get("LoadBalancerArns", [one.arn])
    ]
    shown, token = page(
        request, found, size=request.get("PageSize", 400), token_key="Marker", bad_token="ValidationError"
    )
    answer: dict[str, Any] = {"LoadBalancers": [_described(call, one) for one in shown]}
    return {**answer, "NextMarker": token["Marker"]} if token else answer


def _balancers(call: Call) -> list[BalancerSpec]:
    mine = [
        one
        for one in call.world.scenario.balancers
        if (one.account, one.region) == (call.account, call.region)
    ]
    return sorted(mine, key=lambda one: one.name)


def _described(call: Call, one: BalancerSpec) -> dict[str, Any]:
    digest = hashlib.sha256(one.arn.encode()).hexdigest()
    zones = [
        {
            "ZoneName": zone,
            "SubnetId": f"subnet-{digest[index * 8 : index * 8 + 8]}",
            "LoadBalancerAddresses": [],
        }
        for index, zone in enumerate(one.zones)
    ]
    return {
        "LoadBalancerArn": one.arn,
        "DNSName": f"{one.name}-{int(digest[:8], 16)}.{call.region}.elb.amazonaws.com",
        "CreatedTime": call.t0 - CREATED_DAYS_BEFORE * 86_400,
        "LoadBalancerName": one.name,
        "Scheme": one.scheme,
        "VpcId": f"vpc-{digest[-8:]}",
        "State": {"Code": "active"},
        "Type": one.kind,
        "AvailabilityZones": zones,
        "IpAddressType": "ipv4",
    }
