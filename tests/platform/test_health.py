"""Do machines learn whether the portal is well, and nobody else its figures?"""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from iem_portal import prometheus
from iem_portal.checks import demo_on_a_public_address
from iem_portal.registry import Probe, gauges, probes


def test_healthz_asks_no_database(client):
    """No database mark on this test: a query would raise."""
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_is_well_when_every_check_is(client):
    ours = {"database", "migrations", "broker"}
    with ExitStack() as stack:
        for key in {probe.key for probe in probes} - ours:
            well = SimpleNamespace(key=key, check=lambda now: Probe(True, "1 s ago"))
            stack.enter_context(probes.temporarily(well))
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert all(answer.json()["checks"][key]["ok"] for key in ours)


@pytest.mark.django_db
def test_readyz_answers_503_when_one_check_fails(client):
    with probes.temporarily(SimpleNamespace(key="clock", check=lambda now: Probe(False, "no heartbeat"))):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


@pytest.mark.django_db
def test_a_check_that_raises_fails_without_its_secrets(client):
    def boom(now):
        raise ConnectionError("redis://:password@host")

    with probes.temporarily(SimpleNamespace(key="broker", check=boom)):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False, "detail": "ConnectionError"}


@pytest.mark.django_db
def test_the_broker_check_notices_a_folder_that_is_gone(client, settings, tmp_path):
    settings.REDIS_URL, settings.DATA_DIR = "", tmp_path / "gone"
    assert client.get("/readyz").json()["checks"]["broker"]["ok"] is False


@pytest.mark.django_db
def test_metrics_are_for_this_machine_alone(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403


@pytest.mark.django_db
def test_metrics_want_the_token_when_there_is_one(client, settings):
    settings.METRICS_TOKEN = "s3cret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    allowed = client.get("/metrics", headers={"Authorization": "Bearer s3cret"}, REMOTE_ADDR="203.0.113.9")
    assert allowed.status_code == 200


@pytest.mark.django_db
def test_a_figure_is_written_with_its_labels(client):
    gauge = SimpleNamespace(key="outbox", help="Rows by state", read=lambda now: [({"state": 'a"b'}, 3)])
    with gauges.temporarily(gauge):
        page = client.get("/metrics").content.decode()
    assert 'iem_outbox{state="a\\"b"} 3.0\n' in page


def test_a_broken_figure_hides_no_other(now):
    parts = [
        SimpleNamespace(key="broken", read=lambda now: 1 / 0),
        SimpleNamespace(key="fine", help="Fine", read=lambda now: 1_764_346_500.25),
    ]
    page = prometheus.page(parts, now)
    assert "iem_fine 1764346500.25\n" in page
    assert "iem_gauges_failed 1.0\n" in page


@pytest.mark.parametrize(
    ("is_demo", "is_https", "count"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_a_demo_on_a_public_address_is_warned_about(settings, is_demo, is_https, count):
    settings.DEMO, settings.IS_HTTPS = is_demo, is_https
    assert len(demo_on_a_public_address(None)) == count
