"""The pages of escalations: what they show, what they refuse, and that nothing typed is lost."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from escalation import actions
from escalation.models import Escalation
from iem_portal.templatetags.portal import instant_text, near
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def escalation(engagement, tam, now):
    """A critical escalation whose case has just been opened."""
    one = actions.open_escalation(
        engagement=engagement,
        title="Replication stalled",
        symptom="Lag grows.",
        severity="critical",
        lane="technical",
        detected_at=now - timedelta(minutes=3),
        by=tam,
        now=now,
    )
    return actions.case_opened(escalation=one, case_id="7741 5120", by=tam, now=now)


def url(name, escalation):
    return reverse(f"escalation:{name}", args=[escalation.engagement.reference, escalation.number])


def post(client, name, escalation, prefix, **words):
    data = {f"{prefix}-{key}": value for key, value in words.items()}
    return client.post(url(name, escalation), data)


def test_opening_shows_the_targets_of_the_plan(as_user, tam, engagement):
    page = as_user(tam).get(reverse("escalation:open", args=[engagement.reference])).content.decode()
    assert all(span in page for span in ("15 min", "1 h", "4 h", "12 h", "24 h"))


def test_an_escalation_with_its_case_starts_the_clock(as_user, tam, engagement):
    data = {
        "title": "Portal down", "lane": "technical", "severity": "critical",
        "detected_at": "2026-11-21T01:00:00", "case_id": "55",
    }  # fmt: skip
    answer = as_user(tam).post(reverse("escalation:open", args=[engagement.reference]), data)
    one = Escalation.objects.get(title="Portal down")
    assert answer.status_code == 302
    assert one.clocks.get(kind="first_response").deadlines.waiting().count() == 3


def test_times_are_read_in_the_zone_of_the_engagement(as_user, tam, engagement):
    data = {"title": "x", "lane": "technical", "severity": "low", "detected_at": "2026-11-21T09:00"}
    as_user(tam).post(reverse("escalation:open", args=[engagement.reference]), data)
    assert Escalation.objects.get(title="x").detected_at.isoformat() == "2026-11-21T00:00:00+00:00"


def test_a_severity_the_plan_does_not_offer_is_refused_beside_the_picker(as_user, db, now):
    poor = factories.engagement(now=now, support_plan="business")
    tam = factories.member(poor, "tam")
    data = {
        "title": "Kept text",
        "lane": "technical",
        "severity": "critical",
        "detected_at": "2026-11-21T01:00",
    }
    answer = as_user(tam).post(reverse("escalation:open", args=[poor.reference]), data)
    assert answer.status_code == 422
    assert "Kept text" in answer.content.decode()
    assert "does not offer" in answer.content.decode()


@pytest.mark.parametrize("name", ["list", "detail", "state"])
def test_another_customer_finds_nothing(as_user, rival, escalation, name):
    arguments = [escalation.engagement.reference] + ([escalation.number] if name != "list" else [])
    assert as_user(rival).get(reverse(f"escalation:{name}", args=arguments)).status_code == 404


def test_the_page_stays_within_its_queries(as_user, tam, escalation, django_assert_max_num_queries):
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        assert client.get(url("detail", escalation)).status_code == 200


def test_a_long_list_stays_within_its_queries(as_user, tam, escalation, now, django_assert_max_num_queries):
    for number in range(20):
        one = actions.open_escalation(
            engagement=escalation.engagement, title=f"Problem {number}", symptom="", severity="high",
            lane="technical", detected_at=now, by=tam, now=now,
        )  # fmt: skip
        actions.case_opened(escalation=one, case_id=str(number), by=tam, now=now)
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("escalation:list", args=[escalation.engagement.reference]))
    assert page.content.decode().count("Problem ") >= 20


def test_answering_needs_the_right(as_user, customer_lead, escalation):
    answer = post(
        as_user(customer_lead), "answer", escalation, "answer", how="call", base_version=escalation.version
    )
    assert answer.status_code == 403


def test_a_stale_write_keeps_what_was_typed(as_user, tam, escalation):
    words = {
        "level": 2,
        "owner_name": "Priya",
        "note": "Typed for minutes",
        "base_version": escalation.version - 1,
    }
    answer = post(as_user(tam), "hand-over", escalation, "hand_over", **words)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Typed for minutes" in page
    assert f'name="hand_over-base_version" value="{escalation.version}"' in page


def test_a_severity_is_previewed_before_it_changes(as_user, tam, escalation):
    words = {"severity": "urgent", "reason": "Sign-in works", "base_version": escalation.version}
    answer = post(as_user(tam), "severity", escalation, "severity", **words)
    escalation.refresh_from_db()
    assert "New deadline" in answer.content.decode()
    assert escalation.severity == "critical"
    answer = post(as_user(tam), "severity", escalation, "severity", **words, is_confirmed="on")
    escalation.refresh_from_db()
    assert (answer.status_code, escalation.severity) == (302, "urgent")


def test_a_raised_severity_goes_straight_on_to_the_draft_of_the_new_case(as_user, tam, engagement, now):
    one = actions.open_escalation(
        engagement=engagement, title="Slow", symptom="", severity="high", lane="technical",
        detected_at=now, by=tam, now=now,
    )  # fmt: skip
    one = actions.case_opened(escalation=one, case_id="7741 5120", by=tam, now=now)
    client = as_user(tam)
    words = {"severity": "critical", "reason": "Nobody can pay", "base_version": one.version}
    assert b'name="then" value="case"' in post(client, "severity", one, "severity", **words).content
    data = {f"severity-{key}": value for key, value in words.items()} | {
        "severity-is_confirmed": "on",
        "then": "case",
    }
    answer = client.post(url("severity", one), data)
    assert answer.headers["Location"] == url("case-new", one)
    cases = client.get(f"{url('state', one)}?part=side").content.decode()
    assert "AWS cannot raise the severity of a case" in cases
    assert "Case 7741 5120 was noted by hand" in cases and "Open another case" in cases


def test_a_milder_severity_wants_no_new_case(as_user, tam, escalation):
    words = {"severity": "urgent", "reason": "Sign-in works", "base_version": escalation.version}
    client = as_user(tam)
    assert b'name="then"' not in post(client, "severity", escalation, "severity", **words).content
    post(client, "severity", escalation, "severity", **words, is_confirmed="on")
    cases = client.get(f"{url('state', escalation)}?part=side").content.decode()
    assert "noted by hand" in cases and "AWS cannot raise" not in cases


def test_notes_for_aws_stay_with_aws(as_user, tam, customer_lead, escalation):
    post(as_user(tam), "say", escalation, "say", channel="chat", audience="aws", text="Internal words")
    assert "Internal words" in as_user(tam).get(url("detail", escalation)).content.decode()
    assert "Internal words" not in as_user(customer_lead).get(url("detail", escalation)).content.decode()


def test_a_customer_cannot_set_a_level_inside_aws(as_user, tam, customer_lead, escalation):
    page = as_user(customer_lead).get(url("detail", escalation)).content.decode()
    assert 'id="act-hand_over"' not in page


def test_a_deadline_names_its_day_unless_it_is_today(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)
    midnight = timezone.localtime(now, ZoneInfo("Asia/Seoul")).replace(hour=0, minute=0) + timedelta(days=1)
    assert instant_text(midnight - timedelta(minutes=1), "Asia/Seoul", "near") == "23:59 KST"
    assert instant_text(midnight, "Asia/Seoul", "near") == instant_text(midnight, "Asia/Seoul") != "00:00 KST"
    assert (near(midnight - timedelta(minutes=1)), near(midnight)) == ("23:59 KST", "Mon 30 Nov 00:00 KST")
