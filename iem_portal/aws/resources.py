"""Which resources carry a tag, and which load balancers are there? Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from . import deadline
from .calling import pages
from .metrics import MetricSpec, read_metrics
from .targets import Target

PER_PAGE = 100
HOUR_S = 3600
# Which namespace publishes PeakLCUs for a kind of load balancer. Source: Elastic Load Balancing, CloudWatch metrics.
LCU_NAMESPACE = {"application": "AWS/ApplicationELB", "network": "AWS/NetworkELB"}


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource by its ARN, with its tags."""

    arn: str
    tags: dict[str, str]

    @property
    def service(self) -> str:
        """The service's part of the ARN, such as rds."""
        return self.arn.split(":", 5)[2]

    @property
    def region(self) -> str:
        """The Region's part of the ARN; empty for a global resource."""
        return self.arn.split(":", 5)[3]

    @property
    def id(self) -> str:
        """What the ARN names, as people call it: without its type."""
        rest = self.arn.split(":", 5)[5]
        head, mark, tail = rest.partition("/") if "/" in rest else rest.partition(":")
        return tail if mark and ":" not in head else rest.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """A load balancer of one account and Region; `kind` is application, network or gateway."""

    arn: str
    name: str
    dns_name: str
    kind: str
    scheme: str
    zones: tuple[str, ...]
    peak_lcu: float | None = None

    @property
    def dimension(self) -> str:
        """How CloudWatch calls it: app/portal/50dc6c495c0c9188."""
        return self.arn.partition(":loadbalancer/")[2]


def read_tagged(
    target: Target, key: str, value: str = "", *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[Resource]:
    """Every resource of the account and Region with this tag, by ARN; any value when none is given.

    Resources of global services are answered in us-east-1. Source: Resource Groups Tagging API, GetResources.
    """
    wanted = {"Key": key, "Values": [value]} if value else {"Key": key}

    def read() -> list[Resource]:
        found = [
            Resource(row["ResourceARN"], {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])})
            for answer in pages(
                target,
                "resourcegroupstaggingapi",
                "GetResources",
                next_page="PaginationToken",
                needs=("ResourceTagMappingList",),
                TagFilters=[wanted],
                ResourcesPerPage=PER_PAGE,
            )
            for row in answer["ResourceTagMappingList"]
        ]
        return sorted(found, key=lambda one: one.arn)

    return deadline.run_within(deadline_s, read)


def read_load_balancers(
    target: Target, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[LoadBalancer]:
    """Application, network and gateway load balancers by name. Source: Elastic Load Balancing, 2015-12-01."""

    def read() -> list[LoadBalancer]:
        found = [
            _balancer(row)
            for answer in pages(
                target,
                "elbv2",
                "DescribeLoadBalancers",
                next_page="NextMarker",
                ask_with="Marker",
                needs=("LoadBalancers",),
                PageSize=PER_PAGE,
            )
            for row in answer["LoadBalancers"]
        ]
        return sorted(found, key=lambda one: one.name)

    return deadline.run_within(deadline_s, read)


def _balancer(row: dict[str, Any]) -> LoadBalancer:
    return LoadBalancer(
        arn=row["LoadBalancerArn"],
        name=row.get("LoadBalancerName", ""),
        dns_name=row.get("DNSName", ""),
        kind=row.get("Type", ""),
        scheme=row.get("Scheme", ""),
        zones=tuple(zone["ZoneName"] for zone in row.get("AvailabilityZones", [])),
    )


def with_peak_lcus(
    target: Target,
    balancers: Sequence[LoadBalancer],
    now: datetime,
    *,
    days: int = 14,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[LoadBalancer]:
    """The same load balancers with the highest PeakLCUs of the last `days`, where AWS publishes them."""
    end = datetime.fromtimestamp(now.timestamp() // HOUR_S * HOUR_S + HOUR_S, now.tzinfo)
    specs = [
        MetricSpec(
            id=one.arn,
            namespace=LCU_NAMESPACE[one.kind],
            metric="PeakLCUs",
            dimensions={"LoadBalancer": one.dimension},
            stat="Maximum",
            period_s=HOUR_S,
        )
        for one in balancers
        if one.kind in LCU_NAMESPACE
    ]
    if not specs:
        return list(balancers)
    read = read_metrics(target, specs, end - timedelta(days=days), end, deadline_s=deadline_s)
    highest = {
        arn: max(value for _at, value in points)
        for arn, points in read.series.items()
        if points and arn in read.complete_ids
    }
    return [replace(one, peak_lcu=highest.get(one.arn)) for one in balancers]
