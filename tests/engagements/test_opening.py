"""Opening an engagement: facts, plan, people, numbers, and the late request that is never refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.actions import NewAccount, create_customer, edit_engagement, next_reference, open_engagement
from engagements.criteria import NewCriterion
from engagements.errors import Conflict, InvalidValue
from engagements.models import Engagement, TimelineEntry
from engagements.team import NewMember
from iem_portal.accounts.models import Invitation
from tests import factories

pytestmark = pytest.mark.django_db


def opened(now, *, days=60, **fields):
    by = fields.pop("by", None) or factories.user(portal_role="tam")
    starts_at = now + timedelta(days=days)
    defaults = {
        "customer": factories.customer(), "name": "Exam rush", "event_type": "REG",
        "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=4), "time_zone": "Asia/Seoul",
    }  # fmt: skip
    return open_engagement(by=by, now=now, **(defaults | fields))


def test_opening_writes_the_34_milestones_of_the_present_version(now):
    engagement = opened(now)
    assert engagement.milestones.count() == 34
    assert engagement.milestones_version == "2026.1"
    assert engagement.plan_days == 28


def test_the_tam_who_opens_is_in_the_team(now):
    engagement = opened(now)
    assert [(m.user, m.role) for m in engagement.memberships.all()] == [(engagement.opened_by, "tam")]


def test_entitlement_follows_from_the_support_plan(now):
    assert opened(now, support_plan="enterprise").entitlement == "included"
    assert opened(now, support_plan="business_plus").entitlement == "paid"
    assert opened(now, support_plan="basic").entitlement == "unknown"


def test_the_request_milestone_is_done_only_when_the_entitlement_is_known(now):
    known = opened(now, support_plan="enterprise").milestones.get(code="M01")
    unknown = opened(now, support_plan="basic").milestones.get(code="M01")
    assert known.done_at == now
    assert unknown.done_at is None


def test_a_late_request_is_kept_as_a_warning_on_record_and_timeline(now):
    engagement = opened(now, days=20)
    assert engagement.is_late_request
    assert engagement.plan_days == 19
    entry = TimelineEntry.objects.get(engagement=engagement, phrase="engagement.late_request")
    assert entry.params == {"days": 20, "plan_days": 19}


def test_a_request_of_28_days_is_not_late(now):
    assert not opened(now, days=28).is_late_request


def test_references_count_on_from_the_highest(now):
    factories.engagement(reference="IEM-2611")
    assert opened(now).reference == "IEM-2612"
    assert next_reference() == "IEM-2613"


def test_somebody_without_an_account_is_invited_by_mail(now):
    new = NewMember("lead@garam.example", "customer_lead", "Baek Jihun")
    engagement = opened(now, team=[new])
    member = engagement.memberships.get(role="customer_lead")
    assert member.user is None
    assert member.invitation == Invitation.objects.get(email="lead@garam.example")


def test_a_person_of_another_customer_is_refused_and_nothing_is_opened(now):
    stranger = factories.user(customer=factories.customer())
    with pytest.raises(InvalidValue):
        opened(now, team=[NewMember(stranger.email, "customer_lead")])
    assert not Engagement.objects.exists()


def test_accounts_and_criteria_are_kept(now):
    engagement = opened(
        now,
        accounts=[NewAccount("111122223333", "Production")],
        criteria=[NewCriterion("Errors", Decimal("1"), unit="%")],
    )
    assert engagement.aws_accounts.get().name == "Production"
    assert engagement.criteria.get().position == 1


def test_editing_names_only_what_really_changed(now, engagement, tam):
    facts = {"name": "New name", "event_type": engagement.event_type}
    changed = edit_engagement(engagement=engagement, facts=facts, base_version=1, by=tam, now=now)
    assert changed == ["name"]


def test_editing_an_engagement_somebody_else_saved_is_a_conflict_with_both_values(now, engagement, tam):
    edit_engagement(engagement=engagement, facts={"name": "Theirs"}, base_version=1, by=tam, now=now)
    with pytest.raises(Conflict) as conflict:
        edit_engagement(engagement=engagement, facts={"name": "Mine"}, base_version=1, by=tam, now=now)
    assert (conflict.value.mine, conflict.value.theirs) == ({"name": "Mine"}, {"name": "Theirs"})


def test_two_customers_of_one_name_get_short_names_of_their_own():
    first, second = (create_customer(name="Garam", country="kr") for _ in range(2))
    assert (first.slug, second.slug, second.country) == ("garam", "garam-2", "KR")
