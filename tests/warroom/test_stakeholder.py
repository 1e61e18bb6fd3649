"""The page of stakeholders: what it tells, what it keeps back, and when its link ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement
from tests import factories
from warroom import room
from warroom.models import AlarmState, StakeholderLink
from warroom.words import stakeholders

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(engagement, tam):
    """A link and its secret, made now."""
    words = {"name": "Board of directors", "language": "en", "days": 7}
    return stakeholders.create(engagement=engagement, by=tam, now=timezone.now(), **words)


def opened(token: str) -> tuple[Client, str]:
    client = Client()
    answer = client.get(reverse("stakeholder:enter", args=[token]))
    return client, answer.headers["Location"]


def test_the_page_tells_how_it_stands_and_nothing_that_is_not_for_everyone(engagement, tam, runbook, link):
    now = timezone.now()
    post = {"engagement": engagement, "state": "at_risk", "by": tam}
    room.post_update(**post, text="Reconciling takes longer", now=now - timedelta(minutes=5))
    room.post_update(**post, text="The case is with the service team", audience="aws", now=now)
    AlarmState.objects.create(
        engagement=engagement, account_id="111122223333", region="x", name="lag-high", state="ALARM"
    )
    client, place = opened(link[1])
    body = client.get(place).content.decode()
    assert engagement.name in body and "Reconciling takes longer" in body and "KST" in body
    for secret in ("service team", "lag-high", "111122223333", tam.name, "DB-03", "Announced"):
        assert secret not in body


def test_of_the_secret_only_a_digest_is_kept_and_the_address_loses_it(link):
    row, token = link
    assert token not in str(StakeholderLink.objects.values().get())
    _client, place = opened(token)
    assert token not in place
    row.refresh_from_db()
    assert row.opened_count == 1


def test_a_link_ends_at_its_time_or_when_it_is_withdrawn(link, tam):
    row, token = link
    client, place = opened(token)
    assert stakeholders.revoke(link=row, by=tam, now=timezone.now()) is True
    assert client.get(place).status_code == 410
    assert client.get(place, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert client.get(reverse("stakeholder:enter", args=[token])).status_code == 410
    with pytest.raises(stakeholders.LinkClosed, match="revoked"):
        stakeholders.find(row.pk, timezone.now())
    StakeholderLink.objects.update(revoked_at=None, expires_at=timezone.now())
    with pytest.raises(stakeholders.LinkClosed, match="expired"):
        stakeholders.find(row.pk, timezone.now())


def test_the_browser_remembers_a_link_for_as_long_as_it_opens(engagement, tam, as_user):
    words = {"name": "Board", "language": "en", "days": 30, "by": tam, "now": timezone.now()}
    row, token = stakeholders.create(engagement=engagement, **words)
    client, _place = opened(token)
    assert abs(client.session.get_expiry_date() - row.expires_at) < timedelta(seconds=1)
    signed_in = as_user(tam)
    before = signed_in.session.get_expiry_age()
    signed_in.get(reverse("stakeholder:enter", args=[token]))
    assert signed_in.session.get_expiry_age() == before


def test_a_number_that_this_browser_has_not_opened_does_not_open(link):
    assert Client().get(reverse("stakeholder:page", args=[link[0].pk])).status_code == 410


def test_the_page_speaks_the_language_of_its_link(link):
    StakeholderLink.objects.update(language="ko")
    client, place = opened(link[1])
    assert '<html lang="ko"' in client.get(place).content.decode()


def test_the_page_costs_at_most_twelve_queries(engagement, tam, runbook, link, django_assert_max_num_queries):
    for _ in range(8):
        room.post_update(engagement=engagement, state="on_plan", text="Well", by=tam, now=timezone.now())
    client, place = opened(link[1])
    with django_assert_max_num_queries(12):
        client.get(place)


def test_the_secret_is_shown_once_and_a_bad_form_comes_back(engagement, tam, as_user):
    client, page = as_user(tam), reverse("warroom:stakeholders", args=[engagement.reference])
    made = client.post(page, {"name": "Press", "language": "ko", "days": "3"}).content.decode()
    assert "/stakeholder/" in made and "/stakeholder/" not in client.get(page).content.decode()
    refused = client.post(page, {"name": "Press office", "language": "ko", "days": "9999"})
    assert refused.status_code == 422 and "Press office" in refused.content.decode()


def test_a_link_of_another_engagement_cannot_be_ended(engagement, tam, as_user, link):
    other = factories.engagement()
    Engagement.objects.filter(pk=other.pk).update(customer=engagement.customer)
    words = {"name": "Theirs", "language": "en", "days": 1}
    theirs, _token = stakeholders.create(
        engagement=other, by=factories.member(other, "tam"), now=timezone.now(), **words
    )
    address = reverse("warroom:stakeholder-revoke", args=[engagement.reference, theirs.pk])
    assert as_user(tam).post(address).status_code == 404
