"""The demo's escalations, as the newcomer finds them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from escalation import engine, faces
from escalation.demo import Escalations
from escalation.models import Escalation, ResponseTarget
from tests import factories

MIN = timedelta(minutes=1)


@pytest.fixture
def world(engagement):
    roles = {"tam": "tam", "customer": "customer_lead", "warroom": "support_engineer"}
    people = {name: factories.member(engagement, role) for name, role in roles.items()}
    return SimpleNamespace(engagement=engagement, people=people)


def shown(engagement, now):
    found = faces.with_clocks(Escalation.objects.filter(engagement=engagement).order_by("number"))
    return [(one.is_open, faces.face(one, now)) for one in found]


def test_one_was_answered_in_time_and_one_is_running_out(world, now):
    Escalations().seed(world, now)
    (is_first_open, first), (is_second_open, second) = shown(world.engagement, now)
    assert (is_first_open, first.state, first.taken_s) == (False, "met", 38 * 60)
    assert (is_second_open, second.state, second.due_at) == (True, "running", now + timedelta(seconds=260))


def test_the_newcomer_sees_the_warning_and_then_the_breach(world, now):
    Escalations().seed(world, now)
    assert engine.next_due_at() == now + timedelta(seconds=80)
    engine.run_due(now + timedelta(seconds=259))
    assert shown(world.engagement, now + 5 * MIN)[1][1].breached_at is None
    engine.run_due(now + timedelta(seconds=260))
    assert shown(world.engagement, now + 5 * MIN)[1][1].breached_at == now + timedelta(seconds=260)


def test_it_brings_its_targets_when_the_database_was_flushed(world, now):
    ResponseTarget.objects.all().delete()
    Escalations().seed(world, now)
    assert ResponseTarget.objects.count() == 26
