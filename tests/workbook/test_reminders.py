"""Reminders: one mail a person and local day, in their language, never for what is complete, exactly once."""

from datetime import UTC, datetime, timedelta

import pytest

from engagements.models import Engagement
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from tests import factories
from workbook.cells import save_cell
from workbook.models import Assignment, Digest, OpenItem, Row, SectionState
from workbook.scorecard import digests, reminding

pytestmark = pytest.mark.django_db
#: Tuesday 24 November, 08:35 in Seoul; T0 is five days ahead.
MORNING = datetime(2026, 11, 23, 23, 35, tzinfo=UTC)
T0 = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)


@pytest.fixture
def planned(db):
    """An engagement five days before T0, with its TAM and the customer's lead (Korean)."""
    engagement = factories.engagement(now=MORNING, phase="plan", starts_at=T0, reference="IEM-7777")
    factories.member(engagement, "tam", email="tam@example.com", time_zone="UTC", name="Seo Yuna")
    factories.member(
        engagement, "customer_lead", email="lead@example.com", time_zone="Asia/Seoul", language="ko", name="Baek Jihun"
    )  # fmt: skip
    return Engagement.objects.select_related("customer").get(pk=engagement.pk)


def told():
    return sorted(Notification.objects.values_list("address", flat=True))


def test_each_is_told_at_half_past_eight_of_their_own_day_and_once(planned):
    assert reminding.send_due(MORNING - timedelta(minutes=10)) == 0
    assert reminding.send_due(MORNING) == 1
    assert told() == ["lead@example.com"]
    assert reminding.send_due(MORNING + timedelta(minutes=5)) == 0
    # Nine hours later it is morning in UTC.
    assert reminding.send_due(MORNING + timedelta(hours=9)) == 1
    assert told() == ["lead@example.com", "tam@example.com"]
    assert reminding.send_due(MORNING + timedelta(days=1)) == 1
    assert Digest.objects.count() == 3


def test_nothing_goes_out_on_a_day_off_or_after_hours(planned):
    saturday = MORNING + timedelta(days=4)
    assert reminding.send_due(saturday) == 0
    assert reminding.send_due(MORNING + timedelta(hours=14)) == 1  # evening in Seoul, afternoon of the TAM
    assert told() == ["tam@example.com"]


def test_two_beats_at_one_instant_send_once(planned):
    waiting = reminding._waiting(MORNING)
    reminders = [
        one for one in digests.of_engagement(planned, MORNING) if one.member.user.email == "lead@example.com"
    ]
    [user] = waiting
    assert [reminding._send(user, reminders, MORNING) for _beat in range(2)] == [1, 0]
    assert Notification.objects.count() == 1


def test_the_mail_speaks_the_readers_language_and_zone(planned):
    reminding.send_due(MORNING)
    subject, body = compose(Notification.objects.get())
    assert "IEM-7777" in body
    assert "WB01 이벤트 개요 및 성공 기준" in body
    assert "KST" in body
    assert "/e/IEM-7777/workbook/wb01/" in body
    assert "/e/IEM-7777/workbook/missing/" in body.replace("readiness/", "")
    assert subject


def test_late_and_coming_answers_are_told_apart_by_who_fills(planned):
    both = {one.member.user.name: one for one in digests.of_engagement(planned, MORNING)}
    lead = {part.section.key: part for part in both["Baek Jihun"].parts}
    tam = {part.section.key: part for part in both["Seo Yuna"].parts}
    assert lead["wb01"].late > 5
    assert "wb24" not in lead
    assert both["Seo Yuna"].late
    # Nobody else is in the team: the lead stands for the engineers, the TAM for AWS's data.
    assert {"wb05", "wb08", "wb19"} <= set(lead)
    assert "wb08" in tam


def test_an_assigned_section_belongs_to_its_assignee_and_comes_first(planned):
    person = factories.member(planned, "customer_contributor", name="Lim Sojin")
    state = SectionState.objects.create(engagement=planned, section="wb22", changed_at=MORNING)
    Assignment.objects.create(section_state=state, user=person, due_at=T0, at=MORNING, by_name="TAM")
    both = {one.member.user.name: one for one in digests.of_engagement(planned, MORNING)}
    assert (both["Lim Sojin"].parts[0].section.key, both["Lim Sojin"].parts[0].is_assigned) == ("wb22", True)
    assert "wb22" not in {part.section.key for part in both["Seo Yuna"].parts}


def test_an_open_item_is_told_to_whom_it_was_asked(planned):
    viewer = factories.member(planned, "viewer", name="Vi", email="vi@example.com")
    row = Row.objects.create(
        engagement=planned, section="wb08", table="quotas", created_at=MORNING, created_by_name="Kim"
    )
    OpenItem.objects.create(
        engagement=planned, section="wb08", row=row, field="q_need", question="How many?", asked_id=viewer.pk,
        asked_name="Vi", due_at=T0, by_name="Lim Sojin", at=MORNING, changed_at=MORNING,
    )  # fmt: skip
    found = {one.member.user.name: one for one in digests.of_engagement(planned, MORNING)}["Vi"]
    assert (found.parts, [item.question for item in found.items]) == ([], ["How many?"])


def test_a_question_that_was_answered_by_a_value_is_not_told_again(planned):
    viewer = factories.member(planned, "viewer", name="Vi", email="vi@example.com")
    row = Row.objects.create(
        engagement=planned, section="wb08", table="quotas", created_at=MORNING, created_by_name="Kim"
    )
    OpenItem.objects.create(
        engagement=planned, section="wb08", row=row, field="q_need", question="How many?", asked_id=viewer.pk,
        asked_name="Vi", due_at=T0, by_name="Lim Sojin", at=MORNING - timedelta(hours=2), changed_at=MORNING,
    )  # fmt: skip
    save_cell(
        engagement=planned, section="wb08", row=row.pk, field="q_need", value="5", base_version=0,
        by=viewer, now=MORNING - timedelta(hours=1),
    )  # fmt: skip
    found = {one.member.user.name: one for one in digests.of_engagement(planned, MORNING)}["Vi"]
    assert found.items == []


def test_who_has_nothing_to_do_or_wants_silence_is_not_told(planned):
    factories.member(planned, "viewer", email="vi@example.com")
    lead = planned.memberships.get(role="customer_lead").user
    reminding.be_quiet(engagement=planned, user=lead, is_quiet=True, now=MORNING)
    assert reminding.send_due(MORNING) == 0
    reminding.be_quiet(engagement=planned, user=lead, is_quiet=False, now=MORNING)
    assert reminding.send_due(MORNING) == 1
    assert told() == ["lead@example.com"]


def test_two_engagements_share_one_mail(planned):
    other = factories.engagement(
        now=MORNING, phase="plan", starts_at=T0 + timedelta(days=1), customer=planned.customer
    )
    lead = planned.memberships.get(role="customer_lead").user
    other.memberships.create(user=lead, role="customer_lead", added_at=MORNING)
    assert reminding.send_due(MORNING) == 1
    found = Notification.objects.get().params["engagements"]
    assert [one["reference"] for one in found] == ["IEM-7777", other.reference]


def test_the_preview_says_what_would_go_out_tomorrow(planned):
    lines = {
        reminder.member.user.name: (day.isoformat(), is_day, is_quiet)
        for reminder, day, is_day, is_quiet in reminding.preview(planned, MORNING)
    }
    assert lines == {
        "Baek Jihun": ("2026-11-25", True, False),
        "Seo Yuna": ("2026-11-24", True, False),
    }


def test_asking_who_waits_takes_few_queries(planned, django_assert_max_num_queries):
    for number in range(10):
        factories.member(planned, "customer_contributor", email=f"p{number}@example.com")
    with django_assert_max_num_queries(3):
        reminding._waiting(MORNING)
