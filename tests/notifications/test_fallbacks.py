"""When a way is dead, the next one is tried; every failed try is on record."""

from datetime import timedelta

import pytest

from iem_portal.notifications import delivery, outbox, relay
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure
from iem_portal.notifications.models import Notification
from iem_portal.registry import channels
from tests.notifications.test_outbox import TEMPLATE, Receiver

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.filterwarnings("error")


def message(key, **fields):
    words = {
        "channel": "test",
        "address": f"{key}@example.com",
        "template": TEMPLATE,
        "about": "escalation:7",
    }
    return outbox.Message(key=key, **(words | fields))


@pytest.fixture
def chain(db, now):
    """A message with two ways behind it."""
    outbox.enqueue([message("first", fallbacks=(message("second"), message("third")))], now=now)


def run(receiver, at):
    with channels.temporarily(receiver):
        return relay.run_once(clock=lambda: at)


def test_a_dead_way_hands_over_to_the_next_and_that_one_to_the_one_after(chain, now):
    receiver = Receiver(PermanentFailure("no such box"), PermanentFailure("none either"))
    assert [run(receiver, now).dead, run(receiver, now).dead, run(receiver, now).sent] == [1, 1, 1]
    assert receiver.got == ["first", "second", "third"]
    assert dict(Notification.objects.values_list("key", "fell_to")) == {
        "first": "second", "second": "third", "third": "",
    }  # fmt: skip


def test_a_way_that_was_used_already_is_passed_over(chain, now):
    outbox.enqueue([message("second", channel="other")], now=now + timedelta(days=1))
    run(Receiver(PermanentFailure("no")), now)
    assert Notification.objects.get(key="first").fell_to == "third"


def test_with_another_way_to_try_nobody_waits_for_ten_attempts(chain, now):
    receiver, at = Receiver(*[TemporaryFailure("busy")] * 4), now
    for _ in range(4):
        run(receiver, at)
        at = Notification.objects.get(key="first").next_try_at
    first = Notification.objects.get(key="first")
    assert (first.fell_to, first.dead_at - now) == ("second", timedelta(seconds=80))


def test_every_failed_try_is_on_record_in_the_receivers_words(chain, now):
    run(Receiver(TemporaryFailure("busy")), now)
    run(Receiver(PermanentFailure("no such box")), now + 5 * SECOND)
    tries = Notification.objects.get(key="first").tries.values_list("number", "at", "outcome", "words")
    assert list(tries) == [
        (1, now, "later", "busy"),
        (2, now + 5 * SECOND, "never", "no such box"),
    ]


def test_a_receiver_that_asks_for_a_pause_gets_it_within_bounds(chain, now):
    run(Receiver(TemporaryFailure("slow down", retry_after_s=77)), now)
    first = Notification.objects.get(key="first")
    assert first.next_try_at == now + 77 * SECOND
    run(Receiver(TemporaryFailure("slow down", retry_after_s=1e9)), now + 77 * SECOND)
    first.refresh_from_db()
    assert first.next_try_at == now + 77 * SECOND + timedelta(minutes=15)


def test_what_was_given_up_is_found_by_what_it_tells_of(chain, now):
    assert delivery.dead_about("escalation:7") == []
    run(Receiver(PermanentFailure("no such box")), now)
    assert [row.key for row in delivery.dead_about("escalation:7")] == ["first"]
    Notification.objects.update(about="escalation:77")
    assert delivery.dead_about("escalation:7") == []
