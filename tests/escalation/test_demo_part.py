"""The demo's escalations, as the newcomer finds them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from escalation import engine, reading
from escalation.demo import Escalations
from escalation.models import ResponseTarget
from tests import factories

MIN = timedelta(minutes=1)


@pytest.fixture
def world(engagement):
    roles = {"tam": "tam", "customer": "customer_lead", "warroom": "support_engineer"}
    people = {name: factories.member(engagement, role) for name, role in roles.items()}
    return SimpleNamespace(engagement=engagement, people=people)


def test_one_was_answered_in_time_and_one_is_running_out(world, now):
    Escalations().seed(world, now)
    first, second = reading.of_engagement(world.engagement, now)
    assert (first.clock.verdict, first.to_answer_min, first.escalation.is_open) == ("met", 38, False)
    assert (second.clock.look, second.escalation.level) == ("ok", 1)


def test_the_newcomer_sees_the_warning_and_then_the_breach(world, now):
    Escalations().seed(world, now)
    assert engine.next_due_at() == now + timedelta(seconds=80)
    assert engine.run_due(now + 260 * timedelta(seconds=1)) == 2
    assert reading.of_engagement(world.engagement, now + 5 * MIN)[1].clock.verdict == "missed"


def test_it_brings_its_targets_when_the_database_was_flushed(world, now):
    ResponseTarget.objects.all().delete()
    Escalations().seed(world, now)
    assert ResponseTarget.objects.count() == 26
