"""Every page opens for whom it should, within its queries, and does not exist for a rival."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.actions import open_engagement
from engagements.criteria import NewCriterion
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("overview", "figures", "milestones", "phase", "gate", "timeline", "team", "criteria")
TAM_PAGES = ("edit", "window")
MAX_QUERIES = 12
# Each part brings its figure with queries of its own, however many engagements there are.
MAX_QUERIES_WITH_FIGURES = 12
WITH_FIGURES = ("figures",)


@pytest.fixture
def opened(db):
    """A whole engagement, opened by its TAM with a plan, a team and criteria."""
    now = timezone.now()
    tam = factories.user("tam@example.com", portal_role="tam", name="Seo Yuna")
    engagement = open_engagement(
        by=tam, now=now, customer=factories.customer("Garam"), name="Exam rush", event_type="REG",
        starts_at=now + timedelta(days=40), ends_at=now + timedelta(days=40, hours=5), time_zone="Asia/Seoul",
        regions=["ap-northeast-2"], criteria=[NewCriterion(f"Number {n}", 1) for n in range(8)],
    )  # fmt: skip
    for role in ("sa", "customer_lead", "customer_contributor", "viewer"):
        factories.member(engagement, role, email=f"{role}@example.com")
    return engagement


def url(name, engagement):
    return reverse(f"engagements:{name}", args=[engagement.reference])


@pytest.mark.parametrize("page", PAGES + TAM_PAGES)
def test_the_tam_opens_every_page(page, opened, as_user, django_assert_max_num_queries):
    client = as_user(opened.opened_by)
    with django_assert_max_num_queries(MAX_QUERIES_WITH_FIGURES if page in WITH_FIGURES else MAX_QUERIES):
        answer = client.get(url(page, opened))
    assert answer.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_of_the_customer_opens_every_reading_page(page, opened, as_user):
    viewer = opened.memberships.get(role="viewer").user
    assert as_user(viewer).get(url(page, opened)).status_code == 200


@pytest.mark.parametrize("page", TAM_PAGES)
def test_pages_that_change_the_engagement_are_for_the_tam(page, opened, as_user):
    lead = opened.memberships.get(role="customer_lead").user
    assert as_user(lead).get(url(page, opened)).status_code == 403


@pytest.mark.parametrize("page", PAGES + TAM_PAGES)
def test_for_a_rival_the_engagement_does_not_exist(page, opened, as_user, rival):
    assert as_user(rival).get(url(page, opened)).status_code == 404


@pytest.mark.parametrize(
    "name", ["criterion-field", "criterion-agree", "criterion-remove", "criterion-actual"]
)
def test_a_rival_cannot_post_to_a_criterion(name, opened, as_user, rival):
    address = reverse(f"engagements:{name}", args=[opened.reference, opened.criteria.first().pk])
    assert as_user(rival).post(address, {"version": 1}).status_code == 404


def test_a_criterion_of_another_engagement_is_not_found(opened, as_user):
    other = factories.engagement()
    criterion = other.criteria.create(name="Theirs", target=1)
    address = reverse("engagements:criterion-agree", args=[opened.reference, criterion.pk])
    assert as_user(opened.opened_by).post(address, {"version": 1}).status_code == 404


def test_the_rivals_portfolio_is_empty(opened, as_user, rival):
    answer = as_user(rival).get("/")
    assert opened.name not in answer.content.decode()
    assert "No engagement here" in answer.content.decode()


def test_the_manager_sees_all_and_the_customer_theirs(opened, as_user):
    other = factories.engagement(name="Of somebody else")
    lead = opened.memberships.get(role="customer_lead").user
    manager_page = as_user(factories.user(portal_role="manager")).get("/").content.decode()
    lead_page = as_user(lead).get("/").content.decode()
    assert opened.name in manager_page
    assert other.name in manager_page
    assert opened.name in lead_page
    assert other.name not in lead_page


def test_the_portfolio_of_200_engagements_costs_no_more_queries(as_user, django_assert_max_num_queries):
    opener, customer = factories.user(portal_role="tam"), factories.customer()
    for _ in range(200):
        factories.engagement(customer=customer, opened_by=opener)
    client = as_user(factories.user(portal_role="manager"))
    with django_assert_max_num_queries(MAX_QUERIES_WITH_FIGURES):
        answer = client.get("/")
    assert "200 of 200 shown" in answer.content.decode()


def test_filters_keep_only_what_fits(opened, as_user):
    factories.engagement(phase="review", name="In review", opened_by=opened.opened_by)
    manager = factories.user(portal_role="manager")
    page = as_user(manager).get("/", {"phase": "review"}).content.decode()
    assert "In review" in page
    assert opened.name not in page


def test_htmx_gets_only_the_part_below_the_filters(opened, as_user):
    answer = as_user(opened.opened_by).get("/", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert opened.name in answer.content.decode()


def test_two_events_of_one_night_are_warned_about(opened, as_user):
    other = factories.engagement(starts_at=opened.starts_at + timedelta(hours=1), phase="plan")
    other.memberships.create(user=opened.opened_by, role="tam", added_at=timezone.now())
    page = as_user(opened.opened_by).get("/").content.decode()
    assert "Two events share the night" in page
    assert "On both teams: Seo Yuna" in page


def test_milestone_titles_are_korean_for_a_korean_reader(opened, as_user):
    lead = opened.memberships.get(role="customer_lead").user
    lead.language = "ko"
    lead.save(update_fields=["language"])
    assert "아키텍처 리뷰 1차" in as_user(lead).get(url("milestones", opened)).content.decode()


def test_the_late_request_stays_on_the_overview(as_user, opened):
    type(opened).objects.filter(pk=opened.pk).update(is_late_request=True)
    assert "Late request" in as_user(opened.opened_by).get(url("overview", opened)).content.decode()


def test_the_tam_adds_an_account_once(opened, as_user):
    client = as_user(opened.opened_by)
    add = {"account_id": "1111-2222-3333", "name": "Production"}
    assert client.post(url("account-add", opened), add).status_code == 303
    assert "111122223333" in client.get(url("overview", opened)).content.decode()
    again = client.post(url("account-add", opened), add)
    assert again.status_code == 422
    assert "This account is in scope already." in again.content.decode()
    assert opened.aws_accounts.count() == 1


def test_an_account_number_is_refused_beside_its_field(opened, as_user):
    answer = as_user(opened.opened_by).post(
        url("account-add", opened), {"account_id": "12"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "An AWS account ID has 12 digits." in page
    assert "<html" not in page
