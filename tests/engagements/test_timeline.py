"""The timeline: in the reader's words, and what is AWS's own stays with AWS."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from engagements import actions, feed
from engagements.tiles import TimelineTile
from engagements.timeline import record
from engagements.topics import EngagementTopic
from iem_portal.registry import phrases
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(engagement, tam, now):
    """One note for everybody and one for AWS only."""
    for text, audience in (("Bridge is open", "all"), ("Service team is on it", "aws")):
        actions.post_note(engagement=engagement, text=text, by=tam, now=now, audience=audience)
    return engagement


@pytest.mark.parametrize(("audience", "sees_internal"), [("staff", True), ("customer", False)])
def test_the_live_tile_never_draws_aws_only_entries_for_the_customer(noted, now, audience, sees_internal):
    html = TimelineTile().render(noted.pk, audience=audience, now=now)
    assert "Bridge is open" in html
    assert ("Service team is on it" in html) is sees_internal


def test_the_page_keeps_them_apart_too(noted, tam, customer_lead, as_user):
    address = reverse("engagements:timeline", args=[noted.reference])
    assert "Service team is on it" in as_user(tam).get(address).content.decode()
    assert "Service team is on it" not in as_user(customer_lead).get(address).content.decode()


def test_a_posted_note_of_a_customer_is_for_everybody_whatever_they_send(noted, customer_lead, as_user):
    address = reverse("engagements:timeline", args=[noted.reference])
    as_user(customer_lead).post(address, {"text": "Hello", "internal": "1"})
    assert noted.timeline.get(text="Hello").audience == "all"


def test_a_note_that_is_sent_again_is_written_once_and_an_old_form_writes_another(noted, tam, as_user):
    address, person = reverse("engagements:timeline", args=[noted.reference]), as_user(tam)
    form = re.search(r'name="client_id" value="([^"]+)"', person.get(address).content.decode())
    for text in ("Lag is down", "Lag is down", "Lag is up again"):
        assert person.post(address, {"text": text, "client_id": form[1]}).status_code == 303
    notes = noted.timeline.filter(text__startswith="Lag is").order_by("pk")
    assert [note.text for note in notes] == ["Lag is down", "Lag is up again"]


def test_a_note_sent_again_to_everybody_is_not_the_one_that_was_for_aws_only(noted, tam, as_user):
    address = reverse("engagements:timeline", args=[noted.reference])
    note = {"text": "Capacity is reserved", "client_id": "7f1c"}
    for words in ({"internal": "1"}, {"internal": "1"}, {}):
        assert as_user(tam).post(address, note | words).status_code == 303
    notes = noted.timeline.filter(text=note["text"]).order_by("pk")
    assert [one.audience for one in notes] == ["aws", "all"]


def test_a_note_named_by_an_api_client_is_written_once_for_each_of_them(noted, tam, customer_lead, as_user):
    address = f"/api/v1/engagements/{noted.reference}/timeline/"
    note = {"text": "Bridge moved", "client_id": "7f1c"}
    first, again, other = (
        as_user(who).post(address, note, content_type="application/json") for who in (tam, tam, customer_lead)
    )
    assert [answer.status_code for answer in (first, again, other)] == [201] * 3
    assert first.json() == again.json() != other.json()
    assert noted.timeline.filter(text="Bridge moved").count() == 2


def test_an_empty_note_is_refused_and_a_viewer_posts_none(noted, customer_lead, as_user):
    address = reverse("engagements:timeline", args=[noted.reference])
    assert as_user(customer_lead).post(address, {"text": "  "}).status_code == 422
    viewer = factories.member(noted, "viewer")
    assert as_user(viewer).post(address, {"text": "Hello"}).status_code == 403


def test_markup_in_a_note_is_shown_as_typed(noted, tam, now):
    actions.post_note(engagement=noted, text="<script>1</script> 100%", by=tam, now=now)
    html = TimelineTile().render(noted.pk, audience="customer", now=now)
    assert "&lt;script&gt;1&lt;/script&gt; 100%" in html


def test_a_titled_entry_is_korean_for_a_korean_reader(noted, tam, now):
    title = {"en": "Readiness check", "ko": "최종 점검"}
    record(noted, "milestone.done", by=tam, now=now, params={"code": "M20", "title": title})
    with translation.override("ko"):
        assert "최종 점검" in feed.lines(noted, audience="staff", limit=1)[0].text


def test_strangers_have_no_audience(noted, tam, customer_lead, rival):
    audience_for = EngagementTopic().audience_for
    assert audience_for(tam, noted.pk) == "staff"
    assert audience_for(customer_lead, noted.pk) == "customer"
    assert audience_for(rival, noted.pk) is None
    assert audience_for(tam, 999_999) is None


def test_every_phrase_of_engagements_fills_its_places(noted):
    places = (
        "name reference days plan_days fields account reason old new moved code title value person role "
        "to_label count unmet text"
    )
    values = dict.fromkeys(places.split(" "), "x")
    for phrase in phrases.all():
        if phrase.key.split(".")[0] in {"engagement", "window", "milestone", "criterion", "member", "phase"}:
            assert "%" not in str(phrase.text) % values
