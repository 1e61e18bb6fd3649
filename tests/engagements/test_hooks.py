"""The page of the systems an engagement tells: secrets once, sides apart, deliveries in sight."""

from datetime import timedelta

import pytest

from engagements import hooks
from iem_portal.notifications import hooks as every
from iem_portal.notifications import relay
from iem_portal.notifications.models import Hook, Notification
from tests import factories

FORM = {
    "kind": "webhook",
    "name": "Their desk",
    "url": "https://desk.example/in?key=topsecret",
    "language": "en",
}


@pytest.fixture
def page(engagement):
    return f"/e/{engagement.reference}/hooks/"


def test_a_webhooks_secret_is_shown_once_and_its_address_never(as_user, customer_lead, page):
    client = as_user(customer_lead)
    made = client.post(page, FORM).content.decode()
    hook = Hook.objects.get()
    assert hook.secret in made and hook.audience == "customer"
    again = client.get(page).content.decode()
    assert "desk.example" in again and "topsecret" not in again and hook.secret not in again
    renewed = client.post(f"{page}{hook.pk}/", {"act": "secret"}).content.decode()
    assert Hook.objects.get().secret in renewed and hook.secret not in renewed


def test_a_customer_neither_sees_nor_touches_hooks_of_aws(as_user, tam, customer_lead, page, engagement):
    as_user(tam).post(page, FORM | {"name": "War room", "audience": "aws"})
    hook = Hook.objects.get()
    client = as_user(customer_lead)
    assert "War room" not in client.get(page).content.decode()
    assert client.post(f"{page}{hook.pk}/", {"act": "off"}).status_code == 404
    assert "War room" not in client.get(f"/e/{engagement.reference}/timeline/").content.decode()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"kind": "events"}, "secret"),
        ({"kind": "events", "secret": "one\nline more"}, "secret"),
        ({"kind": "x"}, "kind"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_told_is_refused_beside_its_field(as_user, customer_lead, page, words, name):
    answer = as_user(customer_lead).post(page, FORM | words)
    assert answer.status_code == 422 and f'id="id_{name}_error"' in answer.content.decode()


def test_a_test_shows_how_it_went_and_failures_are_loud_for_aws_only(
    as_user, tam, customer_lead, page, now, settings, caplog, django_assert_max_num_queries
):
    settings.WEBHOOK_ALLOWED_HOSTS = []
    client = as_user(tam)
    client.post(page, FORM | {"audience": "customer", "url": "https://127.0.0.1/"})
    hook = Hook.objects.get()
    assert client.post(f"{page}{hook.pk}/", {"act": "test"}).status_code == 303
    message = Notification.objects.get()
    relay.run_once(clock=lambda: message.next_try_at)
    with django_assert_max_num_queries(12):
        seen = client.get(page).content.decode()
    assert "private network" in seen
    # The banner counts three days from the wall clock, as the message was made by it.
    assert "1 message did not arrive" in seen
    assert "did not arrive" not in as_user(customer_lead).get(page).content.decode()


def test_the_sixth_test_within_a_minute_is_refused_in_words(as_user, tam, page, engagement, now):
    client = as_user(tam)
    client.post(page, FORM | {"audience": "customer"})
    hook = Hook.objects.get()
    answers = [client.post(f"{page}{hook.pk}/", {"act": "test"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert "five tests within a minute" in answers[-1].content.decode()
    assert Notification.objects.count() == 5
    words = {"engagement": engagement, "hook": hook}
    last = Notification.objects.latest("pk").created_at
    hooks.test(**words, by=factories.member(engagement, "tam"), now=last)  # another person
    hooks.test(**words, by=tam, now=last + timedelta(minutes=1))
    assert Notification.objects.count() == 7


def test_a_removed_hook_keeps_neither_address_nor_secret(as_user, tam, page):
    client = as_user(tam)
    client.post(page, FORM | {"audience": "aws"})
    hook = Hook.objects.get()
    client.post(f"{page}{hook.pk}/", {"act": "remove"})
    hook.refresh_from_db()
    assert (hook.url, hook.secret, hook.is_active) == ("", "", False)
    assert client.post(f"{page}{hook.pk}/", {"act": "on"}).status_code == 404


def test_the_hooks_of_another_engagement_are_not_there(as_user, tam, page, now):
    as_user(tam).post(page, FORM | {"audience": "aws"})
    hook = Hook.objects.get()
    other = factories.engagement(now=now)
    stranger = factories.member(other, "tam")
    assert as_user(stranger).post(f"/e/{other.reference}/hooks/{hook.pk}/", {"act": "off"}).status_code == 404


def test_each_system_is_told_of_what_was_chosen_for_it(as_user, tam, page, engagement):
    client = as_user(tam)
    client.post(page, FORM | {"audience": "aws"})
    hook = Hook.objects.get()
    address = f"{page}{hook.pk}/"
    assert client.post(address, {"act": "hear", "what": ["update"]}).status_code == 303
    assert every.hooks_of([engagement.pk], every.UPDATE)[engagement.pk] == [hook]
    assert every.hooks_of([engagement.pk], every.ESCALATION)[engagement.pk] == []
    for what in ([], ["update", "gossip"]):
        assert client.post(address, {"act": "hear", "what": what}).status_code == 422
    assert Hook.objects.get().what == ["update"]
    assert (
        "What Their desk is told of was changed"
        in client.get(f"/e/{engagement.reference}/timeline/").content.decode()
    )


def test_a_pager_hears_of_escalations_and_is_offered_nothing_else(as_user, tam, page):
    client = as_user(tam)
    client.post(page, FORM | {"kind": "events", "secret": "R0UT1NG", "audience": "aws"})
    hook = Hook.objects.get()
    assert hook.what == [every.ESCALATION]
    for what in (["update"], ["escalation", "update"]):
        assert client.post(f"{page}{hook.pk}/", {"act": "hear", "what": what}).status_code == 422
    assert Hook.objects.get().what == [every.ESCALATION]
    assert 'name="what"' not in client.get(page).content.decode()
