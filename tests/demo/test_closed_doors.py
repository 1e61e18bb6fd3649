"""Are the demo's doors absent outside a demo, and before there is one?"""

import pytest
from django.core.checks import run_checks

from iem_portal.accounts.models import User
from iem_portal.demo.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def demo_person(no_demo):
    """Somebody of a demo left in the database of a real deployment."""
    return User.objects.create_user("tam@demo.example", PASSWORD, name="Seo Yuna", is_demo=True)


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
