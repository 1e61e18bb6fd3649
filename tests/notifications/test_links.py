"""Links in messages: what will happen is shown first, then it happens once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from iem_portal.notifications import links, outbox
from iem_portal.notifications.compose import worded
from iem_portal.notifications.errors import ActRefused
from iem_portal.notifications.models import LinkUse, Notification
from iem_portal.registry import acts
from tests import factories


class Press:
    """An act that counts how often it was done."""

    key, label = "test.press", "Press it"

    def __init__(self):
        self.done, self.refusal, self.refusal_after = [], None, None

    def describe(self, about, user):
        if self.done and self.refusal_after:
            raise self.refusal_after
        return None if user.name == "Outsider" else {"title": f"Press {about}", "url": "/somewhere/"}

    def do(self, about, user, *, now):
        if self.refusal:
            raise self.refusal
        self.done.append((about, user.pk))
        return "Pressed."


@pytest.fixture
def press():
    with acts.temporarily(Press()) as part:
        yield part


@pytest.fixture
def kim(db):
    return factories.user(name="Kim", language="ko", password=None)


@pytest.fixture
def told(kim, monkeypatch):
    """A message to Kim and the path of its link."""

    def tell(user=kim, **fields):
        from django.utils import timezone

        words = {"channel": "email", "address": "k@example.com", "template": "t", "about": "thing:5"} | fields
        outbox.enqueue([outbox.Message(key=f"k{Notification.objects.count()}", user_id=user and user.pk, **words)],
                       now=fields.pop("at", timezone.now()))  # fmt: skip
        row = Notification.objects.order_by("-pk").first()
        return "/act/" + links.url(row, "test.press").split("/act/")[1]

    return tell


def test_a_scanner_that_follows_links_changes_nothing(client, told, press):
    path = told()
    for _ in range(3):
        answer = client.get(path)
    assert answer.status_code == 200 and press.done == []
    assert "Press thing:5" in answer.content.decode() and answer.headers["Content-Language"] == "ko"


def test_the_button_does_it_once_for_the_person_it_was_sent_to(client, told, press, kim):
    path = told()
    assert "Pressed." in client.post(path).content.decode()
    again = client.post(path)
    assert (again.status_code, press.done) == (410, [("thing:5", kim.pk)])
    assert client.get(path).status_code == 410


def test_what_was_done_is_said_even_when_it_can_be_done_no_more(client, told, press):
    path, press.refusal_after = told(), ActRefused("It is over.")
    answer = client.post(path)
    assert answer.status_code == 200 and "Pressed." in answer.content.decode()


def test_a_refusal_is_said_in_words_and_leaves_the_link_unspent(client, told, press):
    path, press.refusal = told(), ActRefused("It is over.")
    answer = client.post(path)
    assert answer.status_code == 403 and "It is over." in answer.content.decode()
    press.refusal = PermissionDenied()
    assert client.post(path).status_code == 403
    press.refusal = None
    assert client.post(path).status_code == 200
    assert LinkUse.objects.get().result == "Pressed."


def test_a_changed_link_opens_nothing(client, told, press):
    path = told()
    number, _act, signature = path.removeprefix("/act/").strip("/").replace(".press", "-press").split(".")
    for token in (
        f"{number}.test.press.{signature[:-1]}",
        f"{int(number) + 1}.test.press.{signature}",
        f"{number}.test.other.{signature}",
        f"{'9' * 40}.test.press.{signature}",
        f"².test.press.{signature}",
        "x",
        "..",
        f"{number}.test.press.é",
    ):
        assert client.get(f"/act/{token}/").status_code == 410


def test_a_link_ends_after_a_day_and_with_the_account(client, told, press, kim):
    row = Notification.objects.get(pk=int(told().split("/act/")[1].split(".")[0]))
    token = links.url(row, "test.press").split("/act/")[1].strip("/")
    with pytest.raises(links.LinkError, match="expired"):
        links.open_link(token, now=row.created_at + timedelta(hours=24))
    assert links.open_link(token, now=row.created_at + timedelta(hours=23, minutes=59))
    kim.is_active = False
    kim.save()
    assert client.get(f"/act/{token}/").status_code == 403


def test_a_link_of_a_chat_channel_asks_who_is_there(client, told, press, kim):
    path = told(user=None)
    assert client.get(path).status_code == 302
    client.force_login(kim)
    client.post(path)
    client.force_login(factories.user(name="Lee", password=None))
    client.post(path)
    client.force_login(factories.user(name="Outsider", password=None))
    assert client.get(path).status_code == 403
    assert len(press.done) == 2


def test_a_template_makes_the_same_link_on_every_attempt_and_tells_channels_of_it(
    told, press, settings, tmp_path
):
    (tmp_path / "t.txt").write_text(
        '{% load notifications %}Subject\nLook.\nDo it: {% act_link "test.press" %}\nBye.\n'
    )
    (tmp_path / "t.short.txt").write_text("One\n\nTwo\nThree")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    told()
    first, second = worded(Notification.objects.get()), worded(Notification.objects.get())
    assert first == second
    assert first.links[0][0] == "Press it" and first.links[0][1] in first.body
    assert first.prose == "Look.\nBye."
    assert first.short == "One\nTwo"
