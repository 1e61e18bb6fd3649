"""The simulated Health, Support and Service Quotas: what AWS checks, and what moves on the clock."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def health(aws, simulator):
    simulator.at_minute(75)
    return aws("health", region="us-east-1")


@pytest.fixture
def support(aws):
    return aws("support", region="us-east-1")


@pytest.fixture
def quotas(aws):
    return aws("service-quotas")


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def test_health_events_are_filtered(health, simulator):
    open_ones = health.describe_events(filter={"eventStatusCodes": ["open"]})["events"]
    assert [event["service"] for event in open_ones] == ["DIRECTCONNECT"]
    newer = health.describe_events(filter={"lastUpdatedTimes": [{"from": simulator.t0()}]})["events"]
    assert [event["service"] for event in newer] == ["CLOUDFRONT", "DIRECTCONNECT"]


def test_health_pages_with_tokens_of_its_own(health):
    first = health.describe_events(maxResults=2)
    rest = health.describe_events(maxResults=2, nextToken=first["nextToken"])
    assert len(first["events"]) == 2 and len(rest["events"]) == 1
    assert (
        refused(health.describe_events, maxResults=1, nextToken=first["nextToken"])
        == "InvalidPaginationToken"
    )


def test_health_counts_by_category_and_entity_state(health):
    counts = {row["aggregateValue"]: row["count"] for row in health.describe_event_aggregates(
        aggregateField="eventTypeCategory")["eventAggregates"]}  # fmt: skip
    assert counts == {"issue": 2, "scheduledChange": 1}
    arns = [event["arn"] for event in health.describe_events(filter={"services": ["EC2"]})["events"]]
    assert health.describe_entity_aggregates(eventArns=arns)["entityAggregates"][0]["statuses"] == {
        "PENDING": 1
    }


def test_health_names_the_events_it_has_no_details_for(health):
    other = "arn:aws:health:us-east-1::event/EC2/AWS_EC2_X/AWS_EC2_X_1"
    assert health.describe_event_details(eventArns=[other])["failedSet"][0]["eventArn"] == other


@pytest.mark.parametrize("arns", [["nonsense"], [], ["arn:aws:health:us-east-1::event/A/B/C"] * 11])
def test_health_refuses_a_batch_with_a_bad_arn(health, arns):
    assert refused(health.describe_event_details, eventArns=arns) == "ValidationException"


def test_health_shows_another_account_its_own_events_and_the_public_ones(aws, simulator):
    simulator.at_minute(75)
    rival = aws("health", region="us-east-1", account="444455556666")
    assert {event["service"] for event in rival.describe_events()["events"]} == {"RDS", "CLOUDFRONT"}


def test_health_and_support_need_a_plan(aws):
    for service, call in (("health", "describe_events"), ("support", "describe_cases")):
        client = aws(service, region="us-east-1", account="555566667777")
        assert refused(getattr(client, call)) == "SubscriptionRequiredException"


def test_reading_a_case_does_not_change_it(support):
    assert support.describe_cases()["cases"] == support.describe_cases()["cases"]


def test_a_new_case_is_answered_by_the_script(support, simulator):
    case_id = support.create_case(subject="Slow", communicationBody="It is slow.", severityCode="urgent")[
        "caseId"
    ]

    def status():
        return support.describe_cases(caseIdList=[case_id])["cases"][0]["status"]

    seen = [status()]
    for seconds in (61, 240):
        simulator.advance(seconds=seconds)
        seen.append(status())
    assert seen == ["unassigned", "work-in-progress", "pending-customer-action"]
    support.add_communication_to_case(caseId=case_id, communicationBody="Since noon.")
    assert status() == "customer-action-completed"
    assert support.resolve_case(caseId=case_id)["finalCaseStatus"] == "resolved"
    assert case_id not in [case["caseId"] for case in support.describe_cases()["cases"]]
    support.add_communication_to_case(caseId=case_id, communicationBody="Again.")
    assert status() == "reopened"
    assert len(support.describe_communications(caseId=case_id)["communications"]) == 5


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"communicationBody": "x" * 8001}, "ValidationException"),
        ({"communicationBody": "x", "severityCode": "apocalyptic"}, "InvalidParameterValueException"),
        ({"communicationBody": "x", "dryRun": True}, "DryRunOperationException"),
        ({}, "ValidationException"),
    ],
)
def test_a_case_that_aws_would_refuse_is_not_opened(support, request_, code):
    before = len(support.describe_cases()["cases"])
    assert refused(support.create_case, subject="s", **request_) == code
    assert len(support.describe_cases()["cases"]) == before


def test_severities_and_services_are_listed(support):
    assert len(support.describe_severity_levels(language="en")["severityLevels"]) == 5
    assert support.describe_services(serviceCodeList=["aws-direct-connect"])["services"][0]["categories"]


def test_a_quota_without_an_applied_value_is_only_in_the_defaults(quotas):
    code = {"ServiceCode": "vpc", "QuotaCode": "L-0EA8095F"}
    assert refused(quotas.get_service_quota, **code) == "NoSuchResourceException"
    assert quotas.get_aws_default_service_quota(**code)["Quota"]["Value"] == 60


def test_a_request_for_more_moves_on_the_clock(quotas, simulator):
    more = {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    made = quotas.request_service_quota_increase(**more, DesiredValue=3000)["RequestedQuota"]
    assert (
        refused(quotas.request_service_quota_increase, **more, DesiredValue=4000)
        == "ResourceAlreadyExistsException"
    )
    seen = [made["Status"]]
    for seconds in (121, 800):
        simulator.advance(seconds=seconds)
        seen.append(
            quotas.get_requested_service_quota_change(RequestId=made["Id"])["RequestedQuota"]["Status"]
        )
    assert seen == ["PENDING", "CASE_OPENED", "APPROVED"]
    assert quotas.get_service_quota(**more)["Quota"]["Value"] == 3000
    history = quotas.list_requested_service_quota_change_history(ServiceCode="fargate")["RequestedQuotas"]
    assert [one["Id"] for one in history] == [made["Id"]]


def test_quotas_differ_by_account_and_region(aws):
    code = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
    found = [
        aws("service-quotas", account=account, region=region).get_service_quota(**code)["Quota"]["Value"]
        for account, region in (
            ("111122223333", "ap-northeast-2"), ("111122223333", "us-east-1"), ("444455556666", "ap-northeast-2"))
    ]  # fmt: skip
    assert found == [640, 64, 1152]


def test_less_is_not_a_request_for_more(quotas):
    request = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384", "DesiredValue": 10}
    assert refused(quotas.request_service_quota_increase, **request) == "IllegalArgumentException"


def test_quotas_come_in_pages(quotas):
    first = quotas.list_services(MaxResults=3)
    assert len(first["Services"]) == 3
    assert (
        refused(quotas.list_services, MaxResults=4, NextToken=first["NextToken"])
        == "InvalidPaginationTokenException"
    )
