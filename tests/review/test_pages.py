"""The report: what it states, who may write it, and that nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.models import SuccessCriterion
from escalation import actions
from iem_portal.registry import report_facts
from iem_portal.templatetags.portal import instant_text
from review import reading
from review.models import Report
from tests import factories
from workbook.models import Freeze
from workbook.scorecard import overriding, signing

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def criterion(engagement):
    """A latency target without a measured value."""
    return SuccessCriterion.objects.create(
        engagement=engagement, name="Portal p95", target=Decimal(600), unit="ms", operator="<=", is_must=True
    )


@pytest.fixture
def late(engagement, tam, now):
    """A critical escalation answered a minute too late."""
    one = actions.open_escalation(
        engagement=engagement, title="Stalled", symptom="", severity="critical", lane="technical",
        detected_at=now - timedelta(minutes=20), by=tam, now=now - timedelta(minutes=20),
    )  # fmt: skip
    actions.case_opened(escalation=one, case_id="7", by=tam, now=now - timedelta(minutes=20))
    actions.answered(escalation=one, how="case", by=tam, now=now - timedelta(minutes=4))
    return one


def report(engagement):
    return reverse("review:report", args=[engagement.reference])


def test_the_report_shows_criteria_and_clocks(as_user, tam, engagement, criterion, late):
    page = as_user(tam).get(report(engagement)).content.decode()
    assert "Portal p95" in page
    assert "≤ 600 ms" in page
    assert "16 min" in page


def test_a_measured_value_gives_a_verdict(as_user, tam, engagement, criterion):
    url = reverse("review:measure", args=[engagement.reference, criterion.pk])
    answer = as_user(tam).post(url, {f"m{criterion.pk}-actual": "431", f"m{criterion.pk}-base_version": 1})
    assert answer.status_code == 302
    assert "Success" in as_user(tam).get(report(engagement)).content.decode()


def test_a_breach_makes_it_a_success_with_issues(engagement, criterion, late, now):
    SuccessCriterion.objects.filter(pk=criterion.pk).update(actual=431, actual_at=now)
    review = reading.of_engagement(engagement, audience="staff", now=now)
    assert review.suggested == "success_with_issues"
    assert review.attained_percent == 0


def test_the_report_says_how_ready_the_event_was_let_go_and_who_signed(engagement, tam, now):
    lead = factories.member(engagement, "customer_lead", name="Lim Sojin")
    assert not {"readiness", "sign_off"} & _facts(engagement, now).keys()
    reason = "Tested by hand on Friday"
    overriding.override(engagement=engagement, line="data", colour="GREEN", reason=reason, by=tam, now=now)
    signing.sign(engagement=engagement, result="go", words="", by=tam, now=now)
    assert _facts(engagement, now)["sign_off"].value == "Signed by one side"
    at = now + timedelta(minutes=5)
    signing.sign(engagement=engagement, result="conditions", words="Alarm first", by=lead, now=at)
    found = _facts(engagement, now)
    assert found["sign_off"].value == "Go with conditions"
    for signer, when in ((tam, now), (lead, at)):
        assert f"{signer.name}, {instant_text(when, engagement.time_zone)}" in found["sign_off"].note
    assert found["overrides"].value == "1" and f"restore tested ({tam.name})" in found["overrides"].note
    kept = Freeze.objects.get()
    assert found["readiness"].value == f"{kept.progress['percent']}%" and "Green 1" in found["readiness"].note
    signing.withdraw(engagement=engagement, reason="Too early", by=lead, now=at)
    assert _facts(engagement, now)["sign_off"].value == "Signed by one side"


def _facts(engagement, now):
    review = reading.of_engagement(engagement, audience="customer", now=now)
    return {part.key: fact for part in report_facts if (fact := part.read(review))}


def test_words_on_an_old_version_are_kept_and_refused(as_user, tam, engagement, now):
    client, url = as_user(tam), reverse("review:words", args=[engagement.reference])
    client.post(url, {"summary": "First", "base_version": 0})
    answer = client.post(url, {"summary": "Second, long text", "base_version": 0})
    assert answer.status_code == 409
    assert "Second, long text" in answer.content.decode()
    assert Report.objects.get().summary == "First"


def test_nonsense_as_a_measured_value_is_refused_beside_its_field(as_user, tam, engagement, criterion):
    url = reverse("review:measure", args=[engagement.reference, criterion.pk])
    answer = as_user(tam).post(url, {f"m{criterion.pk}-actual": "fast", f"m{criterion.pk}-base_version": 1})
    assert answer.status_code == 422
    assert 'value="fast"' in answer.content.decode()


def test_a_viewer_reads_and_cannot_write(as_user, engagement):
    client = as_user(factories.member(engagement, "viewer"))
    assert client.get(report(engagement)).status_code == 200
    assert client.post(reverse("review:words", args=[engagement.reference]), {}).status_code == 403


def test_another_customer_finds_no_report(as_user, rival, engagement):
    client = as_user(rival)
    assert client.get(report(engagement)).status_code == 404
    assert engagement.name not in client.get(reverse("review:index")).content.decode()


def test_the_report_stays_within_its_queries(
    as_user, tam, engagement, criterion, late, django_assert_max_num_queries
):
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        client.get(report(engagement))


def test_the_list_of_reports_does_not_grow_in_queries(
    as_user, engagement, now, django_assert_max_num_queries
):
    for _ in range(10):
        factories.engagement(now=now)
    client = as_user(factories.user(portal_role="manager"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("review:index")).content.decode()
    assert page.count("/report/") == 11
