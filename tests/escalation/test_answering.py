"""AWS's first answer: in time, late, claimed later, corrected."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from escalation import actions, clock, engine, planning
from escalation.clock import BREACH
from escalation.models import Deadline
from iem_portal.notifications.models import Notification

MIN = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("only_awss_promise")


@pytest.fixture
def answer(running, people):
    """Press "AWS answered": ``answer(now=…, at=…)``."""

    def press(**fields):
        return actions.answered(**({"escalation": running, "how": "call", "by": people["tam"]} | fields))

    return press


def breach(escalation):
    return Deadline.objects.filter(clock__escalation=escalation, stage=BREACH).order_by("-cycle").first()


def verdict(escalation):
    return clock.verdict(planning.state_of(escalation.clocks.get(kind="first_response")))


def test_an_answer_in_time_stops_the_clock(running, answer, now):
    result = answer(now=now + 9 * MIN)
    assert (result.is_late, result.escalation.level) == (False, 2)
    assert engine.run_due(now + 60 * MIN) == 0
    assert breach(running).cancel_reason == "answered"


def test_what_was_due_before_the_answer_is_fired_first(running, answer, now):
    answer(now=now + 9 * MIN)
    assert running.clocks.get(kind="first_response").events.filter(kind="warned").get().at == now + 7.5 * MIN


def test_an_answer_after_an_engine_that_was_down_is_late_all_the_same(running, answer, now):
    assert answer(now=now + 16 * MIN).is_late
    row = breach(running)
    assert (row.fired_at, row.due_at) == (now + 16 * MIN, now + 15 * MIN)


def test_an_answer_at_the_very_deadline_is_late(running, answer, now):
    assert answer(now=now + 15 * MIN).is_late


def test_a_breach_that_was_recorded_first_stands(running, answer, now):
    engine.run_due(now + 15 * MIN)
    # The press was a moment earlier, but the engine reached the row first.
    assert answer(now=now + 15 * MIN - timedelta(milliseconds=5)).is_late
    assert verdict(running) == clock.MISSED


def test_a_phone_call_before_the_breach_needs_a_reason_and_keeps_both(running, answer, now):
    engine.run_due(now + 20 * MIN)
    with pytest.raises(ValidationError) as caught:
        answer(now=now + 20 * MIN, at=now + 10 * MIN)
    assert "reason" in caught.value.message_dict
    result = answer(now=now + 20 * MIN, at=now + 10 * MIN, reason="called at 01:25, noted later")
    assert (result.is_late, result.is_corrected) == (False, True)
    assert breach(running).fired_at == now + 20 * MIN
    assert (
        running.clocks.get(kind="first_response").events.filter(kind="stop_moved").get().moved_to
        == now + 10 * MIN
    )


def test_a_corrected_answer_that_came_too_late_breaches_after_all(running, answer, now):
    answer(now=now + 9 * MIN)
    result = answer(now=now + 30 * MIN, at=now + 20 * MIN, reason="the first was an automatic receipt")
    assert result.is_late
    assert breach(running).fired_at == now + 30 * MIN


def test_a_second_press_changes_nothing(running, answer, now):
    answer(now=now + 9 * MIN)
    with pytest.raises(ValidationError):
        answer(now=now + 9 * MIN)
    running.refresh_from_db()
    assert running.answered_at == now + 9 * MIN


def test_no_page_goes_out_after_an_answer(answer, now):
    answer(now=now + MIN)
    before = Notification.objects.count()
    engine.run_due(now + 60 * MIN)
    assert Notification.objects.count() == before


def test_the_customer_cannot_stop_awss_clock(answer, people, now):
    with pytest.raises(PermissionDenied):
        answer(now=now + MIN, by=people["customer_lead"])


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"how": "pigeon"}, "how"), ({"at": 2 * MIN}, "at"), ({"at": -2 * MIN}, "at")],
)
def test_impossible_answers_are_named_by_their_field(answer, now, fields, named):
    fields = {key: now + value if key == "at" else value for key, value in fields.items()}
    with pytest.raises(ValidationError) as caught:
        answer(now=now + MIN, **fields)
    assert list(caught.value.message_dict) == [named]


def test_without_a_case_there_is_nothing_to_answer(escalation, people, now):
    with pytest.raises(ValidationError):
        actions.answered(escalation=escalation, how="call", by=people["tam"], now=now)
