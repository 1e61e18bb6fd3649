"""Are the demo's doors open in a demo and absent outside it?"""

import pytest
from django.core.checks import run_checks

from iem_portal.demo.people import WITH_BUTTON

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LOGIN = "/accounts/login/"


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


def test_a_demo_is_no_reason_to_warn(world):
    found = run_checks(databases=["default"], tags=["database"])
    assert "demo.W001" not in {warning.id for warning in found}
