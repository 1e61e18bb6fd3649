"""Is the demo written into an empty database only, all of it or nothing, and taken out again?"""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from engagements.models import Engagement
from iem_portal.accounts.models import Customer, User
from iem_portal.demo import seeding
from iem_portal.registry import demo_parts
from tests import factories

pytestmark = pytest.mark.django_db


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
    broken = SimpleNamespace(key="broken", order=16, seed=lambda world, now: 1 / 0)
    with demo_parts.temporarily(broken), pytest.raises(ZeroDivisionError):
        seeding.seed(arrived_at)
    assert seeding.is_empty()
    assert not (demo.DATA_DIR / "demo.json").exists()
