"""Roles, credentials and clients: assumed seldom, renewed once, and never outside the simulation."""

import os

import pytest

from iem_portal.aws import sessions
from iem_portal.aws.cloudwatch import read_alarms
from iem_portal.aws.errors import AwsError
from iem_portal.aws.targets import Target

ROLE = "arn:aws:iam::{}:role/iem-poller"


@pytest.fixture
def rival():
    return Target("444455556666", "ap-northeast-2", ROLE.format("444455556666"))


def test_a_role_is_assumed_once_for_many_calls(simulator, rival):
    for _ in range(5):
        assert len(read_alarms(rival)) == 2
    assert len(simulator.calls(operation="AssumeRole")) == 1
    assert {call["account"] for call in simulator.calls(operation="DescribeAlarms")} == {"444455556666"}


def test_a_session_that_expires_in_the_middle_is_renewed_once(simulator, rival):
    read_alarms(rival)
    simulator.advance(seconds=sessions.ROLE_SESSION_S + 1)
    assert len(read_alarms(rival)) == 2
    assert len(simulator.calls(operation="AssumeRole")) == 2
    assert len(simulator.calls(error="ExpiredTokenException")) == 1


@pytest.mark.parametrize("external_id", ["", "another"])
def test_a_wrong_external_id_is_a_missing_permission(simulator, external_id):
    target = Target("222233334444", "ap-northeast-2", ROLE.format("222233334444"), external_id)
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.kind == "permission" and "AssumeRole" in caught.value.message


def test_the_right_external_id_opens_the_account(simulator):
    target = Target("222233334444", "ap-northeast-2", ROLE.format("222233334444"), "iem-external-id")
    assert read_alarms(target) == []


def test_an_account_that_the_simulation_does_not_know_is_refused(simulator):
    with pytest.raises(AwsError, match="has no account 999999999999") as caught:
        read_alarms(Target("999999999999", "ap-northeast-2"))
    assert caught.value.kind == "auth"


def test_clients_are_kept(simulator, target):
    assert sessions.client(target, "cloudwatch") is sessions.client(target, "cloudwatch")


def test_a_forked_child_makes_its_own_clients(simulator, target):
    sessions.client(target, "cloudwatch")
    child = os.fork()
    if child == 0:
        os._exit(len(sessions._clients) + len(sessions._sessions))
    assert os.waitpid(child, 0)[1] == 0
    assert sessions._clients


def test_no_client_leaves_the_machine_in_simulation(simulator, target, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH", "http://192.0.2.1:8001")
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.code == "EndpointNotLoopback"


def test_simulation_without_an_endpoint_refuses_to_reach_aws(simulator, target, monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.code == "EndpointNotLoopback"


def test_real_keys_stay_out_of_the_simulation(simulator, target, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALKEY")
    read_alarms(target)
    assert sessions._session(target).get_credentials().access_key == "111122223333"


@pytest.mark.parametrize("service", ["cloudwatch", "health", "support", "service-quotas"])
def test_botocore_still_speaks_json_to_these_services(simulator, target, service):
    model = sessions.client(target, service).meta.service_model
    assert model.resolved_protocol == "json"


@pytest.mark.parametrize(
    ("url", "is_here"),
    [("http://127.0.0.1:1", True), ("http://localhost", True), ("http://[::1]:80", True),
     ("http://10.0.0.1", False), ("https://health.us-east-1.amazonaws.com", False), ("", False)],
)  # fmt: skip
def test_loopback_is_recognised(url, is_here):
    assert sessions.is_loopback(url) is is_here


def test_a_role_of_another_account_is_refused(simulator):
    with pytest.raises(AwsError) as caught:
        read_alarms(Target("111122223333", "ap-northeast-2", ROLE.format("444455556666")))
    assert caught.value.code == "RoleOfAnotherAccount" and simulator.calls() == []


@pytest.fixture
def real(simulator, settings, monkeypatch):
    """The real mode, as far as a test can go: the credentials of the environment, of account 111122223333."""
    settings.SIMULATED_AWS = False
    sessions.forget()  # those of the simulation speak for whatever account they are asked for
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "dummy")
    return simulator


def test_without_a_role_only_the_portals_own_account_is_read(real):
    assert len(read_alarms(Target("111122223333", "ap-northeast-2"))) == 7
    read_alarms(Target("111122223333", "us-east-1"))
    assert len(real.calls(operation="GetCallerIdentity")) == 1


def test_without_a_role_another_account_is_never_shown_our_own(real):
    with pytest.raises(AwsError) as caught:
        read_alarms(Target("444455556666", "ap-northeast-2"))
    assert (caught.value.kind, caught.value.code) == ("permission", "NoRole")
    assert real.calls(operation="DescribeAlarms") == []
