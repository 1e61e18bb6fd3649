"""The front of the simulator: who may call, what it answers to what it does not know, its clock and its ledger."""

import json
import os
import socket
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from iem_portal.simulator.clock import LEAD_MIN, SimClock
from iem_portal.simulator.operations import OPERATIONS


def refused(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        (
            "cloudwatch",
            "put_metric_data",
            {"Namespace": "x", "MetricData": [{"MetricName": "m", "Value": 1}]},
        ),
        ("health", "describe_health_service_status_for_organization", {}),
        ("support", "describe_trusted_advisor_check_refresh_statuses", {"checkIds": ["check-1"]}),
        ("service-quotas", "list_tags_for_resource", {"ResourceARN": "arn:aws:servicequotas:::x"}),
        ("ec2", "describe_reserved_instances_modifications", {}),
        ("ce", "get_cost_forecast", {"TimePeriod": {"Start": "2026-01-01", "End": "2026-02-01"}}),
        ("outposts", "list_sites", {}),
    ],
)
def test_what_is_not_simulated_is_a_plain_400(aws, service, operation, request_):
    answer = refused(getattr(aws(service, region="us-east-1"), operation), **request_)
    assert answer["Error"]["Code"] == "NotImplementedBySimulator"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_moto_answers_for_the_callers_account(aws):
    assert aws("sts").get_caller_identity()["Account"] == "111122223333"
    assert aws("ec2").describe_instances()["Reservations"] == []


def test_an_assumed_role_belongs_to_its_account_and_expires(aws, simulator):
    issued = aws("sts", account="000000000000").assume_role(
        RoleArn="arn:aws:iam::444455556666:role/iem", RoleSessionName="iem", DurationSeconds=900
    )["Credentials"]
    keys = {
        "key": issued["AccessKeyId"],
        "secret": issued["SecretAccessKey"],
        "token": issued["SessionToken"],
    }
    assert aws("sts", **keys).get_caller_identity()["Account"] == "444455556666"
    simulator.advance(seconds=901)
    assert refused(aws("cloudwatch", **keys).describe_alarms)["Error"]["Code"] == "ExpiredTokenException"
    assert refused(aws("sts", **keys).get_caller_identity)["Error"]["Code"] == "ExpiredToken"


def test_a_role_in_an_unknown_account_is_denied(aws):
    sts = aws("sts", account="000000000000")
    answer = refused(sts.assume_role, RoleArn="arn:aws:iam::999999999999:role/x", RoleSessionName="iem")
    assert answer["Error"]["Code"] == "AccessDenied"


@pytest.mark.parametrize("key", ["999999999999", "AKIAREALKEY"])
def test_unknown_keys_are_refused(aws, key):
    answer = refused(aws("cloudwatch", key=key).describe_alarms)
    assert answer["Error"]["Code"] == "UnrecognizedClientException"


def test_the_trusted_advisor_checks_come_from_moto(aws):
    assert (
        len(aws("support", region="us-east-1").describe_trusted_advisor_checks(language="en")["checks"]) > 100
    )


def test_every_call_is_in_the_ledger(aws, simulator):
    aws("cloudwatch").describe_alarms()
    refused(aws("health", region="us-east-1").describe_event_details, eventArns=["nonsense"])
    alarms, details = simulator.calls()
    assert (alarms["service"], alarms["account"], alarms["region"]) == (
        "cloudwatch",
        "111122223333",
        "ap-northeast-2",
    )
    assert details["error"] == "ValidationException" and details["status"] == 400
    assert simulator.calls(since=alarms["n"]) == [details]


def test_a_connection_is_kept_for_the_next_request(simulator):
    host, port = simulator.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        for _ in range(3):
            line.sendall(b"GET /_sim/clock HTTP/1.1\r\nHost: x\r\n\r\n")
            head, _, body = line.recv(65536).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200") and json.loads(body)["scenario"] == "cutover"


def test_the_server_listens_on_loopback_only(simulator):
    assert simulator.url.startswith("http://127.0.0.1:")


def test_the_clock_moves_and_goes_back(simulator):
    before = simulator.now()
    simulator.advance(minutes=30)
    assert simulator.now() - before >= timedelta(minutes=30)
    simulator.reset()
    assert simulator.now() - before < timedelta(minutes=5)


def test_t0_is_75_minutes_before_the_start_without_an_anchor(tmp_path):
    clock = SimClock(tmp_path)
    assert clock.t0() % 60 == 0
    assert LEAD_MIN * 60 <= clock.now() - clock.t0() < LEAD_MIN * 60 + 120


def test_t0_follows_the_demo_file(tmp_path):
    clock, anchor = SimClock(tmp_path), tmp_path / "demo.json"
    own = clock.t0()
    for hour in (1, 2):
        anchor.write_text(json.dumps({"t0": f"2026-11-20T0{hour}:30:00+00:00"}))
        os.utime(anchor, ns=(hour, hour))
        assert datetime.fromtimestamp(clock.t0(), UTC) == datetime(2026, 11, 20, hour, 30, tzinfo=UTC)
    anchor.write_text("{half")
    assert datetime.fromtimestamp(clock.t0(), UTC).hour == 2
    anchor.unlink()
    assert clock.t0() == own


def test_an_unknown_fault_is_refused(simulator):
    for action in ({"explode": True}, {"edit": "nonsense"}, {}):
        with pytest.raises(urllib.error.HTTPError):
            simulator.fault(action)


def test_a_fault_strikes_when_its_rule_says(aws, simulator):
    simulator.fault({"error": "Throttling"}, operation="DescribeAlarms", after=1, every=2, times=2)
    alarms = aws("cloudwatch").describe_alarms
    struck = []
    for _ in range(7):
        try:
            alarms()
            struck.append(0)
        except ClientError:
            struck.append(1)
    assert struck == [0, 1, 0, 1, 0, 0, 0] and len(simulator.fired()) == 2


def test_a_fault_of_one_account_spares_the_others(aws, simulator):
    simulator.fault({"error": "Throttling"}, account="444455556666")
    assert aws("cloudwatch").describe_alarms()["MetricAlarms"]
    assert refused(aws("cloudwatch", account="444455556666").describe_alarms)["Error"]["Code"] == "Throttling"


def test_a_header_can_be_changed(aws, simulator):
    simulator.fault({"header": {"x-odd": "yes"}})
    assert aws("cloudwatch").describe_alarms()["ResponseMetadata"]["HTTPHeaders"]["x-odd"] == "yes"


def test_an_answer_that_the_model_does_not_allow_is_a_bug_not_an_answer(aws, monkeypatch):
    monkeypatch.setitem(OPERATIONS, ("cloudwatch", "DescribeAlarms"), lambda call, request: {"Invented": 1})
    answer = refused(aws("cloudwatch").describe_alarms)
    assert answer["Error"]["Code"] == "SimulatorBug" and answer["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_a_web_page_cannot_use_the_admin_door(simulator):
    request = urllib.request.Request(
        simulator.url + "/_sim/reset", data=b"{}", headers={"Origin": "http://evil"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=60)
