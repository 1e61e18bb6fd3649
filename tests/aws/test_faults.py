"""Every way in which AWS or the network can misbehave, and the kind of error that the portal makes of it."""

import socket

import pytest
from botocore.config import Config

from iem_portal.aws import health, sessions
from iem_portal.aws.cloudwatch import read_alarms
from iem_portal.aws.errors import AwsError
from iem_portal.aws.metrics import read_metrics

READS = {"cloudwatch": "GetMetricData", "alarms": "DescribeAlarms", "health": "DescribeEvents"}

ERRORS = [
    ("ThrottlingException", 400, "throttled"),
    ("Throttling", 400, "throttled"),
    ("TooManyRequestsException", 429, "throttled"),
    ("LimitExceeded", 400, "throttled"),
    ("InternalFailure", 500, "transient"),
    ("ServiceUnavailable", 503, "transient"),
    ("ExpiredTokenException", 403, "expired"),
    ("RequestTimeTooSkewed", 403, "clock"),
    ("InvalidSignatureException", 403, "auth"),
    ("UnrecognizedClientException", 403, "auth"),
    ("AccessDeniedException", 403, "permission"),
    ("SubscriptionRequiredException", 400, "plan"),
    ("ResourceNotFoundException", 404, "not_found"),
    ("ValidationError", 400, "invalid"),
    ("NotImplementedBySimulator", 400, "unsimulated"),
]

BODIES = [
    ({"raw": "<html><body>It works</body></html>"}, "malformed"),
    ({"raw": "{}"}, "malformed"),
    ({"empty": True}, "malformed"),
    ({"truncate": 0.5}, "malformed"),
    ({"corrupt": True}, "malformed"),
    ({"raw": "<html>bad gateway</html>", "status": 502}, "transient"),
    ({"reset": True}, "transient"),
    ({"cut": True}, "transient"),
]


@pytest.fixture(params=READS)
def read(request, target, lag, window):
    """One of the three reads, and the operation it depends on."""
    reads = {
        "cloudwatch": lambda **kw: read_metrics(target, [lag], *window, **kw),
        "alarms": lambda **kw: read_alarms(target, **kw),
        "health": lambda **kw: health.changes(target, window[0], **kw),
    }
    return reads[request.param], READS[request.param]


@pytest.fixture
def impatient(monkeypatch):
    """The same settings with short pauses, so that retries do not make the tests slow."""
    quick = Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=5, read_timeout=20)
    monkeypatch.setattr(sessions, "CONFIG", quick)


@pytest.fixture
def one_attempt(monkeypatch):
    """No retries: which kind a code becomes does not depend on them."""
    monkeypatch.setattr(sessions, "CONFIG", Config(retries={"mode": "standard", "total_max_attempts": 1}))


@pytest.mark.parametrize(("code", "status", "kind"), ERRORS)
def test_an_error_code_gets_its_kind(simulator, one_attempt, target, code, status, kind):
    simulator.fault({"error": code, "status": status}, operation="DescribeAlarms")
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.kind == kind and caught.value.code == code


def test_every_read_tells_the_kind_of_its_error(simulator, one_attempt, read):
    ask, operation = read
    for code, status, kind in (ERRORS[0], ERRORS[10]):
        simulator.fault({"error": code, "status": status}, operation=operation)
        with pytest.raises(AwsError) as caught:
            ask()
        assert caught.value.kind == kind
        simulator.mend()


@pytest.mark.parametrize(("action", "kind"), BODIES)
def test_a_broken_answer_is_never_an_empty_one(simulator, impatient, read, action, kind):
    ask, operation = read
    simulator.fault(action, operation=operation)
    with pytest.raises(AwsError) as caught:
        ask()
    assert caught.value.kind == kind


@pytest.mark.parametrize("action", [action for action, _ in BODIES])
def test_one_broken_answer_is_asked_again(simulator, impatient, target, action):
    simulator.fault(action, operation="DescribeAlarms", times=1)
    assert read_alarms(target)
    assert len(simulator.fired()) == 1


def test_a_server_that_hangs_is_a_timeout(simulator, monkeypatch, read):
    ask, operation = read
    once = Config(retries={"mode": "standard", "total_max_attempts": 1}, read_timeout=0.3)
    monkeypatch.setattr(sessions, "CONFIG", once)
    simulator.fault({"latency_s": 1.5}, operation=operation)
    with pytest.raises(AwsError) as caught:
        ask()
    assert caught.value.kind == "timeout"


def test_a_server_that_drips_meets_our_own_deadline(simulator, impatient, read):
    ask, operation = read
    simulator.fault({"drip_s": 0.2}, operation=operation)
    with pytest.raises(AwsError) as caught:
        ask(deadline_s=0.5)
    assert (caught.value.kind, caught.value.code) == ("timeout", "Deadline")


@pytest.mark.parametrize("edit", ["token_loop", "new_tokens"])
def test_pages_without_an_end_are_incomplete(simulator, target, window, edit):
    simulator.fault({"edit": edit}, operation="DescribeAlarms")
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.kind == "incomplete"
    assert len(simulator.calls(operation="DescribeAlarms")) <= 50


def test_a_refused_connection_is_transient(simulator, impatient, target, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(AwsError) as caught:
            read_alarms(target)
    assert caught.value.kind == "transient"


def test_a_name_that_does_not_resolve_is_transient(simulator, impatient, target, monkeypatch):
    def refuse(*args, **kwargs):
        raise socket.gaierror("no such name")

    monkeypatch.setenv("AWS_ENDPOINT_URL", simulator.url.replace("127.0.0.1", "localhost"))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.kind == "transient"


def test_a_clock_error_shows_both_clocks(simulator, target):
    simulator.fault({"error": "RequestTimeTooSkewed", "status": 403}, operation="DescribeAlarms")
    with pytest.raises(AwsError, match=r"AWS clock .* GMT, our clock .* GMT"):
        read_alarms(target)


def test_a_missing_permission_is_asked_again_after_a_while(simulator, target):
    simulator.fault({"error": "AccessDeniedException", "status": 403}, operation="DescribeAlarms")
    with pytest.raises(AwsError) as caught:
        read_alarms(target)
    assert caught.value.retry_at is not None and caught.value.request_id


# --- answers of GetMetricData that are well formed and wrong -------------------------------------------------------


@pytest.mark.parametrize("edit", ["partial", "internal_error", "forbidden"])
def test_a_series_that_is_not_complete_has_a_reason(simulator, target, fleet, window, edit):
    simulator.fault({"edit": edit}, operation="GetMetricData")
    read = read_metrics(target, fleet(4), *window)
    assert set(read.reasons) == {"host 0", "host 2"} and read.complete_ids == {"host 1", "host 3"}


def test_a_metric_that_was_not_answered_is_unknown_not_zero(simulator, target, fleet, window):
    simulator.fault({"edit": "drop_half"}, operation="GetMetricData")
    read = read_metrics(target, fleet(4), *window)
    assert set(read.reasons) == {"host 0", "host 2"} == set(fleet_ids(4)) - set(read.series)


def fleet_ids(count):
    return [f"host {index}" for index in range(count)]


def test_times_and_values_that_do_not_match_are_rejected(simulator, target, fleet, window):
    simulator.fault({"edit": "mismatch"}, operation="GetMetricData")
    read = read_metrics(target, fleet(2), *window)
    assert "host 0" not in read.series and read.reasons["host 0"].startswith("malformed")
    assert read.complete_ids == {"host 1"}


def test_values_that_are_not_numbers_are_dropped(simulator, target, lag, window):
    simulator.fault({"edit": "nan"}, operation="GetMetricData")
    read = read_metrics(target, [lag], *window)
    assert len(read.series["lag"]) == 4 and "not numbers" in read.reasons["lag"]


@pytest.mark.parametrize("edit", ["duplicates", "unsorted"])
def test_points_come_sorted_and_once(simulator, target, lag, window, edit):
    whole = read_metrics(target, [lag], *window)
    simulator.fault({"edit": edit}, operation="GetMetricData")
    assert read_metrics(target, [lag], *window).series == whole.series


@pytest.mark.parametrize("edit", ["token_loop", "new_tokens"])
def test_metric_pages_without_an_end_keep_what_is_complete(simulator, target, lag, window, edit):
    simulator.fault({"edit": edit}, operation="GetMetricData")
    read = read_metrics(target, [lag], *window)
    assert len(simulator.calls(operation="GetMetricData")) <= 50
    assert len(read.series["lag"]) == 5


def test_a_chunk_that_fails_does_not_lose_the_others(simulator, impatient, target, fleet, window):
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="GetMetricData", after=1, times=2)
    read = read_metrics(target, fleet(1500), *window)
    assert len(read.complete_ids) == 1000 and len(read.reasons) == 500


def test_a_deadline_keeps_the_chunks_that_were_read(simulator, target, fleet, window):
    simulator.fault({"latency_s": 5}, operation="GetMetricData", after=1)
    read = read_metrics(target, fleet(1000), *window, deadline_s=3)
    assert len(read.complete_ids) == 500
    assert all(reason.startswith("timeout") for reason in read.reasons.values())


def test_a_throttled_target_is_not_asked_further(simulator, impatient, target, fleet, window):
    simulator.fault({"error": "ThrottlingException"}, operation="GetMetricData")
    with pytest.raises(AwsError):
        read_metrics(target, fleet(1500), *window)
    assert len(simulator.calls(operation="GetMetricData")) == 2
