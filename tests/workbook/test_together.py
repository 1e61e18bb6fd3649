"""Does everybody in the workbook see who else is there, and nobody who has left?"""

from datetime import timedelta

import pytest

from iem_portal.live.models import TopicTile
from tests import factories
from workbook.models import Presence
from workbook.together import presence
from workbook.together.tile import PeopleTile

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def come(engagement, tam, now):
    """The TAM's page speaks: ``come(seconds, row, field)``."""

    def speak(after=0, *, user=tam, section="wb08", row="form", field="q_need"):
        presence.here(
            engagement=engagement, user=user, section=section, row=row, field=field, now=now + after * SECOND
        )

    return speak


def drawn(engagement, now) -> str:
    return PeopleTile().render(engagement.pk, audience="customer", now=now)


def told(engagement) -> int:
    """How often the tile was announced."""
    found = TopicTile.objects.filter(topic__name=engagement.topic, tile=presence.TILE)
    return found.values_list("version", flat=True).first() or 0


def test_a_person_is_shown_with_section_and_field(come, engagement, tam, now):
    come()
    html = drawn(engagement, now)
    assert tam.name in html
    assert 'data-field="q_need"' in html


def test_a_page_that_fell_silent_is_forgotten(come, engagement, tam, now):
    come()
    assert presence.people(engagement.pk, now + presence.SILENT_AFTER - SECOND)
    assert not presence.people(engagement.pk, now + presence.SILENT_AFTER)


def test_a_person_is_in_one_place(come, engagement, now):
    come()
    come(1, field="q_margin")
    [one] = presence.people(engagement.pk, now + SECOND)
    assert one.field == "q_margin"


def test_moving_is_told_and_resting_is_passed_on_now_and_then(come, engagement):
    come()
    first = told(engagement)
    come(1)
    assert told(engagement) == first
    come(2, field="q_margin")
    assert told(engagement) > first
    moved = told(engagement)
    come(2 + presence.PASS_ON.seconds, field="q_margin")
    assert told(engagement) > moved


def test_a_closed_page_is_gone_at_once(as_user, tam, engagement):
    address = f"/e/{engagement.reference}/workbook/wb08/here/"
    client = as_user(tam)
    assert client.post(address, {"row": "1", "field": "q_need"}).status_code == 204
    assert Presence.objects.get().user == tam
    client.post(address, {"gone": "1"})
    assert not Presence.objects.exists()


def test_people_of_another_engagement_are_not_here(come, now):
    come()
    assert presence.people(factories.engagement().pk, now) == []


@pytest.mark.parametrize("words", [{"row": "x" * 500, "field": "nothing"}, {"field": "q_need'--"}, {}])
def test_odd_places_are_kept_short_or_left_out(as_user, tam, engagement, words):
    address = f"/e/{engagement.reference}/workbook/wb08/here/"
    assert as_user(tam).post(address, words).status_code == 204
    assert (Presence.objects.get().field, len(Presence.objects.get().row) <= 20) == ("", True)


def test_the_tile_costs_at_most_six_queries(come, engagement, now, django_assert_max_num_queries):
    for _ in range(5):
        come(user=factories.member(engagement, "customer_contributor"))
    with django_assert_max_num_queries(6):
        drawn(engagement, now)
