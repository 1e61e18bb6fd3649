"""What each channel says, as a receiving system reads it over real HTTP."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import moto.sns.models as moto_sns
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from iem_portal.accounts.models import Contact
from iem_portal.notifications import hooks, outbox, relay, webpush
from iem_portal.notifications.models import Hook, Notification
from iem_portal.registry import acts
from tests import factories
from tests.notifications.test_links import Press

SUBJECT = "ESC-01 <b>Lag</b> & [more](https://evil.example)"
SECOND = timedelta(seconds=1)


@pytest.fixture
def template(settings, tmp_path):
    (tmp_path / "t.txt").write_text(
        '{% load notifications %}{{ title }}\nIt stands still.\n\nPress: {% act_link "test.press" %}\n'
    )
    (tmp_path / "t.short.txt").write_text("{{ title }}\nStands still")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    with acts.temporarily(Press()):
        yield "t"


@pytest.fixture
def tell(db, now, template):
    """Tell a hook or contact of something and run the relay once; the message as it is then."""

    def teller(channel, address, key="fact", at=now, **fields):
        params = {"title": SUBJECT, "severity_code": "critical"} | fields.pop("params", {})
        words = {"params": params, "template": template, "about": "escalation:7"} | fields
        outbox.enqueue([outbox.Message(key=key, channel=channel, address=address, **words)], now=at)
        relay.run_once(clock=lambda: at)
        return Notification.objects.get(key=key)

    return teller


@pytest.fixture
def hook(db, now, receiver):
    def maker(kind, path="/in", **fields):
        words = {
            "audience": "aws",
            "name": "Room",
            "url": receiver.url(path),
            "what": ["escalation"],
        } | fields
        row = hooks.add(
            engagement_id=1, fields={"kind": kind, **words}, by=factories.user(password=None), now=now
        )
        return hooks.address(row), row

    return maker


def test_slack_gets_a_heading_a_text_and_buttons_and_nobody_can_write_its_commands(tell, hook, receiver):
    assert tell("slack", hook("slack")[0]).sent_at
    said = receiver.json()
    head, section, actions = said["blocks"]
    assert said["text"] == "ESC-01 &lt;b&gt;Lag&lt;/b&gt; &amp; [more](https://evil.example)"
    assert head["text"] == {"type": "plain_text", "text": SUBJECT, "emoji": False}
    assert section["text"]["text"] == "It stands still."
    assert [(b["text"]["text"], "/act/" in b["url"]) for b in actions["elements"]] == [("Press it", True)]


def test_teams_gets_a_card_whose_words_are_words(tell, hook, receiver):
    assert tell("teams", hook("teams")[0]).sent_at
    (attachment,) = receiver.json()["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["body"][0]["text"] == "ESC-01 <b>Lag</b> & \\[more\\](https://evil.example)"
    assert card["actions"][0]["type"] == "Action.OpenUrl"


def test_a_webhook_is_signed_over_its_time_and_body_and_keeps_its_identity(tell, hook, receiver, now):
    address, row = hook("webhook")
    receiver.answers.append((500, {}, ""))
    tell("webhook", address)
    relay.run_once(clock=lambda: now + 5 * SECOND)
    (_p, first, _b), (_path, second, body) = receiver.got
    assert (
        first["Idempotency-Key"]
        == second["Idempotency-Key"]
        == second["webhook-id"]
        == json.loads(body)["id"]
    )
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 5
    signed = f"{second['webhook-id']}.{second['webhook-timestamp']}.".encode() + body
    secret = base64.b64decode(row.secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert second["webhook-signature"] == f"v1,{wanted}"


def test_a_pager_hears_trigger_acknowledge_and_resolve_of_one_alert(tell, hook, receiver):
    address, _row = hook("events", "/v2/enqueue", secret="routing")
    for event in ("trigger", "acknowledge", "resolve"):
        tell("events", address, key=event, params={"event": event})
    said = [receiver.json(place) for place in range(3)]
    assert [one["event_action"] for one in said] == ["trigger", "acknowledge", "resolve"]
    assert {one["dedup_key"] for one in said} == {"localhost/escalation:7"}
    assert said[0]["routing_key"] == "routing" and said[0]["payload"]["severity"] == "critical"


def test_opsgenie_is_spoken_to_in_its_own_way(tell, hook, receiver):
    address, _row = hook("events", "/v2/alerts", secret="genie")
    for event in ("trigger", "resolve"):
        tell("events", address, key=event, params={"event": event})
    (path, headers, _body), (end, _headers, _note) = receiver.got
    assert (path, headers["Authorization"]) == ("/v2/alerts", "GenieKey genie")
    assert (receiver.json(0)["priority"], receiver.json(0)["alias"]) == ("P1", "localhost/escalation:7")
    assert end == "/v2/alerts/localhost%2Fescalation%3A7/close?identifierType=alias"


def test_a_hook_that_was_switched_off_is_told_nothing(tell, hook, receiver):
    address, row = hook("slack")
    hooks.switch(hook=row, is_active=False)
    assert "switched off" in tell("slack", address).last_error
    assert receiver.got == []


def test_hooks_are_found_by_engagement_and_topic(hook, django_assert_num_queries):
    _address, row = hook("slack")
    hook("teams", what=[])
    with django_assert_num_queries(1):
        assert hooks.hooks_of([1, 2], "escalation") == {1: [row], 2: []}


def contact(kind, address, now, **fields):
    user = factories.user(password=None)
    row = Contact.objects.create(
        user=user, kind=kind, address=address, created_at=now, proved_at=now, **fields
    )
    return f"contact:{row.pk}"


def test_a_text_message_is_two_lines_and_a_link_and_leaves_by_sns(tell, simulator, settings, now):
    settings.AWS_WRITES, settings.SMS_ACCOUNT_ID = True, "000000000000"
    row = tell("sms", contact("sms", "+821012345678", now))
    assert row.sent_at, row.last_error
    backends = moto_sns.sns_backends[settings.SMS_ACCOUNT_ID][settings.SMS_REGION]
    (phone, text), *_rest = [tuple(one) for one in backends.sms_messages.values()]
    assert phone == "+821012345678"
    assert text.startswith(f"{SUBJECT}\nStands still\nhttp") and "/act/" in text


def test_no_text_message_leaves_while_writing_to_aws_is_off(tell, settings, now):
    settings.AWS_WRITES = False
    assert "AWS_WRITES" in tell("sms", contact("sms", "+821012345678", now)).last_error


RFC = {
    "own": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "sealed": (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ),
}


def test_a_note_is_sealed_as_rfc_8291_shows():
    own = ec.derive_private_key(int.from_bytes(webpush.decoded(RFC["own"]), "big"), webpush.CURVE)
    sealed = webpush.seal(
        b"When I grow up, I want to be a watermelon",
        p256dh=RFC["p256dh"], auth=RFC["auth"], salt=webpush.decoded(RFC["salt"]), own=own,
    )  # fmt: skip
    assert webpush.encoded(sealed) == RFC["sealed"]


def test_a_browser_is_told_by_its_push_service_with_our_signature(tell, receiver, now):
    keys = {"p256dh": RFC["p256dh"], "auth": RFC["auth"]}
    assert tell("browser", contact("browser", receiver.url("/push/abc"), now, keys=keys)).sent_at
    path, headers, _body = receiver.got[0]
    assert (path, headers["Content-Encoding"], headers["TTL"]) == ("/push/abc", "aes128gcm", "3600")
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    signed, signature = token.rpartition(".")[0], webpush.decoded(token.rpartition(".")[2])
    claims = json.loads(webpush.decoded(signed.split(".")[1]))
    assert claims["aud"] == f"http://127.0.0.1:{receiver.port}"
    public = ec.EllipticCurvePublicKey.from_encoded_point(webpush.CURVE, webpush.decoded(key))
    pair = [int.from_bytes(signature[at : at + 32], "big") for at in (0, 32)]
    public.verify(encode_dss_signature(*pair), signed.encode(), ec.ECDSA(SHA256()))


def test_a_browser_that_took_its_permission_back_is_not_asked_again(tell, receiver, now):
    keys = {"p256dh": RFC["p256dh"], "auth": RFC["auth"]}
    receiver.answers.append((410, {}, "gone"))
    assert tell("browser", contact("browser", receiver.url(), now, keys=keys)).dead_at
    row = Contact.objects.get()
    assert not row.is_active and "410" in row.problem


def test_a_browser_with_broken_keys_is_given_up_in_words(tell, receiver, now):
    for place, keys in enumerate(({"p256dh": "!", "auth": ""}, {}, {"p256dh": "AAAA", "auth": "AAAA"})):
        row = tell("browser", contact("browser", receiver.url(), now, keys=keys), key=f"k{place}")
        assert "keys are none" in row.last_error


def test_one_slow_receiver_holds_up_its_own_messages_only(hook, receiver, now, template, transactional_db):
    address, _row = hook("slack")
    receiver.gate.clear()
    slow = [outbox.Message(f"s{n}", "slack", address, template, {"title": "x"}) for n in range(6)]
    mails = [outbox.Message(f"m{n}", "email", "a@example.com", template, {"title": "x"}) for n in range(6)]
    outbox.enqueue(slow + mails, now=now)
    it = relay.Relay(clock=lambda: now)
    turn = it.turn(limit_s=0.5)
    assert (turn.leased, turn.sent) == (12, 6)
    # Four are under way; two found no room, wait a second behind other messages, and have not been tried.
    left = Notification.objects.filter(channel="slack", attempts=0, next_try_at=now + SECOND)
    assert left.count() == 2
    receiver.gate.set()
    it.close()
    assert Notification.objects.filter(channel="slack", sent_at__isnull=False).count() == 4
    assert Hook.objects.count() == 1
