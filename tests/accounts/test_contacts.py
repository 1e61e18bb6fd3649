"""How a person is reached: proved numbers, their own order, e-mail last."""

import json
from datetime import timedelta

import pytest

from iem_portal.accounts import contacts, reach
from iem_portal.accounts.models import Contact
from iem_portal.notifications import outbox
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from tests import factories

PAGE, PHONE = "/profile/contacts/", "+821012345678"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
KEYS = {"p256dh": P256DH, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}


@pytest.fixture
def kim(db):
    return factories.user(name="Kim", email="kim@example.com", password=None)


@pytest.fixture
def phone(kim, now):
    return contacts.add(user=kim, kind="sms", address=PHONE, label="", now=now)


def code():
    return compose(Notification.objects.order_by("-pk").first())[0].split()[0]


def fresh(contact):
    return Contact.objects.get(pk=contact.pk)


def ways(*people):
    return {pk: [way.channel for way in found] for pk, found in reach.ways_of([p.pk for p in people]).items()}


def test_a_number_counts_only_after_its_code(phone, kim, now):
    assert ways(kim) == {kim.pk: ["email"]}
    assert Notification.objects.get().address == PHONE
    assert not contacts.prove(contact=fresh(phone), code="x", now=now)
    assert contacts.prove(contact=fresh(phone), code=code(), now=now + timedelta(minutes=9))
    assert ways(kim) == {kim.pk: ["sms", "email"]}


def test_a_code_ends_after_ten_minutes_and_after_five_guesses(phone, now):
    right = code()
    assert not contacts.prove(contact=fresh(phone), code=right, now=now + timedelta(minutes=10))
    for _ in range(5):
        contacts.prove(contact=fresh(phone), code="000000" if right != "000000" else "1", now=now)
    assert not contacts.prove(contact=fresh(phone), code=right, now=now)


def test_the_outbox_does_not_keep_the_code_in_the_open(phone):
    assert code() not in json.dumps(Notification.objects.get().params)


def test_codes_are_not_sent_more_than_once_a_minute(phone, now):
    with pytest.raises(contacts.ContactRefused):
        contacts.send_code(contact=phone, now=now + timedelta(seconds=59))
    contacts.send_code(contact=phone, now=now + timedelta(seconds=61))


def test_ways_come_in_the_persons_order_with_mail_last_in_one_query(kim, now, django_assert_num_queries):
    lee = factories.user(password=None)
    gone = factories.user(password=None, is_active=False)
    first = contacts.add(user=kim, kind="slack", address="https://a.example/", label="DM", now=now)
    contacts.add(user=kim, kind="teams", address="https://b.example/", label="", now=now)
    contacts.move(contact=first, is_up=True)
    with django_assert_num_queries(1):
        found = ways(kim, lee, gone)
    assert found == {kim.pk: ["slack", "teams", "email"], lee.pk: ["email"], gone.pk: []}
    assert reach.ways_of([kim.pk])[kim.pk][0] == reach.Way("slack", f"contact:{first.pk}", "Kim, DM")


def test_a_number_is_shown_by_its_last_digits_only(phone, now):
    contacts.prove(contact=fresh(phone), code=code(), now=now)
    assert reach.ways_of([phone.user_id])[phone.user_id][0].label == "Kim, Text message …5678"


def test_the_page_adds_tests_orders_and_removes(as_user, kim):
    client = as_user(kim)
    form = {"kind": "slack", "address": "https://hooks.example/x", "label": "My DM"}
    assert client.post(PAGE, form).status_code == 303
    row = Contact.objects.get()
    for act in ("test", "down", "up", "off", "on"):
        assert client.post(f"{PAGE}{row.pk}/", {"act": act}).status_code == 303
    assert "On its way" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{row.pk}/", {"act": "explode"}).status_code == 422
    assert client.post(f"{PAGE}{row.pk}/", {"act": "remove"}).status_code == 303
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("sms", "12345"),
        ("sms", "+82 10 12ab"),
        ("slack", "http://in.example/"),
        ("teams", "nonsense"),
        ("x", "+821"),
    ],
)
def test_what_leads_nowhere_is_refused_beside_its_field(as_user, kim, kind, address):
    answer = as_user(kim).post(PAGE, {"kind": kind, "address": address})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'aria-invalid="true"' in text and address in text


def test_nobody_touches_somebody_elses_contact(as_user, phone):
    other = factories.user(password=None)
    assert as_user(other).post(f"{PAGE}{phone.pk}/", {"act": "remove"}).status_code == 404


def test_a_browser_belongs_to_whoever_asked_last(as_user, kim):
    lee = factories.user(password=None)
    data = {"endpoint": "https://push.example/abc", "keys": KEYS}
    for person in (kim, kim, lee):
        answer = as_user(person).post(
            f"{PAGE}browser/", data, content_type="application/json", HTTP_X_BROWSER="Firefox, Linux"
        )
        assert answer.status_code == 204
    assert list(Contact.objects.values_list("user_id", "label", "keys")) == [(lee.pk, "Firefox, Linux", KEYS)]


@pytest.mark.parametrize(
    "data",
    [
        "", "[", "[]", "null", "1e400", '{"endpoint": 1, "keys": {}}', '{"endpoint": "https://p.example/", "keys": []}',
        '{"endpoint": "https://p.example/", "keys": {"p256dh": "é", "auth": 1}}', "[" * 2000,
        json.dumps({"endpoint": "http://127.0.0.1/", "keys": KEYS}),
        json.dumps({"endpoint": "https://p.example/\0", "keys": KEYS}),
        json.dumps({"endpoint": "https://p.example/\ud800", "keys": KEYS}),
    ],
)  # fmt: skip
def test_nonsense_for_a_browser_is_a_422(as_user, kim, data):
    answer = as_user(kim).post(f"{PAGE}browser/", data, content_type="application/json")
    assert answer.status_code == 422


def test_an_open_page_asks_for_what_its_person_was_told_since(as_user, kim):
    def tell(key, user, **fields):
        words = {"channel": "email", "address": "x@example.com", "template": contacts.TEST_MAIL} | fields
        outbox.enqueue([outbox.Message(key=key, user_id=user.pk, **words)])

    client, lee = as_user(kim), factories.user(password=None)
    start = client.get("/profile/notes/").json()
    tell("a", kim, about="escalation:1")
    tell("b", lee, about="escalation:1")
    tell("c", kim)
    found = client.get("/profile/notes/", {"after": start["last"]}).json()
    assert [note["title"] for note in found["notes"]] == ["Test from IEM Portal"]
    assert client.get("/profile/notes/", {"after": found["last"]}).json()["notes"] == []
    assert client.get("/profile/notes/", {"after": "9" * 99}).json()["notes"] == []
