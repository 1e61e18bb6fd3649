"""The outbox and the relay: told once, tried again, given up loudly, never lost."""

import logging
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from iem_portal.notifications import outbox, relay
from iem_portal.notifications.channels.email import Email, message_id
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification
from iem_portal.registry import channels

SECOND = timedelta(seconds=1)
TEMPLATE = "escalation/mail/breach"


class Receiver:
    """A channel that does as it is told and remembers what it was given."""

    key = "test"
    label = "Test"

    def __init__(self, *errors):
        self.errors = list(errors)
        self.got = []

    def send(self, notification, subject, body):
        self.got.append(notification.key)
        if self.errors:
            raise self.errors.pop(0)


@pytest.fixture
def put(db, now):
    """Put a message into the outbox: ``put("key", channel="email")``."""

    def putter(key="fact:1", **fields):
        message = {"channel": "test", "address": "a@example.com", "template": TEMPLATE} | fields
        outbox.enqueue([outbox.Message(key=key, **message)], now=now)
        return Notification.objects.get(key=key)

    return putter


def run(receiver, at):
    with channels.temporarily(receiver):
        return relay.run_once(clock=lambda: at)


def test_a_key_can_be_used_once_and_undoes_the_fact_with_it(put):
    put("fact:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        put("fact:1")


def test_a_message_is_sent_once_and_marked(put, now):
    put()
    receiver = Receiver()
    assert [run(receiver, now).sent, run(receiver, now + 99 * SECOND).sent] == [1, 0]
    assert receiver.got == ["fact:1"]


def test_a_message_does_not_leave_before_its_time(put, now):
    put()
    assert run(Receiver(), now - SECOND).leased == 0


def test_failures_back_off_further_each_time(put, now):
    message = put()
    receiver = Receiver(*[TemporaryFailure("busy")] * 5)
    pauses, at = [], now
    for _ in range(5):
        run(receiver, at)
        message.refresh_from_db()
        pauses.append((message.next_try_at - at).total_seconds())
        at = message.next_try_at
    assert pauses == [5, 15, 60, 300, 300]
    assert run(receiver, at).sent == 1


def test_after_ten_attempts_it_is_given_up_and_logged(put, now, caplog):
    put()
    receiver = Receiver(*[TemporaryFailure("busy")] * 99)
    for hour in range(12):
        run(receiver, now + timedelta(hours=hour))
    message = Notification.objects.get()
    assert (message.attempts, message.dead_at) == (10, now + timedelta(hours=9))
    assert "given up" in caplog.text


def test_a_receiver_that_says_never_is_not_asked_again(put, now, caplog):
    put()
    assert run(Receiver(PermanentFailure("no such box")), now).dead == 1
    assert run(Receiver(), now + timedelta(hours=1)).leased == 0


def test_one_bad_message_does_not_stop_the_others(put, now, caplog):
    put("bad", template="no/such/template")
    put("good")
    with caplog.at_level(logging.CRITICAL, logger="iem_portal.notifications.marking"):
        turn = run(Receiver(), now)
    assert (turn.sent, turn.failed) == (1, 1)


def test_an_unknown_channel_is_given_up(put, now, caplog):
    put(channel="pigeon")
    assert run(Receiver(), now).dead == 1


def test_a_relay_that_died_after_sending_makes_the_next_one_send_under_the_same_id(put, now):
    put(channel="email")
    row = relay._lease(now)[0]
    Email().send(row, "Subject", "Body")  # and here it is killed: nothing is marked
    assert relay.run_once(clock=lambda: now + 29 * SECOND).leased == 0
    assert relay.run_once(clock=lambda: now + 30 * SECOND).sent == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == message_id("fact:1")


def test_a_slow_batch_stops_before_its_lease_runs_out(put, now):
    for number in range(5):
        put(f"fact:{number}")
    ticks = iter(now + second * SECOND for second in range(0, 200, 4))
    receiver = Receiver()
    with channels.temporarily(receiver):
        relay.run_once(clock=lambda: next(ticks))
    assert len(receiver.got) == relay.PER_RECEIVER == 4
    # What it had no time for is free at once, and has not been tried.
    assert run(receiver, now + 60 * SECOND).sent == 1
    assert set(Notification.objects.values_list("attempts", flat=True)) == {1}


def test_what_took_long_to_word_leaves_no_time_for_the_next(put, now, monkeypatch):
    put("fact:1"), put("fact:2")
    at, dress = [now], relay.dress

    def slowly(row):
        at[0] += 21 * SECOND
        dress(row)

    monkeypatch.setattr(relay, "dress", slowly)
    receiver = Receiver()
    with channels.temporarily(receiver):
        relay.run_once(clock=lambda: at[0])
    assert len(receiver.got) == 1
    assert Notification.objects.get(sent_at=None).attempts == 0


def test_a_batch_is_bounded(put, now, monkeypatch):
    monkeypatch.setattr(relay, "BATCH", 2)
    for number in range(3):
        put(f"fact:{number}")
    assert [run(Receiver(), now).sent, run(Receiver(), now).sent] == [2, 1]


class Server:
    """A mail backend that answers with an SMTP error."""

    error: Exception = OSError("no route")

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise self.error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no such user")}), PermanentFailure),
        (smtplib.SMTPRecipientsRefused({"a@example.com": (450, b"greylisted")}), TemporaryFailure),
        (smtplib.SMTPDataError(554, b"spam"), PermanentFailure),
        (smtplib.SMTPServerDisconnected("gone"), TemporaryFailure),
        (ConnectionRefusedError("no server"), TemporaryFailure),
    ],
)
def test_smtp_answers_decide_between_later_and_never(put, settings, monkeypatch, error, expected):
    settings.EMAIL_BACKEND = "tests.notifications.test_outbox.Server"
    monkeypatch.setattr(Server, "error", error)
    with pytest.raises(expected):
        Email().send(put(channel="email"), "Subject", "Body")
