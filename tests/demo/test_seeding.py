"""Is the demo's world whole?"""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement, Membership, Role, TimelineEntry
from iem_portal.accounts.models import User
from iem_portal.demo.people import PASSWORD, PEOPLE, WITH_BUTTON

pytestmark = pytest.mark.django_db
PAGES = (
    "", "board/", "board/metrics/", "board/more/", "runbook/", "runbook/1/", "runbook/1/log/", "runbook/1/gates/G3/",
    "runbook/1/rehearsal/", "replay/", "people/", "noise/", "timeline/", "milestones/", "team/", "criteria/",
    "workbook/", "workbook/WB01/", "workbook/WB08/", "workbook/WB12/", "workbook/readiness/", "workbook/freezes/",
    "workbook/open-items/", "escalations/", "escalations/1/", "escalations/2/", "escalations/ladder/", "report/",
)  # fmt: skip


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


@pytest.mark.parametrize("email", ["tam@demo.example", "customer@demo.example"])
def test_no_page_of_a_full_event_costs_more_than_twelve_queries(world, client, email):
    client.force_login(User.objects.get(email=email))
    costs = {}
    for page in PAGES:
        address = f"/e/{world.engagement.reference}/{page}"
        client.get(address)  # what a process keeps is read once
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, page
        costs[page] = len(queries)
    assert {page: cost for page, cost in costs.items() if cost > 12} == {}
