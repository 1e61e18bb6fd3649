"""The API does what the pages do, under the same rules."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from engagements import actions, criteria
from engagements.criteria import NewCriterion
from engagements.models import Engagement
from tests import factories

pytestmark = pytest.mark.django_db


def address(engagement, *parts):
    return "/api/v1/engagements/" + "/".join(str(part) for part in (engagement.reference, *parts)) + "/"


@pytest.fixture
def criterion(engagement, tam, now):
    new = NewCriterion("Error rate", Decimal("1"), unit="%")
    return criteria.add_criterion(engagement=engagement, new=new, by=tam, now=now)


def opening(**fields):
    starts_at = timezone.now() + timedelta(days=50)
    return {
        "customer": factories.customer().slug, "name": "Sale", "event_type": "SAL", "time_zone": "Asia/Seoul",
        "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=4)).isoformat(),
        "regions": ["ap-northeast-2"], "accounts": [{"account_id": "111122223333", "name": "Shop"}],
        "criteria": [{"name": "Orders", "operator": ">=", "target": "5000", "unit": "a min"}],
        "team": [{"email": "lead@example.com", "role": "customer_lead"}],
    } | fields  # fmt: skip


def send(client, method, path, data):
    return getattr(client, method)(path, data, content_type="application/json")


def test_a_tam_opens_an_engagement(as_user):
    answer = send(as_user(factories.user(portal_role="tam")), "post", "/api/v1/engagements/", opening())
    assert answer.status_code == 201, answer.content
    engagement = Engagement.objects.get(reference=answer.json()["reference"])
    assert engagement.milestones.count() == 34
    assert engagement.criteria.get().target == 5000


def test_nobody_else_opens_one(as_user, rival):
    assert send(as_user(rival), "post", "/api/v1/engagements/", opening()).status_code == 403
    assert send(as_user(factories.user()), "post", "/api/v1/engagements/", opening()).status_code == 403


def test_mistakes_answer_422_by_field(as_user):
    data = opening(event_type="XXX", accounts=[{"account_id": "12"}])
    answer = send(as_user(factories.user(portal_role="tam")), "post", "/api/v1/engagements/", data)
    assert answer.status_code == 422
    assert {"event_type", "accounts"} <= set(answer.json()["errors"])


def test_a_rival_sees_nothing_anywhere(engagement, criterion, as_user, rival):
    client = as_user(rival)
    assert client.get("/api/v1/engagements/").json()["results"] == []
    for parts in ((), ("criteria",), ("criteria", criterion.pk), ("milestones",), ("timeline",)):
        assert client.get(address(engagement, *parts)).status_code == 404


def test_without_sign_in_nothing_answers(engagement, client):
    assert client.get(address(engagement)).status_code in (401, 403)


def test_an_edit_of_an_older_version_is_a_conflict_with_both_values(engagement, tam, now, as_user):
    actions.edit_engagement(engagement=engagement, facts={"name": "Theirs"}, base_version=1, by=tam, now=now)
    answer = send(as_user(tam), "patch", address(engagement), {"name": "Mine", "base_version": 1})
    assert answer.status_code == 409
    assert answer.json()["stored"]["values"] == {"name": "Theirs"}


def test_one_patch_saves_several_fields_of_a_criterion_or_none(engagement, criterion, tam, as_user):
    path = address(engagement, "criteria", criterion.pk)
    good = {"target": "0.5", "source": "cloudwatch", "base_version": 1}
    assert send(as_user(tam), "patch", path, good).json()["version"] == 3
    bad = {"name": "Other", "target": "many", "base_version": 3}
    assert send(as_user(tam), "patch", path, bad).status_code == 422
    criterion.refresh_from_db()
    assert criterion.name == "Error rate"


def test_a_window_at_the_edge_of_the_calendar_is_refused(engagement, tam, as_user):
    words = {"time_zone": "Asia/Seoul", "base_version": 1, "save": True}
    window = {"starts_at": "9999-12-30T00:00Z", "ends_at": "9999-12-31T23:59Z"}
    answer = send(as_user(tam), "post", address(engagement, "window"), words | window)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"starts_at", "ends_at"})


def test_a_number_of_five_thousand_digits_is_not_found(engagement, tam, as_user):
    for part in ("escalations", "workbook-rows"):
        path = address(engagement, part, "9" * 5000)
        assert as_user(tam).get(path).status_code == as_user(tam).delete(path).status_code == 404


def test_null_empties_a_field_of_a_criterion(engagement, criterion, tam, as_user):
    path = address(engagement, "criteria", criterion.pk)
    send(as_user(tam), "patch", path, {"baseline": "0.3", "base_version": 1})
    answer = send(as_user(tam), "patch", path, {"baseline": None, "base_version": 2})
    assert (answer.status_code, answer.json()["baseline"]) == (200, None)


def test_a_name_with_a_sign_that_no_database_keeps_is_refused(engagement, criterion, tam, as_user):
    path = address(engagement, "criteria", criterion.pk)
    assert send(as_user(tam), "patch", path, {"name": "nul\x00", "base_version": 1}).status_code == 422


def test_the_customers_lead_agrees_by_api(engagement, criterion, customer_lead, as_user):
    path = address(engagement, "criteria", criterion.pk, "agree")
    answer = send(as_user(customer_lead), "post", path, {"base_version": 1})
    assert answer.json()["agreed_customer_name"] == customer_lead.name


def test_a_milestone_is_ticked_off_by_the_tam_only(engagement, tam, customer_lead, as_user):
    engagement.milestones.create(code="M05", position=5, group="early", owner_role="TAM")
    path, data = address(engagement, "milestones", "M05"), {"is_done": True, "base_version": 1}
    assert send(as_user(customer_lead), "patch", path, data).status_code == 403
    answer = send(as_user(tam), "patch", path, data)
    assert answer.json()["done_by_name"] == tam.name


def test_the_window_is_previewed_unless_saved(as_user):
    tam = factories.user(portal_role="tam")
    client = as_user(tam)
    made = send(client, "post", "/api/v1/engagements/", opening()).json()
    engagement = Engagement.objects.get(reference=made["reference"])
    week = timedelta(days=7)
    data = {"starts_at": (engagement.starts_at + week).isoformat(), "base_version": 1,
            "ends_at": (engagement.ends_at + week).isoformat(), "time_zone": "Asia/Seoul"}  # fmt: skip
    preview = send(client, "post", address(engagement, "window"), data).json()
    assert preview["is_saved"] is False
    assert sum(move["is_moved"] for move in preview["moves"]) > 20
    saved = send(client, "post", address(engagement, "window"), data | {"save": True}).json()
    assert saved["moves"] == preview["moves"]


def test_notes_for_aws_never_reach_the_customer(engagement, tam, customer_lead, as_user):
    path = address(engagement, "timeline")
    send(as_user(tam), "post", path, {"text": "Escalate quietly", "is_internal": True})
    send(as_user(tam), "post", path, {"text": "Hello all"})
    seen = [line["text"] for line in as_user(customer_lead).get(path).json()["results"]]
    assert seen == ["Hello all"]


def test_a_customer_cannot_write_a_note_for_aws_only(engagement, customer_lead, as_user):
    data = {"text": "Hm", "is_internal": True}
    assert send(as_user(customer_lead), "post", address(engagement, "timeline"), data).status_code == 403
