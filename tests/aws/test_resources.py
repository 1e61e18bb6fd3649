"""Resources by tag, load balancers, and asking for more of a quota."""

import pytest

from iem_portal.aws import cloudwatch, quotas, resources, sessions
from iem_portal.aws.errors import AwsError
from iem_portal.aws.resources import Resource
from iem_portal.aws.targets import Target

FARGATE = ("fargate", "L-3032A538")


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:rds:ap-northeast-2:111122223333:db:enrol-db", "enrol-db"),
        ("arn:aws:sqs:ap-northeast-2:111122223333:enrol-requests", "enrol-requests"),
        ("arn:aws:s3:::garamsoop-portal-static", "garamsoop-portal-static"),
        ("arn:aws:cloudfront::111122223333:distribution/E2GARAMSOOP", "E2GARAMSOOP"),
        ("arn:aws:ec2:ap-northeast-2:111122223333:instance/i-0aa1", "i-0aa1"),
        (
            "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:loadbalancer/app/portal/50dc",
            "app/portal/50dc",
        ),
    ],
)
def test_a_resource_is_called_what_its_arn_names(arn, name):
    assert Resource(arn, {}).id == name


def test_resources_come_by_their_tag(simulator, target):
    found = resources.read_tagged(target, "iem", "IEM-2611")
    assert {"enrol-db", "garamsoop-portal-static", "app/portal/50dc6c495c0c9188"} <= {one.id for one in found}
    assert resources.read_tagged(target, "iem", "nothing") == []


def test_global_resources_come_from_one_region(simulator):
    [found] = resources.read_tagged(Target("111122223333", "us-east-1"), "iem")
    assert (found.service, found.region, found.id) == ("cloudfront", "", "E2GARAMSOOP")


def test_load_balancers_come_with_their_highest_lcus(simulator, target):
    simulator.at_minute(120)
    found = {
        one.name: one
        for one in resources.with_peak_lcus(target, resources.read_load_balancers(target), simulator.now())
    }
    assert found["portal"].peak_lcu == pytest.approx(318, rel=0.02)
    assert found["portal"].zones == ("ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c")
    assert (found["enrol-db"].kind, found["portal-green"].peak_lcu) == ("network", None)


def test_an_account_without_load_balancers_has_none(simulator):
    assert resources.read_load_balancers(Target("111122223333", "us-east-1")) == []


def test_highest_usage_of_a_fortnight(simulator, target):
    simulator.at_minute(220)
    found = quotas.read_peak_usage(target, quotas.read_quotas(target, "ec2"), simulator.now())
    assert {quota.code: (quota.used, quota.default) for quota in found} == {
        "L-1216C47A": (588, 5),
        "L-0263D0A3": (None, 5),
        "L-34B43A08": (None, 5),
    }


def test_alarms_say_how_they_judge(simulator, target):
    alarm = next(one for one in cloudwatch.read_alarms(target) if one.name == "portal-5xx")
    assert (alarm.datapoints_to_alarm, alarm.evaluation_periods, alarm.missing) == (3, 5, "notBreaching")


def test_a_request_for_more_is_sent_and_read_again(simulator, target):
    made = quotas.request_increase(target, *FARGATE, 400)
    assert (made.status, made.desired) == ("PENDING", 400)
    simulator.advance(seconds=901)
    assert quotas.read_request(target, made.id).status == "APPROVED"
    assert quotas.read_value(target, *FARGATE) == 400


def test_a_quota_without_an_applied_value_has_its_default(simulator, target):
    assert quotas.read_value(target, "vpc", "L-0EA8095F") == 60


@pytest.mark.parametrize(
    "fault", [{"cut": True}, {"truncate": 0.4}, {"error": "ServiceException", "status": 500}]
)
def test_a_write_is_never_sent_twice(simulator, target, fault):
    simulator.fault(fault, operation="RequestServiceQuotaIncrease")
    with pytest.raises(AwsError):
        quotas.request_increase(target, *FARGATE, 400)
    assert len(simulator.calls(operation="RequestServiceQuotaIncrease")) == 1


def test_a_write_that_is_answered_too_late_may_have_been_taken(simulator, target, monkeypatch):
    hasty = sessions.WRITE_CONFIG.merge(sessions.Config(read_timeout=0.2))
    monkeypatch.setattr(sessions, "WRITE_CONFIG", hasty)
    simulator.fault({"latency_s": 0.6}, operation="RequestServiceQuotaIncrease")
    with pytest.raises(AwsError) as caught:
        quotas.request_increase(target, *FARGATE, 400)
    assert caught.value.kind == "timeout"
    assert [one.desired for one in quotas.read_quota_requests(target, service="fargate")] == [400]
    assert len(simulator.calls(operation="RequestServiceQuotaIncrease")) == 1
