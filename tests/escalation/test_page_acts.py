"""The acts on the page of an escalation: offered when they fit, refused beside their fields, kept when refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from escalation import actions
from escalation.models import Escalation

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def now():
    """A few seconds ago: the pages read the real clock, and nothing may lie ahead of it."""
    return timezone.now() - timedelta(seconds=5)


def url(name, escalation):
    return reverse(f"escalation:{name}", args=[escalation.engagement.reference, escalation.number])


def post(client, name, escalation, prefix, **words):
    data = {f"{prefix}-{key}": value for key, value in words.items()}
    version = Escalation.objects.get(pk=escalation.pk).version
    return client.post(url(name, escalation), data | {f"{prefix}-base_version": version})


def test_four_clocks_stand_on_the_page_each_with_its_reason(as_user, people, running):
    page = as_user(people["tam"]).get(url("detail", running)).content.decode()
    assert page.count('class="ck ck-') == 4
    assert page.count('<svg class="wy-s"') == 4
    assert "(case opened)" in page and "no objective" in page


def test_a_wait_is_shown_as_paused_and_ends_with_a_click(as_user, people, running):
    client = as_user(people["tam"])
    post(client, "wait", running, "wait", code="information", reason="The task log")
    page = client.get(url("detail", running)).content.decode()
    assert page.count("ck-paused") == 2
    assert "The task log" in page
    assert 'id="act-wait"' not in page
    assert post(client, "go-on", running, "go_on").status_code == 302
    assert "ck-paused" not in client.get(url("detail", running)).content.decode()


def test_what_was_said_counts_as_update_and_as_the_first_answer(as_user, people, running):
    words = {
        "channel": "phone",
        "audience": "all",
        "text": "An engineer is on it",
        "is_update": "on",
        "is_answer": "on",
    }
    assert post(as_user(people["tam"]), "say", running, "say", **words).status_code == 302
    running.refresh_from_db()
    assert (running.answered_how, running.clocks.get(kind="update").cycle) == ("call", 1)


def test_one_refusal_of_two_things_said_at_once_writes_neither(as_user, people, escalation):
    words = {"channel": "phone", "audience": "all", "text": "Kept words", "is_answer": "on"}
    answer = post(as_user(people["tam"]), "say", escalation, "say", **words)
    assert (answer.status_code, escalation.communications.count()) == (422, 0)
    assert "Kept words" in answer.content.decode()


def test_facts_are_edited_in_place_and_kept_when_refused(as_user, people, running):
    client = as_user(people["customer_lead"])
    page = client.get(url("detail", running) + "?act=facts").content.decode()
    assert 'id="act-facts"' in page
    wrong = post(client, "facts", running, "facts", title="Stalled", account_id="12", impact="Kept impact")
    assert wrong.status_code == 422
    assert "12 digits" in wrong.content.decode() and "Kept impact" in wrong.content.decode()
    assert post(client, "facts", running, "facts", title="Stalled", impact="All").status_code == 302
    running.refresh_from_db()
    assert (running.title, running.impact) == ("Stalled", "All")


def test_seldom_acts_wait_behind_one_link_and_a_refused_one_comes_back_open(as_user, people, running):
    client = as_user(people["tam"])
    assert 'id="act-split"' not in client.get(url("detail", running)).content.decode()
    assert 'id="act-split"' in client.get(url("state", running) + "?part=more").content.decode()
    refused = post(
        client, "split", running, "split", title="Only the index", severity="high", lane="technical"
    )
    assert refused.status_code == 422
    assert "Only the index" in refused.content.decode()


def test_a_part_that_is_split_off_is_shown(as_user, people, running):
    words = {"title": "The index", "severity": "high", "lane": "technical", "reason": "Another team"}
    answer = post(as_user(people["tam"]), "split", running, "split", **words)
    part = Escalation.objects.get(title="The index")
    assert answer.url == url("detail", part)
    page = as_user(people["tam"]).get(url("detail", part)).content.decode()
    assert "This was split off from it" in page


def test_what_ended_long_ago_is_followed_not_reopened(as_user, people, running, now):
    past = now - timedelta(days=30)
    Escalation.objects.filter(pk=running.pk).update(
        resolved_at=past, resolution="Solved", detected_at=past, declared_at=past
    )
    page = as_user(people["tam"]).get(url("detail", running)).content.decode()
    assert 'id="act-follow"' in page
    assert 'id="act-reopen"' not in page


def test_the_preview_names_every_clock_that_changes(as_user, people, running):
    words = {"severity": "urgent", "reason": "Sign-in works"}
    page = post(as_user(people["tam"]), "severity", running, "severity", **words).content.decode()
    assert page.count('<tr><th scope="row">') == 3
    assert 'id="sev-preview"' in page


@pytest.mark.parametrize(
    "part", ["", "path", "said", "facts", "acts", "more", "steps", "told", "side", "other"]
)
def test_each_part_of_the_page_stays_within_its_queries(
    as_user, people, running, part, django_assert_max_num_queries
):
    client = as_user(people["tam"])
    with django_assert_max_num_queries(12):
        assert client.get(url("state", running) + f"?part={part}").status_code == 200


def test_a_note_from_inside_aws_reaches_no_part_for_customers(as_user, people, running, now):
    actions.hand_over(
        escalation=running, level=3, owner_name="Seo", note="Inside words", by=people["tam"], now=now
    )
    parts = ("", "path", "said", "facts", "acts", "more", "steps", "told", "side")
    client = as_user(people["customer_lead"])
    pages = [client.get(url("state", running) + f"?part={part}") for part in parts]
    pages.append(client.get(url("detail", running)))
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not any("Inside words" in page.content.decode() for page in pages)
    assert (
        "Inside words" in as_user(people["tam"]).get(url("state", running) + "?part=steps").content.decode()
    )


def test_the_boards_alarm_brings_its_words_and_stays_with_the_escalation(as_user, people, engagement):
    address = reverse("escalation:open", args=[engagement.reference])
    page = (
        as_user(people["tam"])
        .get(address, {"signal": "alarm", "id": "lag-high", "title": "Lag"})
        .content.decode()
    )
    assert 'value="lag-high"' in page
    data = {
        "title": "Lag", "lane": "technical", "severity": "high", "detected_at": "2026-11-21T09:00",
        "signal_type": "alarm", "signal_id": "lag-high", "signal_label": "Lag", "impact": "All",
    }  # fmt: skip
    as_user(people["tam"]).post(address, data)
    made = Escalation.objects.get(title="Lag")
    assert (made.signal["id"], made.impact) == ("lag-high", "All")
