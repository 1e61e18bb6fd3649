"""How much may the customer use of each service, how much is in use, and what more was asked for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from . import deadline
from .calling import call, pages, utc
from .errors import NOT_FOUND, AwsError
from .metrics import MetricSpec, read_metrics
from .targets import Target

PER_PAGE = 100
USAGE_WINDOW = timedelta(hours=1)  # usage metrics come every few minutes
USAGE_PERIOD_S = 300
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota of one account and Region; `used` is None when AWS publishes no usage for it."""

    service: str
    service_name: str
    code: str
    name: str
    value: float
    unit: str
    is_adjustable: bool
    is_global: bool
    is_default: bool  # no applied value: AWS's default holds
    default: float | None = None  # AWS's default, where it was read
    usage_namespace: str = ""
    usage_metric: str = ""
    usage_dimensions: Mapping[str, str] = field(default_factory=dict)
    usage_stat: str = "Maximum"
    used: float | None = None


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """A request for more. CASE_CLOSED is no refusal: read the quota's value again."""

    id: str
    service: str
    code: str
    name: str
    desired: float
    status: str
    case_id: str
    created_at: datetime | None
    updated_at: datetime | None


def read_quotas(
    target: Target, service: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[Quota]:
    """Every quota of a service: applied values, and AWS's defaults where no value is applied; by name."""

    def read() -> list[Quota]:
        found = {quota.code: quota for quota in _listed(target, "ListAWSDefaultServiceQuotas", service, True)}
        for quota in _listed(target, "ListServiceQuotas", service, False):
            default = found.get(quota.code)
            found[quota.code] = replace(quota, default=default.default if default else None)
        return sorted(found.values(), key=lambda quota: (quota.name, quota.code))

    return deadline.run_within(deadline_s, read)


def read_usage(
    target: Target, quotas: Sequence[Quota], now: datetime, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[Quota]:
    """The same quotas with `used` filled in from their usage metrics (the newest value of the last hour)."""
    end = datetime.fromtimestamp(now.timestamp() // USAGE_PERIOD_S * USAGE_PERIOD_S, now.tzinfo)
    specs = [
        MetricSpec(
            id=f"{quota.service}/{quota.code}",
            namespace=quota.usage_namespace,
            metric=quota.usage_metric,
            dimensions=quota.usage_dimensions,
            stat=quota.usage_stat,
            period_s=USAGE_PERIOD_S,
        )
        for quota in quotas
        if quota.usage_metric
    ]
    if not specs:
        return list(quotas)
    read = read_metrics(target, specs, end - USAGE_WINDOW, end, deadline_s=deadline_s)
    newest = {one: points[-1][1] for one, points in read.series.items() if points}
    return [replace(quota, used=newest.get(f"{quota.service}/{quota.code}")) for quota in quotas]


def read_value(
    target: Target, service: str, code: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> float:
    """The value of one quota that is in force now: the applied one, else AWS's default."""

    def read() -> float:
        wanted = {"needs": ("Quota",), "ServiceCode": service, "QuotaCode": code}
        try:
            return call(target, "service-quotas", "GetServiceQuota", **wanted)["Quota"]["Value"]
        except AwsError as error:
            if error.kind != NOT_FOUND:
                raise
        return call(target, "service-quotas", "GetAWSDefaultServiceQuota", **wanted)["Quota"]["Value"]

    return deadline.run_within(deadline_s, read)


def read_peak_usage(
    target: Target,
    quotas: Sequence[Quota],
    now: datetime,
    *,
    days: int = 14,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[Quota]:
    """The same quotas with `used` filled in: the highest hour of the last `days` (at most 15, or hours are gone).

    A rate whose usage is published as a sum of calls is left out: an hour's sum says nothing of a second.
    """
    end = datetime.fromtimestamp(now.timestamp() // HOUR_S * HOUR_S + HOUR_S, now.tzinfo)
    specs = [
        MetricSpec(
            id=f"{quota.service}/{quota.code}",
            namespace=quota.usage_namespace,
            metric=quota.usage_metric,
            dimensions=quota.usage_dimensions,
            stat="Maximum",
            period_s=HOUR_S,
        )
        for quota in quotas
        if quota.usage_metric and quota.usage_stat != "Sum"
    ]
    if not specs:
        return list(quotas)
    read = read_metrics(target, specs, end - timedelta(days=days), end, deadline_s=deadline_s)
    highest = {
        one: max(value for _at, value in points)
        for one, points in read.series.items()
        if points and one in read.complete_ids
    }
    return [replace(quota, used=highest.get(f"{quota.service}/{quota.code}")) for quota in quotas]


def read_quota_requests(
    target: Target, *, service: str = "", deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[QuotaRequest]:
    """Requests of the last 90 days (AWS keeps no more), newest first."""
    wanted = {"ServiceCode": service} if service else {}

    def read() -> list[QuotaRequest]:
        found = [
            _request(row)
            for answer in pages(
                target,
                "service-quotas",
                "ListRequestedServiceQuotaChangeHistory",
                needs=("RequestedQuotas",),
                MaxResults=PER_PAGE,
                **wanted,
            )
            for row in answer["RequestedQuotas"]
        ]
        return sorted(found, key=lambda one: (one.created_at is not None, one.created_at), reverse=True)

    return deadline.run_within(deadline_s, read)


def read_request(
    target: Target, request_id: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> QuotaRequest:
    """One request as it stands now."""

    def read() -> QuotaRequest:
        answer = call(
            target,
            "service-quotas",
            "GetRequestedServiceQuotaChange",
            needs=("RequestedQuota",),
            RequestId=request_id,
        )
        return _request(answer["RequestedQuota"])

    return deadline.run_within(deadline_s, read)


def request_increase(
    target: Target,
    service: str,
    code: str,
    desired: float,
    *,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> QuotaRequest:
    """Ask AWS for more of a quota. The one call of this module that writes: sent once, never again by itself.

    Without an answer (timeout, transient, malformed, incomplete) AWS may have taken it all the same: look into
    `read_quota_requests` before anything else. Source: Service Quotas API, RequestServiceQuotaIncrease.
    """

    def write() -> QuotaRequest:
        answer = call(
            target,
            "service-quotas",
            "RequestServiceQuotaIncrease",
            needs=("RequestedQuota",),
            is_write=True,
            ServiceCode=service,
            QuotaCode=code,
            DesiredValue=desired,
        )
        return _request(answer["RequestedQuota"])

    return deadline.run_within(deadline_s, write)


def _listed(target: Target, operation: str, service: str, is_default: bool) -> list[Quota]:
    return [
        _quota(row, is_default)
        for answer in pages(
            target, "service-quotas", operation, needs=("Quotas",), ServiceCode=service, MaxResults=PER_PAGE
        )
        for row in answer["Quotas"]
    ]


def _quota(row: dict[str, Any], is_default: bool) -> Quota:
    usage = row.get("UsageMetric", {})
    return Quota(
        service=row["ServiceCode"],
        service_name=row.get("ServiceName", ""),
        code=row["QuotaCode"],
        name=row.get("QuotaName", ""),
        value=row["Value"],
        unit=row.get("Unit", "None"),
        is_adjustable=row.get("Adjustable", False),
        is_global=row.get("GlobalQuota", False),
        is_default=is_default,
        default=row["Value"] if is_default else None,
        usage_namespace=usage.get("MetricNamespace", ""),
        usage_metric=usage.get("MetricName", ""),
        usage_dimensions=usage.get("MetricDimensions", {}),
        usage_stat=usage.get("MetricStatisticRecommendation", "Maximum"),
    )


def _request(row: dict[str, Any]) -> QuotaRequest:
    return QuotaRequest(
        id=row["Id"],
        service=row["ServiceCode"],
        code=row["QuotaCode"],
        name=row.get("QuotaName", ""),
        desired=row["DesiredValue"],
        status=row["Status"],
        case_id=row.get("CaseId", ""),
        created_at=utc(row.get("Created")),
        updated_at=utc(row.get("LastUpdated")),
    )
