"""Who watches the watchman: probes, gauges, and the loop that outlives its database."""

import threading
from datetime import timedelta
from math import isnan

import pytest
from django.db import OperationalError

from escalation import engine
from escalation.gauges import ClockLag, ClockSilence, ClockTurn, DeadlinesOverdue, EscalationsOpen
from escalation.management.commands.run_clock import Command
from escalation.models import Deadline
from escalation.probes import ClockProbe
from escalation.tiles import Escalations
from escalation.watching import lag
from iem_portal import loop
from iem_portal.notifications import relay
from iem_portal.notifications.gauges import MessagesDead, MessagesWaiting, OldestMessage
from iem_portal.notifications.probes import RelayProbe
from tests.escalation.bulk import make_running

SECOND = timedelta(seconds=1)


def beat(now):
    engine.beat(instance="here:1", now=now, cycle_ms=7)


def test_a_clock_that_never_ran_is_not_well(db, now):
    assert not ClockProbe().check(now).ok
    assert isnan(ClockSilence().read(now))


def test_a_clock_is_well_for_five_seconds_after_its_beat(db, now):
    beat(now)
    assert ClockProbe().check(now + 5 * SECOND).ok
    assert not ClockProbe().check(now + 6 * SECOND).ok
    assert (ClockSilence().read(now + 6 * SECOND), ClockTurn().read(now)) == (6, 7)


def test_an_overdue_deadline_is_seen_even_when_it_was_pushed_ahead(engagement, now):
    beat(now)
    make_running(engagement, 2, due_at=now - 6 * SECOND)
    Deadline.objects.filter(pk=Deadline.objects.first().pk).update(wake_at=now + 50 * SECOND)
    assert not ClockProbe().check(now).ok
    assert (DeadlinesOverdue().read(now), ClockLag().read(now), EscalationsOpen().read(now)) == (2, 6, 2)


def test_a_relay_is_well_while_it_beats(db, now):
    assert not RelayProbe().check(now).ok
    relay.beat(instance="here:1", now=now)
    assert RelayProbe().check(now + 45 * SECOND).ok
    assert not RelayProbe().check(now + 46 * SECOND).ok


def test_messages_that_wait_are_counted(escalation, now):
    assert (MessagesWaiting().read(now), MessagesDead().read(now)) == (3, 0)
    assert OldestMessage().read(now) == 60


def test_the_clock_sleeps_until_the_next_deadline_but_at_most_a_second(running, monkeypatch):
    monkeypatch.setattr(engine, "run_due", lambda now, **_: 0)
    command = Command()
    # The deadlines of the test lie in another year; one overdue means no sleep at all.
    monkeypatch.setattr(engine, "next_due_at", lambda: None)
    assert command.turn() == 1.0
    monkeypatch.setattr(engine, "next_due_at", lambda: Deadline.objects.earliest("due_at").due_at)
    assert 0.0 < command.turn() <= 1.0


@pytest.mark.parametrize(
    ("error", "pause_s"), [(OperationalError("gone"), 0.2), (ValueError("a bad row"), 1.0)]
)
def test_the_loop_outlives_its_errors(error, pause_s):
    pauses = []

    class Stop(threading.Event):
        def wait(self, seconds):
            pauses.append(seconds)
            if len(pauses) == 3:
                self.set()

    turns = iter([error, error, 0.7])

    def turn():
        step = next(turns)
        if isinstance(step, Exception):
            raise step
        return step

    loop.go_round("test", turn, Stop())
    assert pauses == [pause_s, pause_s, 0.7]


def test_the_boards_tile_says_how_late_the_engine_was_and_when_nobody_watches(engagement, now):
    assert "Clocks are not being watched" in Escalations().render(engagement.pk, audience="staff", now=now)
    beat(now)
    lag.record([(1, 40)], now=now)
    told = Escalations().render(engagement.pk, audience="customer", now=now)
    assert "99% of deadlines recorded within 40 ms" in told and "As of" in told
