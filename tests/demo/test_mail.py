"""Can the newcomer read the portal's mail, and does a mail's text stay text?"""

import pytest
from django.core.mail import EmailMessage, get_connection

from iem_portal.demo import mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def sent(demo):
    """Send a real mail to disk."""

    def send(body: str, subject: str = "안녕하세요"):
        connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
        EmailMessage(subject, body, "portal@example.com", ["ada@example.com"], connection=connection).send()
        return mailbox.newest(demo.EMAIL_FILE_PATH)[0]

    return send


def test_the_list_shows_what_was_sent_without_a_sign_in(sent, client):
    sent("Hello")
    page = client.get("/demo/mail/").content.decode()
    assert "안녕하세요" in page
    assert "ada@example.com" in page


def test_an_empty_box_says_so(demo, client):
    assert "No mail yet" in client.get("/demo/mail/").content.decode()


def test_links_to_the_portal_are_clickable_and_others_are_not(sent, client, settings):
    mail = sent(
        f"Join: {settings.BASE_URL}/join/abc/.\nNot: https://evil.example/x and {settings.BASE_URL}.evil.example/"
    )
    page = client.get(f"/demo/mail/{mail.name}/").content.decode()
    assert '<a href="/join/abc/">' in page
    assert 'href="https://evil' not in page
    assert ".evil.example/</a>" not in page


def test_markup_in_a_mail_stays_text(sent, client):
    mail = sent("<script>alert(1)</script>", subject="<b>bold</b>")
    page = client.get(f"/demo/mail/{mail.name}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "<b>bold" not in client.get("/demo/mail/").content.decode()


def test_two_mails_of_one_connection_are_two(demo):
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend")
    letters = [EmailMessage(f"No. {n}", "x", "p@example.com", ["a@example.com"]) for n in (1, 2)]
    connection.send_messages(letters)
    assert {mail.subject for mail in mailbox.newest(demo.EMAIL_FILE_PATH)} == {"No. 1", "No. 2"}


@pytest.mark.parametrize("name", ["../secret-key.0", "..%2Fsecret.0", "nothing.0", "x", "x.y", "x.99"])
def test_a_name_reaches_no_other_file(demo, client, name):
    (demo.EMAIL_FILE_PATH / "x.log").write_text("Subject: x\n\nx")
    assert mailbox.read(demo.EMAIL_FILE_PATH, name) is None
    assert client.get(f"/demo/mail/{name}/").status_code == 404
