"""The board and its pages: what they show, to whom, and at what price."""

import pytest
from django.urls import reverse
from django.utils import translation

from iem_portal.registry import tiles
from tests import factories
from warroom import runbook as verbs
from warroom.models import Step

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OWN_TILES = sorted(
    key for key in ("clock", "step", "lanes", "runbook", "metrics", "alarms", "health", "sources", "update")
)


def url(name, engagement, *args):
    return reverse(f"warroom:{name}", args=[engagement.reference, *args])


@pytest.mark.parametrize("key", OWN_TILES)
@pytest.mark.parametrize("audience", ["staff", "customer"])
def test_a_tile_costs_at_most_six_queries(runbook, now, key, audience, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert "<" in tiles.get(key).render(runbook.engagement_id, audience=audience, now=now)


@pytest.mark.parametrize("key", OWN_TILES)
def test_a_tile_can_be_drawn_before_there_is_anything_to_show(engagement, now, key):
    assert tiles.get(key).render(engagement.pk, audience="customer", now=now)


@pytest.mark.parametrize("name", ["board", "board-metrics", "board-rest", "runbook"])
def test_a_page_costs_at_most_twelve_queries(runbook, tam, as_user, name, django_assert_max_num_queries):
    client = as_user(tam)
    client.get(url(name, runbook.engagement))
    with django_assert_max_num_queries(12):
        assert client.get(url(name, runbook.engagement)).status_code == 200


@pytest.mark.parametrize("name", ["board", "board-metrics", "board-rest", "runbook"])
def test_another_customers_war_room_does_not_exist(runbook, rival, as_user, name):
    assert as_user(rival).get(url(name, runbook.engagement)).status_code == 404


def test_the_board_says_what_the_night_is_about(runbook, tam, as_user):
    html = as_user(tam).get(url("board", runbook.engagement)).content.decode()
    assert "DB-05" not in html  # days away in the plan, not the next step
    for words in ("Lower TTL of records", "30", "Escalations", "Metrics, last 3 hours"):
        assert words in html


def test_the_board_is_dark_unless_the_person_chose_a_theme(engagement, tam, as_user):
    client = as_user(tam)
    assert b'data-theme="dark"' in client.get(url("board", engagement)).content
    type(tam).objects.filter(pk=tam.pk).update(theme="light")
    assert b'data-theme="light"' in client.get(url("board", engagement)).content


def test_a_watch_becomes_a_tile_and_a_page_of_its_own(engagement, watch, tam, as_user):
    row = watch()
    client = as_user(tam)
    assert "Never seen" in client.get(url("board-metrics", engagement)).content.decode()
    assert "Replication lag" in client.get(url("metric", engagement, row.pk)).content.decode()
    assert client.get(url("metric", engagement, row.pk + 1)).status_code == 404


def test_another_engagements_metric_is_not_found_here(engagement, watch, tam, as_user):
    other = factories.engagement()
    assert as_user(tam).get(url("metric", engagement, watch(engagement=other).pk)).status_code == 404


def test_the_runbook_is_made_by_one_click(engagement, tam, as_user):
    client = as_user(tam)
    assert "Create runbook from template" in client.get(url("runbook", engagement)).content.decode()
    assert client.post(url("runbook-create", engagement)).status_code == 303
    assert client.post(url("runbook-create", engagement)).status_code == 303
    assert Step.objects.filter(runbook__engagement=engagement, runbook__number=1).count() == 30


def test_a_step_is_started_with_and_without_script(runbook, tam, as_user):
    client = as_user(tam)
    address = url("step", runbook.engagement, 1, "PRE-04", "start")
    assert "Start PRE-04" in client.get(address).content.decode()
    assert client.post(address, {"version": 1}).status_code == 303
    done = client.post(
        url("step", runbook.engagement, 1, "PRE-04", "finish"), {"version": 2}, headers={"HX-Request": "true"}
    )
    assert done.status_code == 204
    assert verbs.find(runbook.engagement, "PRE-04").status == "done"


def test_a_refused_act_comes_back_with_what_was_typed(runbook, tam, as_user):
    address = url("step", runbook.engagement, 1, "PRE-04", "start")
    answer = as_user(tam).post(address, {"version": 1, "at": "2099-01-01T10:00", "reason": "Typing"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "in the future" in html and "Typing" in html and 'aria-invalid="true"' in html


def test_the_slower_of_two_is_told_and_may_decide_again(runbook, tam, as_user, now):
    verbs.start_step(step=verbs.find(runbook.engagement, "PRE-04"), version=1, by=tam, now=now)
    address = url("step", runbook.engagement, 1, "PRE-04", "block")
    answer = as_user(tam).post(address, {"version": 1, "reason": "Host is away"})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was faster" in html and "Host is away" in html and 'name="version" value="2"' in html


def test_a_typed_time_is_in_the_zone_of_the_event(runbook, tam, as_user):
    type(tam).objects.filter(pk=tam.pk).update(time_zone="America/New_York")
    address = url("step", runbook.engagement, 1, "PRE-04", "start")
    as_user(tam).post(address, {"version": 1, "at": "2025-11-28T10:00", "reason": "On the bridge"})
    started = verbs.find(runbook.engagement, "PRE-04").actual_start_at
    assert started.isoformat() == "2025-11-28T01:00:00+00:00"


def test_a_time_that_the_readers_own_clocks_skip_can_be_typed(runbook, tam, as_user):
    type(tam).objects.filter(pk=tam.pk).update(time_zone="America/New_York")
    address = url("step", runbook.engagement, 1, "PRE-04", "start")
    answer = as_user(tam).post(address, {"version": 1, "at": "2025-03-09T02:30", "reason": "On the bridge"})
    assert answer.status_code == 303


def test_a_slip_of_the_year_is_refused(runbook, tam, as_user):
    address = url("step", runbook.engagement, 1, "PRE-04", "start")
    answer = as_user(tam).post(address, {"version": 1, "at": "0001-01-01T00:00", "reason": "On the bridge"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("account_manager", 403), ("customer_contributor", 200)]
)
def test_who_may_act_on_steps(runbook, as_user, role, status):
    person = factories.member(runbook.engagement, role)
    assert as_user(person).get(url("step", runbook.engagement, 1, "PRE-04", "start")).status_code == status


@pytest.mark.parametrize("path", [("NO-01", "start"), ("PRE-04", "explode")])
def test_an_unknown_step_or_act_is_not_found(runbook, tam, as_user, path):
    assert as_user(tam).get(url("step", runbook.engagement, 1, *path)).status_code == 404


def test_tiles_speak_the_language_of_the_viewer(runbook, now):
    with translation.override("ko"):
        html = tiles.get("lanes").render(runbook.engagement_id, audience="customer", now=now)
    assert "데이터베이스" in html
