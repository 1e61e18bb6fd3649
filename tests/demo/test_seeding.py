"""Is the demo's world written once, whole, and only in a demo?"""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from engagements.models import Engagement, Membership, Role, TimelineEntry
from iem_portal.accounts.models import Customer, User
from iem_portal.demo import seeding
from iem_portal.demo.people import PASSWORD, PEOPLE, WITH_BUTTON
from iem_portal.registry import demo_parts
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_cutover_began_75_minutes_ago_to_the_minute(world, demo):
    assert world.engagement.starts_at == datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
    assert json.loads((demo.DATA_DIR / "demo.json").read_text()) == {"t0": "2026-11-28T14:00:00+00:00"}


def test_the_five_sign_in_with_the_public_password_and_nobody_else(world):
    able = {user.email for user in User.objects.all() if user.check_password(PASSWORD)}
    assert able == {person.email for person in WITH_BUTTON}
    assert len(able) == 5
    assert User.objects.filter(is_demo=True).count() == len(PEOPLE)


def test_both_events_are_dated_in_the_past(world, arrived_at):
    assert not TimelineEntry.objects.filter(at__gt=arrived_at).exists()
    assert world.engagement.requested_at < arrived_at
    assert not Engagement.objects.filter(is_late_request=True, reference="IEM-2611").exists()


def test_every_role_of_an_engagement_is_played(world):
    roles = set(Membership.objects.filter(engagement=world.engagement).values_list("role", flat=True))
    assert roles == set(Role.values) - {"manager", "administrator"}


def test_no_customer_is_a_member_of_the_others_event(world):
    for engagement in (world.engagement, world.rival_engagement):
        sides = engagement.memberships.values_list("user__customer", flat=True)
        assert set(sides) == {None, engagement.customer_id}


def test_seeding_twice_changes_nothing(world, capsys):
    before = (User.objects.count(), Engagement.objects.count(), TimelineEntry.objects.count())
    call_command("seed_demo")
    assert "already there" in capsys.readouterr().out
    assert (User.objects.count(), Engagement.objects.count(), TimelineEntry.objects.count()) == before


def test_if_empty_leaves_a_database_in_use_alone(db, demo, capsys):
    factories.user()
    call_command("seed_demo", if_empty=True)
    assert "in use" in capsys.readouterr().out
    assert not Engagement.objects.exists()


def test_without_a_switch_a_database_in_use_is_an_error(db, demo):
    factories.user()
    with pytest.raises(CommandError, match="in use"):
        call_command("seed_demo")


@pytest.mark.django_db(transaction=True)
def test_reset_begins_the_story_again_without_its_mail(demo, arrived_at):
    seeding.seed(arrived_at)
    (demo.EMAIL_FILE_PATH / "20261128-000000-1.log").write_text("old")
    Customer.objects.create(name="Made by a visitor", slug="visitor")
    call_command("seed_demo", reset=True)
    assert Customer.objects.count() == 2
    assert not list(demo.EMAIL_FILE_PATH.glob("*.log"))


def test_reset_deletes_no_real_database(db, demo):
    customer = factories.customer()
    with pytest.raises(CommandError, match="nothing is deleted"):
        call_command("seed_demo", reset=True)
    assert Customer.objects.filter(pk=customer.pk).exists()


@pytest.mark.parametrize("options", [{}, {"reset": True}])
def test_outside_a_demo_nothing_is_seeded_or_deleted(no_demo, options):
    with pytest.raises(CommandError, match="DEMO is off"):
        call_command("seed_demo", **options)
    assert not User.objects.exists()


def test_a_part_that_fails_leaves_an_empty_database(demo, arrived_at):
    broken = SimpleNamespace(key="broken", order=999, seed=lambda world, now: 1 / 0)
    with demo_parts.temporarily(broken), pytest.raises(ZeroDivisionError):
        seeding.seed(arrived_at)
    assert seeding.is_empty()
    assert not (demo.DATA_DIR / "demo.json").exists()
