"""The board and its pages: what they show, to whom, and at what price."""


import pytest
from django.urls import reverse

from iem_portal.registry import tiles

pytestmark = pytest.mark.django_db
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


@pytest.mark.parametrize("name", ["board", "board-rest", "runbook"])
def test_a_page_costs_at_most_twelve_queries(runbook, tam, as_user, name, django_assert_max_num_queries):
    client = as_user(tam)
    client.get(url(name, runbook.engagement))
    with django_assert_max_num_queries(12):
        assert client.get(url(name, runbook.engagement)).status_code == 200


@pytest.mark.parametrize("name", ["board", "board-rest", "runbook"])
def test_another_customers_war_room_does_not_exist(runbook, rival, as_user, name):
    assert as_user(rival).get(url(name, runbook.engagement)).status_code == 404
