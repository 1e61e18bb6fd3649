"""Do a person's wishes hold: name, language, zone, theme, keys?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from iem_portal import zones
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PROFILE = {"name": "Ada", "language": "ko", "time_zone": "Europe/Berlin", "theme": "dark"}


def test_a_saved_profile_is_in_force_on_the_next_page(as_user):
    user = factories.user()
    client = as_user(user)
    assert client.post("/profile/", PROFILE).status_code == 303
    page = client.get("/profile/")
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.has_single_keys) == ("Ada", "Europe/Berlin", False)
    assert '<html lang="ko" data-theme="dark">' in page.content.decode()
    assert page.headers["Content-Language"] == "ko"
    assert page.context["reader_zone"] == "Europe/Berlin"


def test_a_profile_without_a_name_answers_422_and_saves_nothing(as_user):
    user = factories.user(name="Ada")
    answer = as_user(user).post("/profile/", PROFILE | {"name": "  "})
    assert answer.status_code == 422
    assert 'aria-describedby="id_name_error"' in answer.content.decode()
    user.refresh_from_db()
    assert (user.name, user.language) == ("Ada", "en")


def test_a_zone_that_is_none_is_refused(as_user):
    answer = as_user(factories.user()).post("/profile/", PROFILE | {"time_zone": "Mars/Olympus"})
    assert answer.status_code == 422


def test_the_profile_cannot_change_who_a_person_is(as_user):
    user = factories.user()
    as_user(user).post("/profile/", PROFILE | {"portal_role": "administrator", "email": "x@example.com"})
    before = user.email
    user.refresh_from_db()
    assert (user.portal_role, user.email) == ("", before)


def test_the_profile_is_nobody_elses(client):
    assert client.get("/profile/").url == "/accounts/login/?next=/profile/"


def test_a_zone_says_its_offset_at_that_time_of_the_year(now):
    labels = dict(label for _area, group in zones.choices(now)[1:] for label in group)
    assert labels["Asia/Seoul"] == "Asia/Seoul (UTC+09:00)"
    assert labels["America/St_Johns"] == "America/St Johns (UTC-03:30)"


def test_a_chosen_zone_of_an_old_name_stays_choosable(now):
    assert ("ROK", "ROK (UTC+09:00)") in zones.choices(now, "ROK")


def test_offsets_of_the_list_follow_the_clocks_to_the_minute():
    def berlin(minute):
        labels = zones.choices(datetime(2026, 10, 25, 0, minute, 59, tzinfo=UTC) + timedelta(seconds=1))[1:]
        return dict(label for _area, group in labels for label in group)["Europe/Berlin"]

    assert (berlin(58), berlin(59)) == ("Europe/Berlin (UTC+02:00)", "Europe/Berlin (UTC+01:00)")


def test_a_visitor_switches_the_language_by_cookie(client):
    answer = client.post("/language/", {"language": "ko", "next": "/accounts/login/"})
    assert (answer.status_code, answer.url) == (303, "/accounts/login/")
    assert '<html lang="ko">' in client.get("/accounts/login/").content.decode()


def test_a_signed_in_person_keeps_the_language_on_every_device(as_user):
    user = factories.user()
    as_user(user).post("/language/", {"language": "ko"})
    user.refresh_from_db()
    assert user.language == "ko"


def test_a_visitor_is_spoken_to_in_the_language_of_the_browser(client):
    page = client.get("/accounts/login/", headers={"Accept-Language": "ko-KR,ko;q=0.9"})
    assert '<html lang="ko">' in page.content.decode()


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_switch_leads_to_no_other_site(client, to):
    assert client.post("/language/", {"language": "ko", "next": to}).url == "/"


@pytest.mark.parametrize(
    ("path", "data"), [("/language/", {"language": "xx"}), ("/theme/", {"theme": "pink"})]
)
def test_an_unknown_wish_is_refused(client, path, data):
    assert client.post(path, data).status_code == 400


def test_the_theme_is_kept_and_a_script_gets_no_page(as_user):
    user = factories.user()
    answer = as_user(user).post("/theme/", {"theme": "dark"}, headers={"Accept": "application/json"})
    user.refresh_from_db()
    assert (answer.status_code, user.theme) == (204, "dark")


def test_a_visitors_theme_is_kept_in_a_cookie(client):
    client.post("/theme/", {"theme": "light", "next": "/accounts/login/"})
    assert 'data-theme="light"' in client.get("/accounts/login/").content.decode()


def test_the_zone_of_a_reader_ends_with_the_request(as_user):
    as_user(factories.user(time_zone="Europe/Berlin")).get("/profile/")
    assert timezone.get_current_timezone_name() == "UTC"
