"""Phases and gates: conditions met, overrides with a reason, decisions frozen with what was seen."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from engagements import criteria, gates, phases
from engagements.criteria import NewCriterion
from engagements.errors import Conflict, InvalidValue, Refused
from engagements.models import Engagement, GateDecision, TimelineEntry
from engagements.timeline import sentence
from tests import factories

pytestmark = pytest.mark.django_db
REASON = "The customer confirmed by phone"


@pytest.fixture
def initiated(now):
    """An engagement in its first phase with a TAM, and everything but the customer's lead."""
    engagement = factories.engagement(now=now, phase="initiate", starts_at=now.replace(year=2027))
    factories.member(engagement, "tam", email="tam@example.com")
    new = NewCriterion("Errors", Decimal(1))
    criteria.add_criterion(engagement=engagement, new=new, by=engagement.opened_by, now=now)
    engagement.refresh_from_db()
    return engagement


def tam_of(engagement):
    return engagement.memberships.get(role="tam").user


def move(engagement, now, by=None, **words):
    return phases.move_phase(
        engagement=engagement, by=by or tam_of(engagement), now=now, **({"base_version": 1} | words)
    )


def unmet(engagement, now):
    return [condition.key for condition in gates.conditions(engagement, now) if not condition.is_met]


def test_the_first_gate_waits_for_the_customers_lead(initiated, now):
    assert unmet(initiated, now) == ["lead"]
    factories.member(initiated, "customer_lead")
    assert unmet(initiated, now) == []


def test_with_every_condition_met_the_tam_goes_on_without_a_reason(initiated, now):
    factories.member(initiated, "customer_lead")
    decision = move(initiated, now)
    initiated.refresh_from_db()
    assert (initiated.phase, initiated.phase_entered_at) == ("plan", now)
    assert not decision.is_override
    assert decision.reason == ""


def test_an_override_without_a_reason_is_refused(initiated, now):
    with pytest.raises(InvalidValue):
        move(initiated, now, reason="ok")
    assert not GateDecision.objects.exists()


def test_an_override_keeps_its_reason_and_the_conditions_as_seen(initiated, now):
    decision = move(initiated, now, reason=REASON)
    factories.member(initiated, "customer_lead")
    decision.refresh_from_db()
    assert decision.is_override
    assert decision.reason == REASON
    [unmet] = [one for one in decision.conditions if not one["is_met"]]
    assert (unmet["key"], unmet["label"]["en"]) == ("lead", "The customer's lead has joined")
    assert unmet["label"]["ko"] != unmet["label"]["en"]


def test_an_override_stands_on_the_timeline_with_its_reason(initiated, now):
    move(initiated, now, reason=REASON)
    entry = TimelineEntry.objects.get(phrase="phase.overridden")
    assert (entry.kind, entry.text, entry.params["count"]) == ("decision", REASON, 1)


def test_a_manager_may_override_but_not_move(initiated, now):
    manager = factories.user(portal_role="manager")
    move(initiated, now, by=manager, reason=REASON)
    initiated.refresh_from_db()
    assert initiated.phase == "plan"
    Engagement.objects.filter(pk=initiated.pk).update(phase="initiate")
    factories.member(initiated, "customer_lead")
    with pytest.raises(PermissionDenied):
        move(initiated, now, by=manager, base_version=2)


def test_the_customer_cannot_go_against_the_gate(initiated, now):
    lead = factories.member(initiated, "customer_lead")
    Engagement.objects.filter(pk=initiated.pk).update(entitlement="unknown")
    with pytest.raises(PermissionDenied):
        move(initiated, now, by=lead, reason=REASON)


def test_two_people_cannot_take_the_same_step_twice(initiated, now):
    move(initiated, now, reason=REASON)
    with pytest.raises(Conflict):
        move(initiated, now, reason=REASON)
    assert GateDecision.objects.count() == 1


def test_a_closed_engagement_goes_nowhere(initiated, now):
    Engagement.objects.filter(pk=initiated.pk).update(phase="closed")
    with pytest.raises(Refused):
        move(initiated, now)


def test_the_page_names_what_is_open_and_asks_for_a_reason(initiated, now, as_user):
    address = reverse("engagements:phase", args=[initiated.reference])
    client = as_user(tam_of(initiated))
    assert "lead has joined" in client.get(address).content.decode()
    answer = client.post(address, {"version": "1", "reason": "no"})
    assert answer.status_code == 422
    assert "Say why the phase starts" in answer.content.decode()
    assert client.post(address, {"version": "1", "reason": REASON}).status_code == 303


def test_a_viewer_cannot_move_the_phase_from_the_page(initiated, as_user):
    viewer = factories.member(initiated, "viewer")
    address = reverse("engagements:phase", args=[initiated.reference])
    assert as_user(viewer).post(address, {"version": "1", "reason": REASON}).status_code == 403


def test_postponing_needs_a_reason_and_keeps_everything(initiated, now):
    words = {"engagement": initiated, "standing": "postponed", "by": tam_of(initiated), "now": now}
    with pytest.raises(InvalidValue):
        phases.set_standing(reason="", base_version=1, **words)
    phases.set_standing(reason="Vendor is late", base_version=1, **words)
    initiated.refresh_from_db()
    assert initiated.standing == "postponed"
    assert initiated.criteria.count() == 1


def test_what_was_open_is_told_in_the_readers_language(initiated, now):
    move(initiated, now, reason="The lead joins tomorrow")
    entry = TimelineEntry.objects.get(phrase="phase.overridden")
    with translation.override("ko"):
        label = gettext("The customer's lead has joined")
        assert label != "The customer's lead has joined" and label in sentence(entry, ZoneInfo("Asia/Seoul"))
