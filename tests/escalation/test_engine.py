"""The engine: every deadline once, dated at itself, whatever else goes wrong."""

import logging
from datetime import timedelta

import pytest

from engagements.models import TimelineEntry
from escalation import engine, firing
from escalation.clock import BREACH
from escalation.ladder import words
from escalation.models import ClockEvent, Deadline, EngineBeat
from escalation.tasks import tick
from iem_portal.accounts.actors import SYSTEM_CLOCK
from iem_portal.live.models import Topic
from iem_portal.notifications.models import Notification
from tests.escalation.bulk import make_running

MIN = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("only_awss_promise")


def fired():
    return Deadline.objects.filter(fired_at__isnull=False)


def test_nothing_fires_a_microsecond_too_early(running, now):
    assert engine.run_due(now + 7.5 * MIN - timedelta(microseconds=1)) == 0
    assert engine.run_due(now + 7.5 * MIN) == 1


def test_a_second_run_finds_nothing(running, now):
    assert [engine.run_due(now + 60 * MIN), engine.run_due(now + 60 * MIN)] == [3, 0]


def test_after_an_outage_everything_is_dated_at_its_deadline(running, now):
    engine.run_due(now + 600 * MIN)
    events = ClockEvent.objects.filter(kind__in=["warned", "breached"]).order_by("at")
    assert [event.at - now for event in events] == [7.5 * MIN, 12 * MIN, 15 * MIN]
    assert {event.recorded_at for event in events} == {now + 600 * MIN}
    entries = TimelineEntry.objects.filter(subject_type="escalation", kind="system").order_by("at")
    assert [entry.at - now for entry in entries] == [7.5 * MIN, 12 * MIN, 15 * MIN]


def test_a_breach_tells_the_account_manager_and_a_warning_does_not(running, people, now):
    engine.run_due(now + 12 * MIN)
    assert not Notification.objects.filter(user_id=people["account_manager"].pk).exists()
    engine.run_due(now + 15 * MIN)
    assert Notification.objects.get(user_id=people["account_manager"].pk).template == "escalation/mail/breach"
    assert not Notification.objects.filter(user_id__in=[people["viewer"].pk, people["concierge"].pk]).exists()


def test_a_breach_announces_its_tiles(running, engagement, now):
    before = Topic.objects.get(name=engagement.topic).version
    engine.run_due(now + 7.5 * MIN)
    assert Topic.objects.get(name=engagement.topic).version > before


def test_the_next_look_is_at_the_next_deadline(running, now):
    engine.run_due(now + 8 * MIN)
    assert engine.next_due_at() == now + 12 * MIN
    engine.run_due(now + 99 * MIN)
    assert engine.next_due_at() is None


def test_more_than_one_batch_is_fired_in_one_run(engagement, now, monkeypatch):
    monkeypatch.setattr(engine, "BATCH", 20)
    make_running(engagement, 50, due_at=now)
    assert engine.run_due(now) == 50


def test_a_batch_costs_the_same_statements_however_many_are_due(
    engagement, people, now, django_assert_max_num_queries
):
    make_running(engagement, 300, due_at=now)
    # Fixed statements, plus inserts that SQLite splits by its limit of variables.
    with django_assert_max_num_queries(60):
        assert engine.run_due(now) == 300


def test_a_poisoned_row_holds_up_nobody_and_is_tried_again(engagement, now, monkeypatch, caplog):
    make_running(engagement, 5, due_at=now)
    poisoned = Deadline.objects.order_by("pk")[2]
    of_due = words.of_due

    def trip(due):
        if due.pk == poisoned.pk:
            raise ValueError("poison")
        return of_due(due)

    monkeypatch.setattr(words, "of_due", trip)
    with caplog.at_level(logging.CRITICAL, logger="escalation.engine"):
        assert engine.run_due(now) == 4
        assert engine.run_due(now + timedelta(seconds=59)) == 0
    monkeypatch.undo()
    assert engine.run_due(now + MIN) == 1
    assert ClockEvent.objects.get(clock=poisoned.clock, stage=BREACH).at == now


def test_a_row_that_somebody_took_meanwhile_undoes_the_batch(engagement, now):
    make_running(engagement, 2, due_at=now)
    rows = firing.read(Deadline.objects.all())
    Deadline.objects.filter(pk=rows[0].pk).update(cancelled_at=now, cancel_reason="answered")
    with pytest.raises(firing.RowsChanged):
        firing.fire(rows, now=now, by=SYSTEM_CLOCK)


def test_the_celery_task_is_the_same_engine(engagement, now):
    make_running(engagement, 3, due_at=now - timedelta(days=900))
    assert tick() == 3
    assert set(fired().values_list("fired_by", flat=True)) == {"Clock"}


def test_the_beat_is_one_row(db, now):
    engine.beat(instance="a:1", now=now, cycle_ms=3)
    engine.beat(instance="b:2", now=now + MIN, cycle_ms=4)
    assert EngineBeat.objects.get().instance == "b:2"
