"""Whatever is killed and whenever: every breach once, dated at its deadline, and one mail for it."""

import os

import pytest

from tests.escalation import arena

URL = os.environ.get("DATABASE_URL", "")
pytestmark = [pytest.mark.slow, pytest.mark.arena]


def test_two_clocks_and_a_relay_killed_at_random_lose_and_double_nothing(tmp_path):
    seen = arena.run("killing", "--events", "300", "--kills", "9", data_dir=tmp_path, url=URL, seconds=240)
    counts = (
        "fired",
        "recorded",
        "recorded_once",
        "dated_at_deadline",
        "on_timeline",
        "messages",
        "delivered",
    )
    assert {name: seen[name] for name in counts} == dict.fromkeys(counts, 300)
    assert (seen["unsent"], seen["kills"]) == (0, 9)


def test_an_answer_at_the_moment_of_the_breach_is_one_or_the_other(tmp_path):
    seen = arena.run("racing", "--races", "80", data_dir=tmp_path, url=URL, seconds=240)
    assert seen["breached"] + seen["answered"] == seen["races"] == 80
    contradictions = ("both", "neither", "paged_after_answer", "breached_without_page", "told_wrong")
    assert [seen[name] for name in contradictions] == [0] * 5


def test_a_breach_while_everything_is_dead_is_recorded_once_at_its_deadline_with_one_mail(tmp_path):
    seen = arena.run("blackout", data_dir=tmp_path, url=URL, seconds=300)
    assert seen["was_up"] and seen["missed_while_dead"] == 1
    names = ("breaches", "dated_at_deadline", "recorded_later", "on_timeline", "messages", "mails")
    assert [seen[name] for name in names] == [1] * 6
