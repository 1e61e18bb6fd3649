"""Does sign-in let the right people in, and nobody else learn who they are?"""

import re

import pytest
from django.urls import reverse

from iem_portal.accounts.models import User
from iem_portal.accounts.sign_in import masked
from tests import factories

pytestmark = pytest.mark.django_db
LOGIN, ASK, ENTER = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"


def code_of(mail) -> str:
    return re.search(r"\d{4}-\d{4}", mail.body).group()


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_signs_in(client):
    factories.user("ada@example.com", password="a long enough one")
    answer = client.post(LOGIN, {"login": "Ada@Example.com", "password": "a long enough one"})
    assert answer.status_code == 302
    assert is_in(client)


def test_a_wrong_password_answers_422_and_keeps_the_address(client):
    factories.user("ada@example.com")
    answer = client.post(LOGIN, {"login": "ada@example.com", "password": "wrong"})
    assert answer.status_code == 422
    assert 'value="ada@example.com"' in answer.content.decode()
    assert not is_in(client)


def test_a_wrong_password_and_an_unknown_address_read_the_same(client):
    factories.user("ada@example.com")
    known = client.post(LOGIN, {"login": "ada@example.com", "password": "wrong"}).content.decode()
    unknown = client.post(LOGIN, {"login": "eve@example.com", "password": "wrong"}).content.decode()
    error = re.compile(r'role="alert">(.*?)</p>', re.S)
    assert error.findall(known) == error.findall(unknown) != []


def test_a_code_from_the_mail_signs_in(client, mails):
    factories.user("ada@example.com", password=None)
    assert client.post(ASK, {"email": "ada@example.com"}).url == ENTER
    [mail] = mails()
    assert code_of(mail) in mail.subject
    answer = client.post(ENTER, {"code": code_of(mail), "action": "verify"})
    assert answer.status_code == 302
    assert is_in(client)


def test_a_code_may_be_typed_without_its_dash(client, mails):
    factories.user("ada@example.com")
    client.post(ASK, {"email": "ada@example.com"})
    client.post(ENTER, {"code": code_of(mails()[0]).replace("-", "")})
    assert is_in(client)


def test_a_wrong_code_answers_422_beside_the_field(client, mails):
    factories.user("ada@example.com")
    client.post(ASK, {"email": "ada@example.com"})
    answer = client.post(ENTER, {"code": "0000-0001"})
    assert answer.status_code == 422
    assert 'id="id_code_error"' in answer.content.decode()
    assert not is_in(client)


def test_five_wrong_codes_end_the_attempt(client, mails):
    factories.user("ada@example.com")
    client.post(ASK, {"email": "ada@example.com"})
    right = code_of(mails()[0])
    for _try in range(5):
        client.post(ENTER, {"code": "0000-0001"})
    client.post(ENTER, {"code": right})
    assert not is_in(client)


def test_an_unknown_address_goes_the_same_way_and_is_told_by_mail_only(client, mails):
    page = client.post(ASK, {"email": "eve@example.com"}, follow=True)
    assert page.redirect_chain == [(ENTER, 302)]
    [mail] = mails()
    assert mail.to == "eve@example.com"
    assert not re.search(r"\d{4}-\d{4}", mail.body)
    assert "sign up" not in mail.body.lower()


def test_an_address_that_is_none_answers_422_and_keeps_it(client):
    answer = client.post(ASK, {"email": "jihun.baek@garamsoop"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="jihun.baek@garamsoop"' in page
    assert 'aria-describedby="id_email_error' in page


def test_too_many_codes_for_one_address_are_refused(client, mails):
    factories.user("ada@example.com")
    answers = [client.post(ASK, {"email": "ada@example.com"}).status_code for _try in range(7)]
    assert answers[-1] == 422
    assert len(mails()) == 5


def test_a_reader_may_change_the_address_but_a_visit_alone_keeps_the_code(client, mails):
    factories.user("ada@example.com")
    client.post(ASK, {"email": "ada@example.com"})
    assert client.get(LOGIN).url == ENTER
    assert client.get(f"{LOGIN}?change=1").status_code == 200
    assert client.get(ENTER).status_code == 302


def test_another_code_replaces_the_first(client, mails):
    factories.user("ada@example.com")
    client.post(ASK, {"email": "ada@example.com"})
    first = code_of(mails()[0])
    client.post(ENTER, {"action": "resend"})
    assert len(mails()) == 2
    client.post(ENTER, {"code": first})
    assert not is_in(client)


def test_nobody_signs_up(client):
    answer = client.post(
        reverse("account_signup"), {"email": "eve@example.com", "password1": "a long enough one"}
    )
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_the_page_asked_for_is_opened_after_sign_in(client, mails):
    factories.user("ada@example.com")
    page = client.get("/profile/", follow=True)
    assert page.redirect_chain[0][0] == f"{LOGIN}?next=/profile/"
    assert '<input type="hidden" name="next" value="/profile/">' in page.content.decode()
    client.post(ASK, {"email": "ada@example.com", "next": "/profile/"})
    answer = client.post(f"{ENTER}?next=/profile/", {"code": code_of(mails()[0])})
    assert answer.url == "/profile/"


def test_signing_out_takes_a_post(client):
    client.force_login(factories.user())
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)


def test_administrators_come_in_by_the_same_door(client):
    assert client.get("/admin/login/").url.startswith(LOGIN)
    client.force_login(factories.user())
    assert client.get("/admin/login/").status_code == 403
    client.force_login(factories.user(is_staff=True, is_superuser=True))
    assert client.get("/admin/").status_code == 200


def test_an_address_is_masked_where_a_screen_may_be_shared():
    assert masked("jihun.baek@garamsoop.example") == "ji•••@garamsoop.example"


def test_nobody_takes_an_address_that_was_not_proved_to_be_theirs(as_user):
    user = factories.user("ada@example.com")
    client = as_user(user)
    client.post("/accounts/email/", {"action_add": "", "email": "boss@example.com"})
    client.post("/accounts/email/", {"action_primary": "", "email": "boss@example.com"})
    user.refresh_from_db()
    assert user.email == "ada@example.com"
