"""The opening form: mistakes beside their fields, nothing typed is lost, rows added with and without scripts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement
from iem_portal.accounts.models import Customer
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "/engagements/new/"


def filled(days=60, **fields):
    start = timezone.now() + timedelta(days=days)
    data = {
        "new_customer": "Garam", "new_customer_country": "KR", "programme": "IEM", "name": "Exam rush",
        "event_type": "REG", "starts_at": start.strftime("%Y-%m-%dT09:00"), "ends_at": start.strftime("%Y-%m-%dT15:00"),
        "time_zone": "Asia/Seoul", "support_plan": "enterprise", "regions": ["ap-northeast-2"],
    }  # fmt: skip
    for name, count in (("accounts", 1), ("criteria", 1), ("team", 1)):
        data |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": 0}
    data |= {
        "criteria-0-operator": "<=",
        "criteria-0-criterion_class": "performance",
        "team-0-role": "customer_lead",
    }
    return data | fields


@pytest.fixture
def tam_client(as_user):
    return as_user(factories.user(portal_role="tam"))


def test_an_empty_form_opens(tam_client):
    page = tam_client.get(PAGE).content.decode()
    assert "Registration, ticket or exam rush" in page
    assert "AWS ends this plan on Fri 1 Jan 2027" in page


def test_a_filled_form_opens_an_engagement_and_its_customer(tam_client):
    row = {
        "accounts-0-account_id": "1111-2222-3333", "criteria-0-name": "Errors", "criteria-0-target": "1",
        "team-0-email": "lead@garam.example",
    }  # fmt: skip
    answer = tam_client.post(PAGE, filled(**row))
    engagement = Engagement.objects.get()
    assert answer.status_code == 303
    assert answer.url == reverse("engagements:overview", args=[engagement.reference])
    assert engagement.customer.name == "Garam"
    assert engagement.aws_accounts.get().account_id == "111122223333"
    assert engagement.memberships.count() == 2


def test_a_late_request_is_opened_with_its_warning(tam_client):
    tam_client.post(PAGE, filled(days=10))
    engagement = Engagement.objects.get()
    assert engagement.is_late_request
    page = tam_client.get(reverse("engagements:overview", args=[engagement.reference])).content.decode()
    assert "Late request" in page


def test_the_warning_shows_while_the_window_is_typed(tam_client):
    page = tam_client.get(reverse("engagements:dates"), filled(days=10)).content.decode()
    assert "Late request" in page
    assert "Late request" not in tam_client.get(reverse("engagements:dates"), filled()).content.decode()


@pytest.mark.parametrize(("field", "value", "words"), [
    ("name", "", "This field is required."),
    ("event_type", "", "Choose what kind of event it is."),
    ("new_customer", "", "Pick a customer or name a new one."),
    ("ends_at", "2020-01-01T00:00", "The end comes after the start."),
    ("starts_at", "soon", "Enter a date and time"),
    ("time_zone", "Mars/Olympus", "Select a valid choice"),
    ("accounts-0-account_id", "123", "An AWS account ID has 12 digits."),
    ("criteria-0-target", "fast", "Enter a number"),
    ("team-0-email", "nobody", "Enter a valid email address."),
    ("support_plan", "gold", "Select a valid choice"),
])  # fmt: skip
def test_a_mistake_is_told_and_everything_typed_stays(tam_client, field, value, words):
    answer = tam_client.post(PAGE, filled(business_goals="Sell out", **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Sell out" in page
    assert not Engagement.objects.exists()
    assert not Customer.objects.filter(name="Garam").exists()


def test_without_scripts_another_row_comes_back_with_everything_typed(tam_client):
    data = filled(add_row="accounts", name="", **{"accounts-0-account_id": "12"})
    answer = tam_client.post(PAGE, data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="accounts-1-account_id"' in page
    assert 'value="12"' in page
    assert "12 digits." not in page


def test_with_scripts_only_the_row_and_the_count_come(tam_client):
    page = tam_client.get(
        reverse("engagements:row", args=["team"]), {"team-TOTAL_FORMS": "2"}
    ).content.decode()
    assert 'name="team-2-email"' in page
    assert 'name="team-TOTAL_FORMS" value="3"' in page
    assert "<html" not in page


def test_customers_cannot_open_engagements(as_user, rival):
    assert as_user(rival).get(PAGE).status_code == 403
    assert as_user(rival).post(PAGE, filled()).status_code == 403


def test_the_same_account_twice_is_told(tam_client):
    rows = {"accounts-TOTAL_FORMS": 2, "accounts-0-account_id": "1" * 12, "accounts-1-account_id": "1" * 12}
    answer = tam_client.post(PAGE, filled(**rows))
    assert "This is in the list already." in answer.content.decode()


def test_a_korean_reader_gets_korean_event_types(as_user):
    page = as_user(factories.user(portal_role="tam", language="ko")).get(PAGE).content.decode()
    assert "접수·예매·시험 신청" in page
