"""The start refuses to mix simulated and real AWS."""

import pytest

from iem_portal.aws import checks


@pytest.fixture
def aws(settings, monkeypatch):
    """`aws(url)`: point the settings there; "" is the real AWS."""

    def point(url):
        settings.AWS_ENDPOINT_URL, settings.SIMULATED_AWS = url, bool(url)

    for name in list(checks._endpoints()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", raising=False)
    point("")
    return point


def ids(problems):
    return [problem.id for problem in problems]


def test_a_loopback_endpoint_is_fine(aws):
    aws("http://127.0.0.1:8001")
    assert checks.endpoint_stays_here() == []


def test_another_machine_is_refused(aws):
    aws("http://192.0.2.7:8001")
    assert ids(checks.endpoint_stays_here()) == ["iem.E101"]


def test_another_machine_for_one_service_is_refused(aws, monkeypatch):
    aws("http://127.0.0.1:8001")
    monkeypatch.setenv("AWS_ENDPOINT_URL_HEALTH", "https://health.us-east-1.amazonaws.com")
    assert ids(checks.endpoint_stays_here()) == ["iem.E101"]


def test_an_endpoint_that_boto3_is_told_to_ignore_is_refused(aws, monkeypatch):
    aws("http://127.0.0.1:8001")
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert ids(checks.endpoint_stays_here()) == ["iem.E102"]


def test_a_single_simulated_service_beside_the_real_aws_is_refused(aws, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_HEALTH", "http://127.0.0.1:8001")
    assert ids(checks.no_stray_endpoint()) == ["iem.E103"]


def test_a_production_portal_refuses_a_simulation(aws, settings):
    aws("http://127.0.0.1:8001")
    settings.DEMO = False
    assert ids(checks.production_uses_the_real_aws()) == ["iem.E104"]
    settings.DEMO = True
    assert checks.production_uses_the_real_aws() == []
