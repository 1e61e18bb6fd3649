"""Does anybody watch the watchman? Audit, findings, lateness and the outside heartbeat."""

import http.server
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escalation import engine, timing
from escalation.models import Audit, Deadline, Finding, Lag
from escalation.watching import heartbeat, lag, rounds
from escalation.watching.audit import wrongs
from iem_portal.notifications import relay
from iem_portal.notifications.models import Notification
from tests import factories
from tests.escalation.bulk import make_running

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def watched(now):
    """Both loops beat at ``now``."""
    engine.beat(instance="test", now=now, cycle_ms=3)
    relay.beat(instance="test", now=now)


def kinds(now):
    return [wrong.kind for wrong in wrongs(now)]


def test_nothing_is_wrong_while_every_clock_has_a_next_wake_up(running, watched, now):
    assert kinds(now) == []


def test_silent_loops_are_found(db, now):
    assert kinds(now) == ["engine-silent", "relay-silent"]


def test_wish_25_a_clock_that_nothing_would_wake_is_found(running, watched, now):
    """oncall#1206: nobody was paged for hours, and nobody noticed."""
    Deadline.objects.waiting().filter(clock__kind="first_response").update(
        cancelled_at=now, cancel_reason="a bug"
    )
    [wrong] = wrongs(now)
    assert (wrong.kind, wrong.params["clock"], wrong.params["stage"]) == (
        "asleep",
        "first_response",
        "breach",
    )


def test_a_clock_that_a_bug_left_held_after_the_wait_is_found(running, watched, now):
    Deadline.objects.waiting().filter(clock__kind="level").update(cancelled_at=now, cancel_reason="paused")
    assert kinds(now) == ["asleep"]


def test_an_objective_that_was_set_later_is_watched_too(running, watched, tam, now):
    running.restore_target_min = 240
    timing.restore_target_changed(running, by=tam, now=now)
    Deadline.objects.waiting().filter(clock__kind="restore").update(cancelled_at=now, cancel_reason="a bug")
    assert kinds(now) == ["asleep"]


def test_a_reopened_clock_is_watched_too(running, watched, tam, now):
    running.restore_target_min = 240
    timing.restore_target_changed(running, by=tam, now=now)
    timing.restored(running, at=now, by=tam, now=now)
    timing.reopened(running, at=now, by=tam, now=now)
    assert kinds(now) == []
    Deadline.objects.waiting().filter(clock__kind="restore").update(cancelled_at=now, cancel_reason="a bug")
    assert kinds(now) == ["asleep"]


def test_a_clock_that_is_held_sleeps_by_right(running, watched, tam, now):
    running.waiting_since, running.waiting_reason = now, "logs asked for"
    running.save(update_fields=["waiting_since", "waiting_reason"])
    timing.waiting(running, at=now, by=tam, now=now, reason="logs asked for")
    assert kinds(now) == []


def test_an_unrecorded_deadline_is_found_with_its_engagement(running, watched, now):
    late = Deadline.objects.waiting().latest("due_at").due_at + MINUTE
    found = wrongs(late)
    assert {wrong.kind for wrong in found} == {"engine-silent", "relay-silent", "overdue", "stuck"}
    assert {wrong.engagement_id for wrong in found if wrong.kind == "overdue"} == {running.engagement_id}


def test_wish_27_the_audit_is_cheap_however_many_escalations(engagement, watched, now):
    """oncall#724: the checker was switched off because its query was slow."""
    with CaptureQueriesContext(connection) as few:
        assert wrongs(now) == []
    make_running(engagement, 300, due_at=now + MINUTE)
    with CaptureQueriesContext(connection) as many:
        assert wrongs(now) == []
    assert len(many) == len(few) <= 7


def test_a_finding_is_told_once_and_gone_when_it_is_found_no_more(running, watched, now):
    boss = factories.user(portal_role="administrator")
    Deadline.objects.waiting().filter(clock__kind="restore").update(cancelled_at=now, cancel_reason="a bug")
    Deadline.objects.waiting().filter(clock__kind="update").update(cancelled_at=now, cancel_reason="a bug")
    before = Notification.objects.count()
    rounds.go(now)
    rounds.go(now)
    told = Notification.objects.order_by("pk")[before:]
    assert boss.email in [message.address for message in told]
    assert len({message.address for message in told}) == len(told)
    Deadline.objects.filter(cancel_reason="a bug").update(cancelled_at=None, cancel_reason="")
    assert rounds.go(now).findings == 0
    assert not Finding.objects.filter(gone_at=None).exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("late_ms", "column"), [(0, "le_50"), (50, "le_50"), (51, "le_250"), (5_000, "le_5000"), (5_001, "later")]
)
def test_lateness_falls_into_its_column(late_ms, column):
    assert lag.column_of(late_ms) == column


def test_lateness_is_counted_by_minute_and_the_latest_are_named(now):
    lag.record([(1, 10)] * 98 + [(2, 200), (3, 7_000)], now=now)
    lag.record([(4, 20)], now=now)
    late = lag.since(now)
    assert (late.count, late.p50_ms, late.p99_ms, late.worst_ms) == (101, 50, 250, 7_000)
    assert Lag.objects.count() == 1
    assert [row.params["deadline"] for row in Finding.objects.all()] == [3]


def test_wish_51_the_engine_says_how_late_it_was(running, now):
    """OneUptime#1458: a one-minute check told after five, and no page said so."""
    due = Deadline.objects.waiting().earliest("due_at").due_at
    engine.run_due(due, clock=lambda: due + timedelta(seconds=2))
    assert lag.since(due).worst_ms == 2_000


@pytest.fixture
def watcher():
    """An outside watcher: counts what it hears and answers as it is told."""
    seen = SimpleNamespace(pings=0, status=200)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.pings += 1
            self.send_response(seen.status)
            self.send_header("Location", self.path)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen.url = f"http://127.0.0.1:{server.server_port}/ping"
    yield seen
    server.shutdown()
    server.server_close()


def test_the_outside_heartbeat_is_sent_after_a_clean_audit_only(running, watched, watcher, settings, now):
    settings.HEARTBEAT_URL = watcher.url
    rounds.go(now)
    assert watcher.pings == 1
    rounds.go(now + MINUTE)  # both loops are silent by then
    assert watcher.pings == 1


def test_a_heartbeat_that_nobody_answers_is_noted(watcher, settings, now):
    Audit.objects.create(name="clocks", at=now)
    settings.HEARTBEAT_URL, watcher.status = watcher.url, 500
    assert heartbeat.ping(now=now) is False
    assert Audit.objects.get().ping_problem == "HTTP 500"
    settings.HEARTBEAT_URL = "file:///etc/passwd"
    assert heartbeat.ping(now=now) is False


def test_a_watcher_that_sends_us_elsewhere_has_not_heard(watcher, settings, now):
    Audit.objects.create(name="clocks", at=now)
    settings.HEARTBEAT_URL, watcher.status = watcher.url, 302
    assert heartbeat.ping(now=now) is False
    assert watcher.pings == 1
    assert "redirects are not followed" in Audit.objects.get().ping_problem


def test_the_page_shows_findings_to_aws_only(as_user, tam, customer_lead, now):
    assert as_user(customer_lead).get("/escalations/engine/").status_code == 403
    page = as_user(tam).get("/escalations/engine/").content.decode()
    assert "Are the clocks right?" in page
