"""The page of kept promises, the question for a cause, and the API of both."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalation import actions, engine
from escalation.attainment import causes
from tests import factories

MIN = timedelta(minutes=1)
PAGE = "/escalations/attainment/"
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def missed(running, people, now):
    """AWS answered two minutes late."""
    engine.run_due(now + 15 * MIN)
    actions.answered(escalation=running, how="call", by=people["tam"], now=now + 17 * MIN)
    return running


@pytest.fixture
def days(now):
    """The days around the event; the clock on the wall says something else."""
    return {"since": (now - timedelta(days=2)).date(), "until": (now + timedelta(days=2)).date()}


def about(escalation) -> list[str]:
    return [escalation.engagement.reference, escalation.number]


def test_the_page_tells_shares_times_and_what_they_mean(
    missed, people, as_user, days, django_assert_max_num_queries
):
    client = as_user(people["tam"])
    with django_assert_max_num_queries(12):
        page = client.get(PAGE, days | {"by": "tam"}).content.decode()
    assert people["tam"].name in page
    assert "How this is counted" in page
    assert "No cause given" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2026-13-45"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "2026-11-28", "until": "2026-11-01"},
        {"clock": "patience"},
        {"customer": "99999999999999999999999"},
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_in_place(asked, people, as_user):
    client = as_user(people["tam"])
    assert client.get(PAGE, asked).status_code == 422
    assert client.get(reverse("attainment-list"), asked).status_code == 422
    assert client.get(reverse("escalation:attainment-csv", args=["promises"]), asked).status_code == 422


def test_a_customer_can_neither_name_other_customers_nor_see_them(missed, people, as_user, days):
    factories.customer("Somebody Else")
    client = as_user(people["customer_lead"])
    page = client.get(PAGE, days | {"customer": "1", "by": "customer"})
    assert page.status_code == 422
    assert "Somebody Else" not in page.content.decode()


def test_the_api_says_what_the_page_says(missed, people, as_user, days):
    found = as_user(people["tam"]).get(reverse("attainment-list"), days).json()
    assert found["rows"] == [
        {
            "key": "critical",
            "label": "Critical",
            "tally": {"met": 0, "missed": 1, "open": 0, "percent": 0.0},
        }
    ]
    assert {"key": "", "label": "No cause given", "count": 1} in found["causes"]


def test_a_cause_is_asked_on_the_page_and_refused_there_without_losing_a_word(missed, people, as_user, now):
    client = as_user(people["tam"])
    address = reverse("escalation:cause", args=about(missed))
    assert "Say where the time went" in client.get(address).content.decode()
    keys = [one.key for one in causes.of_escalation(missed, now + 20 * MIN)]
    typed = {"cause-breaches": keys, "cause-kind": "", "cause-text": "Nobody was free."}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "Nobody was free." in refused.content.decode()
    assert client.post(address, typed | {"cause-kind": "aws-late"}).status_code == 302
    assert "Correct the cause" in client.get(address).content.decode()


def test_the_api_takes_a_cause_and_refuses_one_for_what_did_not_break(missed, people, as_user):
    client, address = as_user(people["tam"]), reverse("breach-list", args=about(missed))
    keys = [one["key"] for one in client.get(address).json()]
    words = {"kind": "aws-late", "text": "Nobody was free."}
    for wrong in ({"breaches": ["0-0"]}, {"breaches": "\ud800"}, {"breaches": keys, "text": "\x00"}):
        assert client.post(address, words | wrong, content_type="application/json").status_code == 422
    saved = client.post(address, words | {"breaches": keys}, content_type="application/json")
    assert (saved.status_code, {one["cause"]["kind"] for one in saved.json()}) == (201, {"aws-late"})


def test_the_review_report_tells_causes_and_times(missed, people, as_user, now):
    keys = [one.key for one in causes.of_escalation(missed, now + 20 * MIN)]
    words = {"kind": "aws-late", "text": "Nobody was free."}
    causes.name_cause(escalation=missed, breaches=keys, by=people["tam"], now=now + 20 * MIN, **words)
    address = reverse("review:report", args=[missed.engagement.reference])
    for person in ("tam", "customer_lead"):
        page = as_user(people[person]).get(address).content.decode()
        assert "Nobody was free." in page
        assert "How long it took" in page
