"""What announcing leaves behind in the writer's transaction, and what it costs."""

import pytest
from django.db import connection, transaction

from iem_portal.live import announce, announce_many, publisher
from iem_portal.live.versions import Raised, changed_since, read_versions

pytestmark = pytest.mark.django_db


def test_the_first_announcement_makes_version_one():
    announce("engagement:1", "clock")
    assert changed_since("engagement:1", 0) == (1, {"clock"})


def test_tiles_remember_the_version_at_which_they_changed_last():
    announce("engagement:1", "clock", "step")
    announce("engagement:1", "step")
    announce("engagement:2", "clock")
    assert changed_since("engagement:1", 1) == (2, {"step"})
    assert read_versions(["engagement:1", "engagement:2", "engagement:3"]) == {
        "engagement:1": 2,
        "engagement:2": 1,
    }


def test_a_topic_that_was_never_announced_is_at_version_zero():
    assert changed_since("engagement:404", 0) == (0, set())


def test_a_change_that_is_rolled_back_was_never_announced():
    with transaction.atomic():
        announce("engagement:1", "clock")
        transaction.set_rollback(True)
    assert read_versions(["engagement:1"]) == {}


def test_many_topics_cost_two_statements_and_on_postgresql_one(django_assert_num_queries):
    statements = 1 if connection.vendor == "postgresql" else 2
    with transaction.atomic(), django_assert_num_queries(statements):
        announce_many({f"engagement:{number}": ["clock", "step"] for number in range(200)})
    assert connection.in_atomic_block


def test_more_topics_than_one_statement_holds_are_all_raised():
    announce_many({f"engagement:{number}": ["clock"] for number in range(1000)})
    assert len(read_versions(f"engagement:{number}" for number in range(1000))) == 1000


def test_an_announcement_of_nothing_does_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        announce_many({})


def test_a_dead_broker_costs_neither_the_write_nor_another_second(settings, caplog, monkeypatch):
    monkeypatch.setattr(publisher, "_paused_until", 0.0)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    publisher.publish([Raised("engagement:1", 1, ("clock",))])
    publisher.publish([Raised("engagement:1", 2, ("clock",))])
    assert len(caplog.records) == 1, "the second one is not even tried"


@pytest.mark.parametrize("data", [b"", b"rubbish", b"[]", b"{}", b'{"topic": "a", "version": "x"}'])
def test_rubbish_on_the_channel_is_not_an_announcement(data):
    with pytest.raises(ValueError):
        publisher.decode(data)


def test_what_is_published_can_be_read_back():
    assert publisher.decode(publisher.encode(Raised("engagement:1", 7, ("clock",)))) == ("engagement:1", 7)
