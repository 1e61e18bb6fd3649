"""Are the demo's doors open in a demo and absent outside it?"""

import pytest
from django.core.checks import run_checks

from iem_portal.accounts.models import User
from iem_portal.demo.people import PASSWORD, WITH_BUTTON

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture
def demo_person(no_demo):
    """Somebody of a demo left in the database of a real deployment."""
    return User.objects.create_user("tam@demo.example", PASSWORD, name="Seo Yuna", is_demo=True)


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_the_sign_in_page_names_the_five_with_their_roles(world, client):
    page = client.get(LOGIN).content.decode()
    for person in WITH_BUTTON:
        assert f'value="{person.email}"' in page
        assert person.name in page


@pytest.mark.parametrize("person", WITH_BUTTON, ids=lambda person: person.key)
def test_one_click_signs_in_and_opens_a_page_the_person_may_see(world, client, person):
    answer = client.post("/demo/sign-in/", {"email": person.email})
    assert answer.status_code == 303
    assert is_in(client)
    assert client.get(answer.url).status_code == 200


def test_one_click_needs_a_form_of_ours(world):
    from django.test import Client

    assert (
        Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"email": "tam@demo.example"}).status_code
        == 403
    )


def test_one_click_knows_only_the_five(world, client):
    assert client.post("/demo/sign-in/", {"email": "database@demo.example"}).status_code == 404
    assert not is_in(client)


def test_one_click_goes_to_the_page_asked_for_but_to_no_other_site(world, client):
    wanted = {"email": "tam@demo.example", "next": "/profile/"}
    assert client.post("/demo/sign-in/", wanted).url == "/profile/"
    assert client.post("/demo/sign-in/", wanted | {"next": "https://evil.example/"}).url == "/"


def test_before_seeding_there_are_no_buttons(db, demo, client):
    assert "/demo/sign-in/" not in client.get(LOGIN).content.decode()


@pytest.mark.parametrize("path", ["/demo/sign-in/", "/demo/mail/", "/demo/mail/x.0/"])
def test_outside_a_demo_the_doors_do_not_exist(no_demo, client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_outside_a_demo_the_page_shows_nobody(demo_person, client):
    assert "demo" not in client.get(LOGIN).content.decode().lower()


def test_outside_a_demo_the_public_password_opens_nothing(demo_person, client):
    client.post(LOGIN, {"login": demo_person.email, "password": PASSWORD})
    assert not is_in(client)


def test_outside_a_demo_a_code_opens_nothing_either(demo_person, client, settings, mailoutbox):
    client.post("/accounts/login/code/", {"email": demo_person.email})
    code = mailoutbox[0].subject.split()[0]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not is_in(client)


def test_a_session_of_the_demo_ends_with_the_demo(demo_person, client, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.demo.urls_on"
    client.force_login(demo_person)
    assert client.get("/profile/").status_code == 200
    settings.DEMO = False
    assert client.get("/profile/").status_code == 302


def test_demo_people_in_a_real_database_are_warned_about(demo_person):
    found = run_checks(include_deployment_checks=False, databases=["default"], tags=["database"])
    assert "demo.W001" in {warning.id for warning in found}


def test_a_demo_is_no_reason_to_warn(world):
    found = run_checks(databases=["default"], tags=["database"])
    assert "demo.W001" not in {warning.id for warning in found}
