"""The wall: who sets one up, what its screen shows, and how it ends."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_DEMO
from iem_portal.live.admission import Refused, admit
from iem_portal.live.render import Ended, visible_tiles
from iem_portal.registry import tiles
from tests import factories
from warroom.models import WallLink, WallVisit
from warroom.wall import links
from warroom.wall.door_views import SESSION_KEY
from warroom.wall.panel import chosen

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIELDS = {"name": "Bridge room", "audience": "customer", "theme": "dark", "language": "en", "days": 3}


@pytest.fixture
def now():
    """The doors read the clock."""
    return timezone.now()


@pytest.fixture
def issued(engagement, tam, now):
    """`issued(audience="staff")`: a link and the browser that has opened it."""

    def make(**fields):
        link, token = links.issue(engagement=engagement, by=tam, now=now, **FIELDS | fields)
        browser = Client()
        browser.get(reverse("walls:enter", args=[token]))
        return link, browser

    return make


def page(link):
    return reverse("walls:screen", args=[link.pk])


def session_of(browser) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_secret_is_shown_once_and_kept_nowhere(engagement, tam, as_user):
    client = as_user(tam)
    address = reverse("warroom:walls", args=[engagement.reference])
    html = client.post(address, FIELDS).content.decode()
    token = html.split("/wall/")[1].split("/")[0]
    link = WallLink.objects.get()
    assert token not in client.get(address).content.decode()
    assert token not in str(vars(link))
    assert link.token_digest == links.digest(token)


def test_what_was_typed_comes_back_when_it_is_refused(engagement, tam, as_user):
    address = reverse("warroom:walls", args=[engagement.reference])
    answer = as_user(tam).post(address, FIELDS | {"days": "1e400", "audience": "everybody"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Bridge room" in html and 'aria-invalid="true"' in html
    assert not WallLink.objects.exists()


def test_a_screen_needs_no_account_and_its_address_no_secret(issued, runbook):
    link, browser = issued()
    answer = browser.get(page(link))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    assert "Lower TTL of records" in html
    assert (
        "<form" not in html and "<button" not in html.replace("data-live-retry", "", 1).split("live-say")[1]
    )
    assert "/e/" not in html, "no way from the wall into the portal"


def test_each_opening_and_each_refusal_is_noted(issued, tam, now):
    link, browser = issued()
    browser.get(page(link))
    links.revoke(link=link, by=tam, now=now)
    assert browser.get(page(link)).status_code == 410
    assert sorted(WallVisit.objects.values_list("what", flat=True)) == ["opened", "refused"]


def test_another_browser_and_another_number_show_nothing(issued):
    link, browser = issued()
    assert Client().get(page(link)).status_code == 410
    other = WallLink.objects.create(
        engagement=factories.engagement(), name="x", language="en", token_digest="x", created_at=link.created_at,
        created_by_name="x", expires_at=link.expires_at,
    )  # fmt: skip
    assert browser.get(page(other)).status_code == 410
    assert not WallVisit.objects.filter(link=other).exists()


@pytest.mark.parametrize("token", ["x", "%00", "%ED%A0%80", "a" * 500])
def test_an_unknown_secret_is_told_in_words(token):
    assert Client().get(f"/wall/{token}/").status_code in (400, 410)


def test_only_a_screen_for_aws_shows_what_is_for_aws_alone(engagement, issued, now):
    walls = {audience: issued(audience=audience) for audience in ("customer", "staff")}
    timeline.record(engagement, "note", by=SYSTEM_DEMO, now=now, text="Rack moved", audience="aws")
    seen = {
        audience: "Rack moved" in browser.get(page(link)).content.decode()
        for audience, (link, browser) in walls.items()
    }
    assert seen == {"customer": False, "staff": True}


def test_the_making_of_a_screen_for_aws_is_told_to_aws_alone(issued, engagement):
    issued(audience="staff")
    issued(audience="customer")
    told = engagement.timeline.filter(phrase="wall.issued").values_list("audience", flat=True)
    assert sorted(told) == ["all", "aws"]


def test_the_stream_is_of_the_link_alone(issued):
    link, browser = issued(language="ko")
    admission = admit("wall", link.pk, session_of(browser))
    assert (admission.reader, admission.language, admission.ends_at) == (link.topic, "ko", link.expires_at)
    shown = visible_tiles(
        ["wall", "clock", "timeline", "escalations", "sources", "workbook"], admission.audience
    )
    assert shown == {"wall"}
    for kind, number in (("wall", link.pk + 1), ("engagement", link.engagement_id), ("guest", link.pk)):
        with pytest.raises(Refused):
            admit(kind, number, session_of(browser))


def test_a_browser_in_which_somebody_is_signed_in_shows_the_wall_too(issued, rival):
    link, browser = issued()
    browser.force_login(rival)
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_of(browser))
    assert store[SESSION_KEY] == [link.pk]
    assert browser.get(page(link)).status_code == 200
    assert admit("wall", link.pk, session_of(browser)).audience == "wall"


def test_a_member_without_the_link_has_no_stream_of_it(issued, tam, as_user):
    link, _browser = issued()
    with pytest.raises(Refused):
        admit("wall", link.pk, session_of(as_user(tam)))


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_an_ended_link_ends_its_open_streams(issued, tam, now, how):
    link, browser = issued()
    later = now + timedelta(days=4) if how == "expired" else now
    if how == "revoked":
        assert links.revoke(link=link, by=tam, now=now)
        assert not links.revoke(link=link, by=tam, now=now)
        with pytest.raises(Refused):
            admit("wall", link.pk, session_of(browser))
    with pytest.raises(Ended):
        tiles.get("wall").render(link.pk, audience="wall", now=later)


def test_the_newest_screen_stands_first(issued, engagement, now):
    made = [issued(name=name)[0].pk for name in ("Left", "Right")]
    assert [link.pk for link, _is_open in links.of(engagement, now)] == made[::-1]


def test_somebody_elses_link_is_not_ended(issued, as_user, other_drivers):
    link, _browser = issued()
    theirs, driver = other_drivers
    address = reverse("warroom:wall-revoke", args=[theirs.reference, link.pk])
    assert as_user(driver).post(address).status_code == 404


@pytest.fixture
def other_drivers():
    other = factories.engagement()
    return other, factories.member(other, "tam", portal_role="tam")


def test_the_wall_costs_the_same_however_much_it_shows(
    issued, runbook, watch, now, django_assert_max_num_queries
):
    for number in range(12):
        watch(f"Lag {number}")
    link, _browser = issued()
    with django_assert_max_num_queries(18):
        html = tiles.get("wall").render(link.pk, audience="wall", now=now)
    assert "4 more metrics" in html


def test_trouble_is_never_left_out_while_a_normal_tile_is_shown():
    tiles_ = [{"look": look, "n": n} for n, look in enumerate(["ok"] * 9 + ["bad", "watch", "stale"])]
    shown, rest = chosen(tiles_, most=4)
    assert [tile["n"] for tile in shown] == [0, 9, 10, 11]
    assert [tile["n"] for tile in rest] == list(range(1, 9))


def test_a_screen_that_asks_whether_the_page_answers_opens_nothing(issued):
    link, browser = issued()
    assert browser.head(page(link)).status_code == 200
    assert not WallVisit.objects.exists()


def test_an_address_with_a_zone_is_noted_without_it(issued):
    link, browser = issued()
    browser.get(page(link), REMOTE_ADDR="fe80::1%eth0")
    browser.get(page(link), REMOTE_ADDR="socket")
    assert set(WallVisit.objects.values_list("address", flat=True)) == {"fe80::1", None}


def test_no_link_outlives_the_session_that_knows_it(engagement, tam, as_user):
    address = reverse("warroom:walls", args=[engagement.reference])
    days = settings.SESSION_COOKIE_AGE // 86_400
    assert as_user(tam).post(address, FIELDS | {"days": days + 1}).status_code == 422
    assert as_user(tam).post(address, FIELDS | {"days": days}).status_code == 200
