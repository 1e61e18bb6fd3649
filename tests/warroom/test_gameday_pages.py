"""The page of game days: begin one, see its moments come due, note them, end it; without a simulated AWS it says so."""

from datetime import timedelta

import pytest

from engagements.models import TimelineEntry
from iem_portal.accounts.actors import SYSTEM_DEMO
from tests import factories
from warroom.gamedays import days, door
from warroom.models import GameDay

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ACCOUNT = "111122223333"
BEGIN = {"key": "replication-lag", "account": ACCOUNT}


@pytest.fixture
def page(engagement, simulator, tam, as_user):
    """`page()`: the answer of the page of game days to the TAM; `page.post("begin/", …)`."""
    factories.aws_account(engagement)
    client, address = as_user(tam), f"/e/{engagement.reference}/gamedays/"

    def get():
        return client.get(address)

    get.post = lambda path, data=None: client.post(address + path, data or {})
    return get


def test_all_that_ship_are_offered_and_one_begins_in_the_simulated_aws(page, simulator):
    offered = page().content.decode()
    assert offered.count('name="key"') == 6 and "Quota wall" in offered and "Silent monitoring" in offered
    assert page.post("begin/", BEGIN).status_code == 303
    assert simulator._ask("GET", "/_sim/gamedays")["under_way"][0]["key"] == "replication-lag"
    shown = page().content.decode()
    assert "Replication lag is above 80 s" in shown and 'name="key"' not in shown
    assert TimelineEntry.objects.filter(phrase="gameday.began").count() == 1


def test_one_at_a_time_and_only_in_an_account_of_the_event(page):
    assert page.post("begin/", BEGIN | {"account": "999999999999"}).status_code == 422
    assert page.post("begin/", BEGIN | {"key": "no-such-day"}).status_code == 422
    page.post("begin/", BEGIN)
    again = page.post("begin/", BEGIN)
    assert again.status_code == 422 and "under way" in again.content.decode()
    assert GameDay.objects.count() == 1


def test_one_that_the_simulated_aws_refuses_leaves_nothing_behind(page, simulator, monkeypatch):
    def closed(key, account):
        raise door.Closed

    monkeypatch.setattr(door, "begin", closed)
    assert page.post("begin/", BEGIN).status_code == 422
    assert not GameDay.objects.exists() and not TimelineEntry.objects.filter(phrase="gameday.began").exists()


def test_one_whose_answer_is_lost_on_the_way_is_called_off_in_the_simulated_aws(page, simulator, monkeypatch):
    begin = door.begin

    def lost(key, account):
        begin(key, account)
        raise door.Closed

    monkeypatch.setattr(door, "begin", lost)
    assert page.post("begin/", BEGIN).status_code == 422
    assert not GameDay.objects.exists()
    assert simulator._ask("GET", "/_sim/gamedays")["under_way"] == []


def test_two_events_that_share_an_account_do_not_replace_each_others(page, engagement, now):
    other = factories.engagement(now=now)
    told = {"key": "x", "title": {}, "story": {}, "minutes": 5, "moments": []}
    days.reserve(engagement=other, told=told, account_id=ACCOUNT, by=SYSTEM_DEMO, now=now)
    assert page.post("begin/", BEGIN).status_code == 422
    assert not GameDay.objects.filter(engagement=engagement).exists()


def test_a_moment_is_noted_once_by_whoever_saw_it_first(engagement, tam, page):
    page.post("begin/", BEGIN)
    day = GameDay.objects.get()
    GameDay.objects.update(began_at=day.began_at - timedelta(minutes=9))
    assert "We see it" in page().content.decode()
    for _ in range(2):
        assert page.post(f"{day.pk}/moments/0/").status_code == 303
    day.refresh_from_db()
    assert list(day.seen) == ["0"] and day.seen["0"]["by"] == tam.name
    page.post(f"{day.pk}/moments/99/")
    day.refresh_from_db()
    assert list(day.seen) == ["0"]


def test_its_end_gives_the_account_its_story_back_and_is_kept(page, simulator):
    page.post("begin/", BEGIN)
    day = GameDay.objects.get()
    page.post(f"{day.pk}/end/")
    assert simulator._ask("GET", "/_sim/gamedays")["under_way"] == []
    assert days.under_way(day.engagement) is None
    assert "0 of 3 seen" in page().content.decode() and "Not seen" in page().content.decode()
    page.post(f"{day.pk}/end/")
    assert TimelineEntry.objects.filter(phrase="gameday.ended").count() == 1


def test_without_a_simulated_aws_nothing_can_begin(page, settings):
    settings.SIMULATED_AWS = False
    assert "need the simulated AWS" in page().content.decode()
    assert page.post("begin/", BEGIN).status_code == 422
    assert not GameDay.objects.exists()


def test_ending_an_earlier_game_day_again_does_not_end_the_one_under_way(page, simulator):
    page.post("begin/", BEGIN)
    first = GameDay.objects.get()
    page.post(f"{first.pk}/end/")
    page.post("begin/", BEGIN)
    assert page.post(f"{first.pk}/end/").status_code == 303
    assert len(simulator._ask("GET", "/_sim/gamedays")["under_way"]) == 1
    assert days.under_way(first.engagement) is not None
