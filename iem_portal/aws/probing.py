"""What may the portal do in an account? One smallest call for each permission, with nothing changed anywhere.

The checks are also the only list of the permissions that the portal needs: the policy on the set-up page is made of
it. Support is asked with dryRun, which answers DryRunOperationException where the real call would be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from . import deadline
from .calling import call
from .errors import AUTH, INVALID, NOT_FOUND, PERMISSION, PLAN, AwsError
from .support_writes import DRY_RUN_OK
from .targets import Target

CHECK_DEADLINE_S = 8.0
YES, NO, UNKNOWN = "yes", "no", "unknown"
READ, ORGANIZATION, WRITE = "read", "organization", "write"
SOME_EVENT = "arn:aws:health:global::event/IAM/AWS_IAM_PORTAL_PROBE/AWS_IAM_PORTAL_PROBE_1"
SOME_CASE = "case-000000000000-probe-2026-0000000000000000"
IDENTITY = "sts:AssumeRole"

Request = Callable[[Target, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Check:
    """One permission by its IAM action, and the call that shows whether it is there."""

    action: str
    group: str  # what it is for: Metrics, Alarms, Health, Cases, Quotas, Resources
    service: str
    operation: str
    needs: tuple[str, ...]
    request: Request = lambda target, now: {}
    kind: str = READ


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found; `kind` is the kind of the error behind a no or an unknown."""

    action: str
    verdict: str
    kind: str = ""
    message: str = ""
    skew_s: float | None = None
    answer: dict[str, Any] | None = None


def _metrics(target: Target, now: datetime) -> dict[str, Any]:
    end = now.replace(second=0, microsecond=0)
    metric = {"Namespace": "AWS/Usage", "MetricName": "CallCount", "Dimensions": []}
    query = {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
    return {"MetricDataQueries": [query], "StartTime": end - timedelta(minutes=1), "EndTime": end}


def _details(target: Target, now: datetime) -> dict[str, Any]:
    return {"eventArns": [SOME_EVENT]}


def _entities(target: Target, now: datetime) -> dict[str, Any]:
    return {"filter": {"eventArns": [SOME_EVENT]}, "maxResults": 10}


def _reply(target: Target, now: datetime) -> dict[str, Any]:
    return {"caseId": SOME_CASE, "communicationBody": "Probe of a permission.", "dryRun": True}


def _case(target: Target, now: datetime) -> dict[str, Any]:
    return {
        "subject": "Probe of a permission, nothing is opened",
        "communicationBody": "Probe of a permission, nothing is opened.",
        "serviceCode": "general-info",
        "categoryCode": "using-aws",
        "severityCode": "low",
        "dryRun": True,
    }


CHECKS: tuple[Check, ...] = (
    Check(
        "cloudwatch:GetMetricData",
        "Metrics",
        "cloudwatch",
        "GetMetricData",
        ("MetricDataResults",),
        _metrics,
    ),
    Check(
        "cloudwatch:ListMetrics",
        "Metrics",
        "cloudwatch",
        "ListMetrics",
        ("Metrics",),
        lambda target, now: {"Namespace": "AWS/Usage", "MetricName": "CallCount"},
    ),
    Check(
        "cloudwatch:DescribeAlarms",
        "Alarms",
        "cloudwatch",
        "DescribeAlarms",
        ("MetricAlarms", "CompositeAlarms"),
        lambda target, now: {"MaxRecords": 1},
    ),
    Check(
        "cloudwatch:DescribeAlarmHistory",
        "Alarms",
        "cloudwatch",
        "DescribeAlarmHistory",
        ("AlarmHistoryItems",),
        lambda target, now: {"MaxRecords": 1, "HistoryItemType": "StateUpdate"},
    ),
    Check(
        "health:DescribeEvents",
        "Health",
        "health",
        "DescribeEvents",
        ("events",),
        lambda target, now: {"maxResults": 10},
    ),
    Check(
        "health:DescribeEventDetails",
        "Health",
        "health",
        "DescribeEventDetails",
        ("successfulSet", "failedSet"),
        _details,
    ),
    Check(
        "health:DescribeAffectedEntities",
        "Health",
        "health",
        "DescribeAffectedEntities",
        ("entities",),
        _entities,
    ),
    Check(
        "support:DescribeCases",
        "Cases",
        "support",
        "DescribeCases",
        ("cases",),
        lambda target, now: {"maxResults": 10, "includeCommunications": False},
    ),
    Check(
        "support:DescribeCommunications",
        "Cases",
        "support",
        "DescribeCommunications",
        ("communications",),
        lambda target, now: {"caseId": SOME_CASE, "maxResults": 10},
    ),
    Check(
        "support:DescribeSeverityLevels",
        "Cases",
        "support",
        "DescribeSeverityLevels",
        ("severityLevels",),
    ),
    Check("support:DescribeServices", "Cases", "support", "DescribeServices", ("services",)),
    Check(
        "servicequotas:ListServiceQuotas",
        "Quotas",
        "service-quotas",
        "ListServiceQuotas",
        ("Quotas",),
        lambda target, now: {"ServiceCode": "ec2", "MaxResults": 1},
    ),
    Check(
        "servicequotas:ListAWSDefaultServiceQuotas",
        "Quotas",
        "service-quotas",
        "ListAWSDefaultServiceQuotas",
        ("Quotas",),
        lambda target, now: {"ServiceCode": "ec2", "MaxResults": 1},
    ),
    Check(
        "servicequotas:ListRequestedServiceQuotaChangeHistory",
        "Quotas",
        "service-quotas",
        "ListRequestedServiceQuotaChangeHistory",
        ("RequestedQuotas",),
        lambda target, now: {"MaxResults": 1},
    ),
    Check(
        "tag:GetResources",
        "Resources",
        "resourcegroupstaggingapi",
        "GetResources",
        ("ResourceTagMappingList",),
        lambda target, now: {"ResourcesPerPage": 1},
    ),
    Check(
        "elasticloadbalancing:DescribeLoadBalancers",
        "Resources",
        "elbv2",
        "DescribeLoadBalancers",
        ("LoadBalancers",),
        lambda target, now: {"PageSize": 1},
    ),
    Check(
        "health:DescribeEventsForOrganization",
        "Health",
        "health",
        "DescribeEventsForOrganization",
        ("events",),
        lambda target, now: {"maxResults": 10},
        ORGANIZATION,
    ),
    Check("support:CreateCase", "Cases", "support", "CreateCase", ("caseId",), _case, WRITE),
    Check(
        "support:AddCommunicationToCase",
        "Cases",
        "support",
        "AddCommunicationToCase",
        ("result",),
        _reply,
        WRITE,
    ),
)
# Needed beside those that are probed: they cannot be tried without a real thing, or come with another of their kind.
UNPROBED: tuple[tuple[str, str], ...] = (
    ("servicequotas:GetServiceQuota", READ),
    ("servicequotas:GetAWSDefaultServiceQuota", READ),
    ("servicequotas:GetRequestedServiceQuotaChange", READ),
    ("support:DescribeCreateCaseOptions", READ),
    ("health:DescribeAffectedAccountsForOrganization", ORGANIZATION),
    ("health:DescribeEventDetailsForOrganization", ORGANIZATION),
    ("health:DescribeAffectedEntitiesForOrganization", ORGANIZATION),
    ("support:ResolveCase", WRITE),
    ("support:AddAttachmentsToSet", WRITE),
    ("support:DescribeAttachment", READ),
    ("servicequotas:RequestServiceQuotaIncrease", WRITE),
)


def actions(*kinds: str) -> list[str]:
    """The IAM actions of these kinds, in order."""
    probed = [(check.action, check.kind) for check in CHECKS]
    return [action for action, kind in (*probed, *UNPROBED) if kind in kinds]


def probe(target: Target, now: datetime, kinds: Sequence[str] = (READ, WRITE)) -> Iterator[Outcome]:
    """Each outcome as it comes, the identity first. Without an identity nothing else is asked: all is unknown."""
    first = _identity(target)
    yield first
    for check in CHECKS:
        if check.kind not in kinds:
            continue
        if first.verdict != YES:
            yield Outcome(check.action, UNKNOWN, first.kind, first.message)
        else:
            yield _one(target, check, now)


def _identity(target: Target) -> Outcome:
    """Can the role be used, and is it one of this account?"""
    try:
        answer = _asked(target, "sts", "GetCallerIdentity", ("Account",), {})
    except AwsError as error:
        verdict = NO if error.kind in (PERMISSION, AUTH, INVALID) else UNKNOWN
        return Outcome(IDENTITY, verdict, error.kind, error.message)
    skew_s = skew(answer, datetime.now(UTC))
    if answer["Account"] != target.account_id:
        message = f"The credentials belong to the account {answer['Account']}."
        return Outcome(IDENTITY, NO, INVALID, message, skew_s)
    return Outcome(IDENTITY, YES, skew_s=skew_s)


def _one(target: Target, check: Check, now: datetime) -> Outcome:
    try:
        answer = _asked(target, check.service, check.operation, check.needs, check.request(target, now))
    except AwsError as error:
        if error.code == DRY_RUN_OK or error.kind == NOT_FOUND:  # looked for only by those who may look
            return Outcome(check.action, YES)
        verdict = NO if error.kind in (PERMISSION, PLAN) else UNKNOWN
        return Outcome(check.action, verdict, error.kind, error.message)
    return Outcome(check.action, YES, answer=answer)


def _asked(
    target: Target, service: str, operation: str, needs: tuple[str, ...], request: dict
) -> dict[str, Any]:
    return deadline.run_within(
        CHECK_DEADLINE_S, lambda: call(target, service, operation, needs=needs, **request)
    )


def skew(answer: dict[str, Any], now: datetime) -> float | None:
    """Seconds that our clock is ahead of AWS's, by the Date of its answer (whole seconds); None without one."""
    headers = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    try:
        return (now - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None


def plan_of(outcomes: Sequence[Outcome]) -> str:
    """What the support plan lets the portal do: "enterprise" (critical cases), "business", "basic" (no Support API),
    "" unknown. Source: AWS Support user guide, severities by plan."""
    if any(outcome.kind == PLAN for outcome in outcomes):
        return "basic"
    for outcome in outcomes:
        if outcome.action == "support:DescribeSeverityLevels" and outcome.answer:
            codes = {row.get("code") for row in outcome.answer["severityLevels"]}
            return "enterprise" if "critical" in codes else "business"
    return ""
