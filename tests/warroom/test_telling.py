"""A step that tells people opens the form of the update with its words in it."""

import pytest
from django.urls import reverse

from warroom import runbook as verbs
from warroom.models import Step, UpdateDraft

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def draft(engagement, tam, now):
    """A cutover; PRE-06 is its notice an hour before."""
    return verbs.create_runbook(engagement=engagement, by=tam, now=now)


def address(runbook, code) -> str:
    return f"{reverse('warroom:update', args=[runbook.engagement.reference])}?runbook={runbook.number}&step={code}"


def test_the_form_begins_with_the_title_of_the_step_and_the_facts_in_both_languages(draft, tam, as_user):
    page = as_user(tam).get(address(draft, "PRE-06"))
    words = {area["language"]: area["text"] for area in page.context["composer"]["areas"]}
    title = Step.objects.get(runbook=draft, code="PRE-06").title
    assert {code: text.split("\n")[0] for code, text in words.items()} == title
    assert all(len(text.split("\n")) > 1 for text in words.values())
    assert not UpdateDraft.objects.exists()


def test_what_was_kept_stays_above_it_and_nothing_comes_twice(draft, tam, now, as_user, engagement):
    client = as_user(tam)
    UpdateDraft.objects.create(engagement=engagement, user=tam, words={"en": "My words"}, saved_at=now)
    text = client.get(address(draft, "PRE-06")).context["composer"]["areas"][0]["text"]
    assert text.startswith("My words\n")
    UpdateDraft.objects.update(words={"en": text})
    assert client.get(address(draft, "PRE-06")).context["composer"]["areas"][0]["text"] == text


def test_what_was_kept_for_aws_alone_is_not_offered_to_everyone(draft, tam, now, as_user, engagement):
    kept = {"words": {"en": "They overran their quota"}, "audience": "aws"}
    UpdateDraft.objects.create(engagement=engagement, user=tam, saved_at=now, **kept)
    composer = as_user(tam).get(address(draft, "PRE-06")).context["composer"]
    assert composer["audience"] == "aws" and "quota" in composer["areas"][0]["text"]


def test_only_steps_that_tell_somebody_offer_it(draft, tam, as_user):
    page = as_user(tam).get(reverse("warroom:runbook", args=[draft.engagement.reference])).content.decode()
    assert "step=PRE-06" in page and "step=DB-01" not in page


@pytest.mark.parametrize(
    "query", ["runbook=x&step=PRE-06", f"runbook={'9' * 18}&step=A", "step=%F0", "runbook=1&step=GONE"]
)
def test_an_address_that_names_no_step_opens_the_usual_form(draft, tam, as_user, query):
    address = reverse("warroom:update", args=[draft.engagement.reference])
    page = as_user(tam).get(f"{address}?{query}")
    assert (page.status_code, page.context["composer"]["areas"][0]["text"]) == (200, "")
