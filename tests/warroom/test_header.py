"""Two people in the header of a runbook: what one typed stands beside what the other typed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from warroom import runbook as verbs

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def draft(engagement, tam, now):
    """A cutover that may be changed, with both ends of its window."""
    made = verbs.create_runbook(engagement=engagement, by=tam, now=now)
    words = {"t0_at": made.t0, "window_end_at": made.t0 + timedelta(hours=9)}
    return verbs.change_header(runbook=made, version=made.version, by=tam, now=now, **words)


def address(runbook) -> str:
    return reverse("warroom:run-header", args=[runbook.engagement.reference, runbook.number])


def opened(client, runbook) -> dict:
    """What a browser sends back from the header, untouched."""
    answer = client.get(address(runbook))
    words = {bound.html_name: bound.value() for bound in answer.context["form"]}
    for name in ("t0_at", "window_end_at"):
        words[name] = re.search(rf'name="{name}" value="([^"]+)"', answer.content.decode())[1]
    return {name: value for name, value in words.items() if value is not None}


def change(runbook, by, now, **words):
    one = verbs.runbook_of(runbook.engagement, runbook.number)
    verbs.change_header(runbook=one, version=one.version, by=by, now=now, **words)


def test_a_header_sent_late_writes_only_what_was_typed(draft, tam, now, as_user):
    client = as_user(tam)
    words = opened(client, draft)
    change(draft, tam, now, rto_min=60, window_end_at=draft.t0 + timedelta(hours=10))
    assert client.post(address(draft), words | {"rpo_min": "7"}).status_code == 303
    t0 = draft.t0
    draft.refresh_from_db()
    assert (draft.rto_min, draft.rpo_min, draft.window_end_at - t0) == (60, 7, timedelta(hours=10))
    assert draft.t0_at == t0


def test_one_field_typed_by_two_shows_both_and_is_written_when_sent_again(draft, tam, now, as_user):
    client = as_user(tam)
    words = opened(client, draft)
    change(draft, tam, now, rto_min=60, rpo_min=5)
    answer = client.post(address(draft), words | {"rto_min": "90", "title": "Moved"})
    form = answer.context["form"]
    assert (answer.status_code, form["rto_min"].value(), list(form.errors)) == (409, "90", ["rto_min"])
    assert "60" in form.errors["rto_min"][0]
    draft.refresh_from_db()
    assert draft.rto_min == 60
    assert client.post(address(draft), {name: form.data[name] for name in form.data}).status_code == 303
    draft.refresh_from_db()
    assert (draft.rto_min, draft.rpo_min, draft.title["en"]) == (90, 5, "Moved")


def test_what_was_typed_into_a_field_that_was_frozen_meanwhile_is_said_and_not_lost(draft, tam, now, as_user):
    client = as_user(tam)
    words = opened(client, draft)
    type(draft).objects.filter(pk=draft.pk).update(status="approved", version=draft.version + 1)
    answer = client.post(address(draft), words | {"rto_min": "45", "commander": str(tam.pk)})
    assert answer.status_code == 409 and "45" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.rto_min, draft.commander_id) != (45, tam.pk)
    form = answer.context["form"]
    assert client.post(address(draft), {name: form.data[name] for name in form.data}).status_code == 303
    draft.refresh_from_db()
    assert draft.commander_id == tam.pk and draft.rto_min != 45


@pytest.mark.parametrize("seen", ["[" * 5000, '{"title": 1}', "null", '{"title": [1]}', "9" * 50_000])
def test_a_hostile_memory_of_the_header_is_not_believed(draft, tam, as_user, seen):
    client = as_user(tam)
    answer = client.post(
        address(draft), opened(client, draft) | {"seen": seen, "version": "1", "rto_min": "9"}
    )
    assert answer.status_code == 409


def test_a_memory_of_what_is_no_field_is_passed_over(draft, tam, as_user):
    client = as_user(tam)
    seen = '{"csrfmiddlewaretoken": ["x"], "seen": ["x"], "version": ["7"], "title": ["x"]}'
    words = opened(client, draft) | {"seen": seen, "csrfmiddlewaretoken": "y", "title": "Typed"}
    assert client.post(address(draft), words).status_code == 409  # the title is not what they say they saw
