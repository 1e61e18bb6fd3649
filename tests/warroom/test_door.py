"""Pushed Health events: who may knock, what is the same event, and what two ways of hearing of it make of it."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from tests import factories
from warroom.models import HealthEvent, HealthWord, InboundEvent
from warroom.setup import inbound
from warroom.sources import health

pytestmark = pytest.mark.django_db
ARN = "arn:aws:health:ap-northeast-2::event/RDS/AWS_RDS_OPERATIONAL_ISSUE/AWS_RDS_OPERATIONAL_ISSUE_PUSHED"


@pytest.fixture
def door(engagement, tam, now):
    factories.aws_account(engagement)
    return inbound.open_door(engagement=engagement, by=tam, now=now)


def event(**detail) -> dict:
    """An event as EventBridge sends it."""
    plain = {
        "eventArn": ARN,
        "service": "RDS",
        "eventTypeCode": "AWS_RDS_OPERATIONAL_ISSUE",
        "eventTypeCategory": "ISSUE",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "communicationId": "c1",
        "startTime": "Sat, 28 Nov 2026 16:00:00 GMT",
        "lastUpdatedTime": "Sat, 28 Nov 2026 16:05:00 GMT",
        "statusCode": "open",
        "eventRegion": "ap-northeast-2",
        "eventDescription": [{"language": "en_US", "latestDescription": "Errors are rising."}],
        "affectedEntities": [{"entityValue": "enrol-db", "status": "IMPAIRED"}],
        "affectedAccount": "111122223333",
        "page": "1",
        "totalPages": "1",
    }
    return {"source": "aws.health", "account": "111122223333", "detail": plain | detail}


@pytest.fixture
def knock(client, door, now, monkeypatch):
    """`knock(event)`: post it, signed, at the present of the test."""
    monkeypatch.setattr("warroom.setup.door_views.timezone.now", lambda: now)

    def post(what, *, at=None, secret=None, signed=None, content_type="application/json", address=None):
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        stamp = str(int((at or now).timestamp()))
        headers = {
            "x-iem-timestamp": stamp,
            "x-iem-signature": signed
            if signed is not None
            else inbound.signature(secret or door.secret, stamp, body),
        }
        where = reverse("aws-door", args=[address or door.address])
        return client.post(where, body, content_type=content_type, headers=headers)

    return post


def test_a_signed_event_is_on_the_board_at_once(knock, engagement):
    answer = knock(event())
    assert (answer.status_code, answer.json()) == (202, {"event": "taken"})
    row = HealthEvent.objects.get()
    assert (row.status, row.category, row.text, row.entities) == (
        "open",
        "issue",
        "Errors are rising.",
        [["enrol-db", "IMPAIRED"]],
    )
    assert TimelineEntry.objects.filter(phrase="health.opened").count() == 1


def test_the_same_event_twice_is_one(knock):
    knock(event())
    assert knock(event()).json() == {"event": "known"}
    assert HealthEvent.objects.count() == InboundEvent.objects.count() == 1
    assert TimelineEntry.objects.filter(phrase__startswith="health.").count() == 1


@pytest.mark.parametrize(
    "other", [{"communicationId": "c2"}, {"lastUpdatedTime": "Sat, 28 Nov 2026 16:06:00 GMT"}]
)
def test_another_update_is_another_event(knock, other):
    knock(event())
    assert knock(event(**other)).json() == {"event": "taken"}


def test_an_older_update_that_comes_late_changes_nothing(knock):
    knock(event(statusCode="closed", lastUpdatedTime="Sat, 28 Nov 2026 16:10:00 GMT"))
    knock(event())
    assert HealthEvent.objects.get().status == "closed"


def test_pages_are_joined_in_whatever_order_they_come(knock):
    second = event(
        page="2", totalPages="2", affectedEntities=[{"entityValue": "other-db", "status": "UNKNOWN"}]
    )
    assert knock(second).json() == {"event": "waiting"}
    assert not HealthEvent.objects.exists()
    assert knock(event(page="1", totalPages="2")).json() == {"event": "taken"}
    assert HealthEvent.objects.get().entities == [["enrol-db", "IMPAIRED"], ["other-db", "UNKNOWN"]]


@pytest.mark.parametrize("what", [event(backupEvent="true"), event() | {"source": "aws.support"}])
def test_copies_and_other_things_are_dropped(knock, what):
    assert knock(what).json() == {"event": "dropped"}
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"secret": "wrong"}, 401),
        ({"signed": ""}, 401),
        ({"signed": "v1=é"}, 401),
        ({"content_type": "text/plain"}, 415),
        ({"address": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
def test_who_may_not_knock(knock, words, status):
    assert knock(event(), **words).status_code == status
    assert not InboundEvent.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_request_cannot_be_played_again(knock, now, minutes):
    assert knock(event(), at=now + timedelta(minutes=minutes)).status_code == 401


def test_a_new_secret_shuts_out_the_old_one(knock, door, engagement, tam, now):
    inbound.open_door(engagement=engagement, by=tam, now=now)
    assert knock(event()).status_code == 401


@pytest.mark.parametrize(
    "what",
    [
        b"not json",
        b"[]",
        b"[" * 20_000,
        event(eventArn=None),
        event(affectedAccount="999999999999"),
        event(page="3", totalPages="2"),
        event(totalPages="9999"),
    ],
)
def test_nonsense_is_refused_in_words(knock, what):
    answer = knock(what)
    assert answer.status_code == 422 and answer.json()["error"]
    assert not HealthEvent.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"eventDescription": "text"},
        {"eventDescription": [{"language": 7, "latestDescription": None}]},
        {"affectedEntities": [7, {"entityValue": None}]},
        {"startTime": "1e400"},
        {"lastUpdatedTime": 12},
        {"statusCode": {"a": 1}},
        {"service": "\ud800"},
        {
            "eventMetadata": {
                "limit": float("inf"),
                "share": float("nan"),
                "x\x00": "a\x00b",
                "half": ["\ud800"],
            }
        },
    ],
)
def test_odd_fields_never_break_the_door(knock, odd):
    assert knock(event(**odd)).status_code in (202, 422)
    words = json.dumps(list(InboundEvent.objects.values_list("detail", flat=True)), allow_nan=False)
    assert not any(spelt in words for spelt in ("\\u0000", "\\ud800"))  # which PostgreSQL does not keep


def test_a_timestamp_beyond_every_calendar_is_refused(client, door):
    headers = {"x-iem-timestamp": "9" * 12, "x-iem-signature": "v1="}
    where = reverse("aws-door", args=[door.address])
    answer = client.post(where, b"{}", content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_too_long_is_said_before_it_is_read(knock):
    assert knock(b"x" * (inbound.LONGEST_BODY + 1)).status_code == 413


def test_too_many_are_turned_away(knock, monkeypatch):
    monkeypatch.setattr(inbound, "MOST_A_MINUTE", 1)
    knock(event())
    assert knock(event(communicationId="c2")).status_code == 429


def test_an_update_that_was_pushed_in_seconds_and_polled_in_milliseconds_is_one(knock, engagement, now):
    knock(event())
    known = HealthEvent.objects.get()
    finding = {name: getattr(known, name) for name in (*health.FIELDS, "arn", "account_id")}
    finding["updated_at"] += timedelta(milliseconds=96)
    assert health.keep(engagement, [finding], now=now) == 0
    assert HealthEvent.objects.get().updated_at == finding["updated_at"]
    assert TimelineEntry.objects.filter(phrase__startswith="health.").count() == 1
    assert HealthWord.objects.count() == 1


def test_what_was_polled_already_is_not_told_again(night, poll, client, tam, simulator, monkeypatch):
    poll()
    known = HealthEvent.objects.get(code="AWS_DIRECTCONNECT_OPERATIONAL_ISSUE")
    told = TimelineEntry.objects.filter(phrase__startswith="health.").count()
    words = HealthWord.objects.filter(event=known).count()
    door = inbound.open_door(engagement=night, by=tam, now=simulator.now())
    pushed = event(
        eventArn=known.arn,
        eventTypeCode=known.code,
        service=known.service,
        lastUpdatedTime=known.updated_at.isoformat(),
        statusCode=known.status,
        eventDescription=[{"language": "en_US", "latestDescription": known.text}],
    )
    assert inbound.receive(door=door, body=json.dumps(pushed).encode(), now=simulator.now()) == "taken"
    assert TimelineEntry.objects.filter(phrase__startswith="health.").count() == told
    assert HealthWord.objects.filter(event=known).count() == words
    assert HealthEvent.objects.filter(arn=known.arn).count() == 1


def test_a_secret_is_shown_once(engagement, tam, as_user):
    client, where = as_user(tam), reverse("aws:events", args=[engagement.reference])
    made = client.post(where).content.decode()
    secret = engagement.event_door.secret
    assert secret in made and secret not in client.get(where).content.decode()
