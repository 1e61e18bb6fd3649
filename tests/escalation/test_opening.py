"""Opening an escalation and its case: what is written, who hears, when the clock starts."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.models import Membership, TimelineEntry
from escalation import actions
from escalation.clock import BREACH, WARN_50, WARN_80
from escalation.figures import Escalations
from escalation.models import Deadline, Escalation, ResponseTarget
from iem_portal.notifications.models import Notification
from tests import factories

MIN = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("only_awss_promise")


def stages(escalation):
    rows = Deadline.objects.filter(clock__escalation=escalation).order_by("clock__cycle", "due_at")
    return {row.stage: row for row in rows}


def test_numbers_count_up_within_an_engagement(open_it):
    assert [open_it().reference, open_it().reference] == ["ESC-01", "ESC-02"]


def test_opening_starts_the_teams_clocks_and_not_awss(escalation):
    assert (escalation.level, escalation.hops.count()) == (0, 1)
    assert set(escalation.clocks.values_list("kind", flat=True)) == {"level", "restore"}
    assert not Deadline.objects.exists()


def test_the_promise_is_copied_and_a_later_edit_changes_nothing(escalation, people, now):
    ResponseTarget.objects.filter(plan="enterprise", severity="critical").update(minutes=99)
    running = actions.case_opened(escalation=escalation, case_id="1", by=people["tam"], now=now)
    assert stages(running)[BREACH].due_at == now + 15 * MIN


def test_another_plan_during_the_event_counts_for_what_is_opened_from_then_on(
    running, engagement, open_it, now
):
    engagement.support_plan = "enterprise_onramp"
    engagement.save(update_fields=["support_plan"])
    assert stages(running)[BREACH].due_at == now + 15 * MIN
    assert open_it().policy["targets"]["critical"]["minutes"] == 30
    running.refresh_from_db()
    assert (running.plan, running.policy["targets"]["critical"]["minutes"]) == ("enterprise", 15)


def test_a_severity_that_the_plan_does_not_offer_is_refused_with_those_it_offers(engagement, open_it):
    engagement.support_plan = "business"
    engagement.save(update_fields=["support_plan"])
    with pytest.raises(ValidationError) as caught:
        open_it(severity="critical")
    assert "Production system down" in caught.value.message_dict["severity"][0]


@pytest.mark.parametrize(
    ("field", "value"), [("title", "  "), ("lane", "sideways"), ("detected_at", 1), ("detected_at", -738_000)]
)
def test_bad_input_is_named_by_its_field(open_it, now, field, value):
    value = now + timedelta(days=value) if field == "detected_at" else value
    with pytest.raises(ValidationError) as caught:
        open_it(**{field: value})
    assert list(caught.value.message_dict) == [field]
    assert not Escalation.objects.exists()


def test_opening_tells_tam_support_and_customer_lead_only(escalation, people):
    told = set(Notification.objects.values_list("user_id", flat=True))
    assert told == {people[role].pk for role in ("tam", "support_engineer", "customer_lead")}


def test_a_membership_of_the_wrong_side_is_told_nothing(engagement, open_it, people):
    stranger = factories.user(customer=factories.customer("Rival"))
    for role, person in (("tam", stranger), ("customer_lead", factories.user())):
        Membership.objects.create(
            engagement=engagement, user=person, role=role, added_at=engagement.requested_at
        )
    open_it()
    assert Notification.objects.count() == 3


def test_the_service_lane_tells_the_concierge_too(open_it, people):
    open_it(lane="customer-service")
    assert Notification.objects.filter(user_id=people["concierge"].pk).count() == 1


def test_the_clock_starts_with_the_case_not_with_the_detection(running, now):
    rows = stages(running)
    assert {stage: row.due_at - now for stage, row in rows.items()} == {
        WARN_50: 7.5 * MIN,
        WARN_80: 12 * MIN,
        BREACH: 15 * MIN,
    }
    assert running.level == 1


def test_a_case_found_late_wants_a_reason(escalation, people, now):
    with pytest.raises(ValidationError) as caught:
        actions.case_opened(escalation=escalation, case_id="1", at=now - 6 * MIN, by=people["tam"], now=now)
    assert "reason" in caught.value.message_dict


def test_a_case_found_too_late_breaches_at_once_dated_at_its_deadline(escalation, people, now):
    running = actions.case_opened(
        escalation=escalation,
        case_id="1",
        at=now - 20 * MIN,
        reason="by a colleague",
        by=people["tam"],
        now=now,
    )
    rows = stages(running)
    assert (rows[BREACH].fired_at, rows[BREACH].due_at) == (now, now - 5 * MIN)
    assert rows[WARN_50].fired_at is None and rows[WARN_50].cancel_reason == "already passed"
    assert TimelineEntry.objects.get(phrase="escalation.breached").at == now - 5 * MIN


def test_another_time_of_the_case_starts_a_new_cycle_and_keeps_the_old_one(running, people, now):
    actions.case_opened(
        escalation=running,
        case_id="7741",
        at=now - 5 * MIN,
        reason="typing error",
        by=people["tam"],
        now=now + MIN,
    )
    clock = running.clocks.get(kind="first_response")
    assert clock.cycle == 1
    old, new = clock.deadlines.filter(cycle=0, stage=BREACH).get(), clock.deadlines.get(cycle=1, stage=BREACH)
    assert (old.cancel_reason, new.due_at) == ("case time corrected", now + 10 * MIN)
    assert clock.events.filter(kind="started").count() == 2


def test_correcting_the_case_wants_a_reason(running, people, now):
    with pytest.raises(ValidationError) as caught:
        actions.case_opened(escalation=running, case_id="7741", by=people["tam"], now=now)
    assert "reason" in caught.value.message_dict


def test_a_stale_page_cannot_write(escalation, people, now):
    actions.case_opened(escalation=escalation, case_id="1", by=people["tam"], now=now, base_version=1)
    with pytest.raises(actions.StaleWrite) as caught:
        actions.restored(escalation=escalation, by=people["tam"], now=now, base_version=1)
    assert caught.value.escalation.version == 2


def test_the_developer_plan_counts_the_hours_of_the_customers_country(engagement, open_it, people, now):
    engagement.support_plan = "developer"
    engagement.save(update_fields=["support_plan"])
    escalation = open_it(severity="normal")
    assert escalation.policy["hours"]["zone"] == "Asia/Seoul"
    assert "2026-12-25" in escalation.policy["hours"]["holidays"]
    running = actions.case_opened(escalation=escalation, case_id="1", by=people["tam"], now=now)
    # Sunday night in Seoul: ten hours on Monday, two on Tuesday.
    assert stages(running)[BREACH].due_at.isoformat() == "2026-12-01T01:00:00+00:00"


def test_a_rival_engagement_has_its_own_numbers(open_it, now):
    open_it()
    other = factories.engagement(now=now)
    person = factories.member(other, "tam")
    escalation = actions.open_escalation(
        engagement=other,
        title="Other",
        symptom="",
        severity="high",
        lane="technical",
        detected_at=now,
        by=person,
        now=now,
    )
    assert escalation.number == 1


def test_a_breach_that_a_corrected_case_undid_is_not_counted(escalation, engagement, people, now):
    words = {"escalation": escalation, "case_id": "7741", "by": people["tam"], "now": now}
    actions.case_opened(at=now - 20 * MIN, reason="opened by phone", **words)
    assert Escalations().for_engagements([engagement], now)[engagement.pk]["breached"] == 1
    actions.case_opened(at=now - 2 * MIN, reason="that was the other case", **words)
    assert Escalations().for_engagements([engagement], now)[engagement.pk]["breached"] == 0
