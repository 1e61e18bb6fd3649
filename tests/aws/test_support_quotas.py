"""Support cases and service quotas, reading."""

from datetime import UTC, timedelta

import pytest

from iem_portal.aws import quotas, support
from iem_portal.aws.errors import AwsError
from iem_portal.aws.targets import Target


def test_reads_the_case_of_the_stalled_replication(simulator, target):
    simulator.at_minute(90)
    case = support.read_cases(target)[0]
    assert (case.subject, case.severity) == ("Replication stalled on ENROL-DB", "critical")
    assert case.created_at.tzinfo is UTC
    talk = support.read_communications(target, case.case_id)
    assert [one.is_from_aws for one in talk] == [False, True]


def test_new_messages_only(simulator, target):
    simulator.at_minute(90)
    case = support.read_cases(target)[0]
    since = simulator.t0() + timedelta(minutes=70)
    assert len(support.read_communications(target, case.case_id, since=since)) == 1


def test_cases_by_id(simulator, target):
    every = support.read_cases(target)
    assert [case.case_id for case in support.read_cases(target, [every[1].case_id])] == [every[1].case_id]


def test_a_case_that_does_not_exist_is_not_found(simulator, target):
    with pytest.raises(AwsError) as caught:
        support.read_communications(target, "case-111122223333-muen-2026-0000000000000000")
    assert caught.value.kind == "not_found"


def test_severities_come_from_the_plan(simulator, target):
    assert [code for code, _ in support.read_severities(target)] == [
        "low",
        "normal",
        "high",
        "urgent",
        "critical",
    ]
    with pytest.raises(AwsError) as caught:
        support.read_severities(Target("555566667777", "us-east-1"))
    assert caught.value.kind == "plan"


def test_applied_values_go_before_defaults(simulator, target):
    found = {quota.code: quota for quota in quotas.read_quotas(target, "vpc")}
    assert (found["L-F678F1CE"].value, found["L-F678F1CE"].is_default) == (10, False)
    assert (found["L-0EA8095F"].value, found["L-0EA8095F"].is_default) == (60, True)


def test_usage_comes_from_the_usage_metric(simulator, target):
    simulator.at_minute(120)
    asked = quotas.read_quotas(target, "ec2")
    used = {quota.code: quota.used for quota in quotas.read_usage(target, asked, simulator.now())}
    assert used == {"L-1216C47A": 588, "L-0263D0A3": None, "L-34B43A08": None}


def test_requests_are_read_with_their_state(simulator, target):
    found = [(one.code, one.desired, one.status, one.case_id) for one in quotas.read_quota_requests(target)]
    assert found == [
        ("L-B99A9384", 2220, "CASE_OPENED", "17773902441"),
        ("L-0263D0A3", 20, "APPROVED", ""),
    ]


def test_an_unknown_service_is_not_found(simulator, target):
    with pytest.raises(AwsError) as caught:
        quotas.read_quotas(target, "nosuch")
    assert caught.value.kind == "not_found"
