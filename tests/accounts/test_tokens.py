"""Does a program get in with a person's token, and only while the person may?"""

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from iem_portal.accounts import tokens
from tests import factories

pytestmark = pytest.mark.django_db
API = "/api/v1/engagements/"


def made(client) -> str:
    """Make a token on the profile page and read it there."""
    page = client.post("/profile/token/", {"act": "make"})
    assert "no-store" in page.headers["Cache-Control"]
    return page.context["new_token"]


def status_with(key: str) -> int:
    return Client().get(API, headers={"Authorization": f"Token {key}"}).status_code


def test_a_token_opens_the_api_and_is_shown_once(as_user):
    client = as_user(factories.user())
    key = made(client)
    assert status_with(key) == 200
    assert key not in client.get("/profile/").content.decode()


def test_a_new_token_ends_the_old_one(as_user):
    client = as_user(factories.user())
    old, new = made(client), made(client)
    assert (status_with(old), status_with(new)) == (401, 200)


def test_an_ended_token_opens_nothing(as_user):
    client = as_user(factories.user())
    key = made(client)
    client.post("/profile/token/", {"act": "end"})
    assert status_with(key) == 401


def test_a_closed_account_closes_its_token(as_user):
    user = factories.user()
    key = made(as_user(user))
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert status_with(key) == 401


def test_a_demo_persons_token_ends_with_the_demo(as_user, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, "tests.demo.urls_on"
    key = made(as_user(factories.user(is_demo=True)))
    assert status_with(key) == 200
    settings.DEMO = False
    assert status_with(key) == 401


def test_without_a_token_the_api_is_closed():
    assert Client().get(API).status_code in (401, 403)


def test_the_profile_says_when_the_token_was_made(as_user):
    client = as_user(factories.user())
    assert client.get("/profile/").context["token_made_at"] is None
    made(client)
    assert client.get("/profile/").context["token_made_at"] == Token.objects.get().created


def test_a_form_of_another_site_makes_no_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.user())
    assert client.post("/profile/token/", {"act": "make"}).status_code == 403
    assert not Token.objects.exists()


def test_what_the_database_keeps_lets_nobody_in(tam):
    key = tokens.make(tam)
    kept = Token.objects.get().key
    assert (status_with(key), status_with(kept)) == (200, 401)
