"""What lies too long at a severity: proposed for the next one up, or raised where the rule says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import TimelineEntry
from escalation import actions, ageing, planning
from escalation import clock as pure
from escalation.actions.ageing import raise_aged
from escalation.models import Escalation
from escalation.models.targets import AgeRule

MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def old(open_it, now):
    """A high one, declared a minute ago, whose rule raises it without asking after two hours."""
    AgeRule.objects.create(severity="high", minutes=120, is_automatic=True)
    return open_it(severity="high")


def stored(escalation):
    return Escalation.objects.get(pk=escalation.pk)


def test_wish_39_age_raises_the_severity_once_and_says_so(old, now):
    assert raise_aged(now + 118 * MIN) == 0
    assert raise_aged(now + 119 * MIN) == 1
    assert raise_aged(now + 119 * MIN) == 0
    assert stored(old).severity == "urgent"
    line = TimelineEntry.objects.get(phrase="escalation.raised_by_age")
    assert (line.actor_name, line.params["minutes"]) == ("Clock", 120)
    assert pure.due_at(planning.state_of(old.clocks.get(kind="update"))) == now + 59 * MIN


def test_the_shipped_rule_only_proposes(open_it, now):
    one = open_it(severity="high")
    found = ageing.proposal(one)
    assert (found.severity, found.due_at, found.is_automatic) == ("urgent", now - MIN + 12 * HOUR, False)
    assert [found.is_due(found.due_at - MIN), found.is_due(found.due_at)] == [False, True]
    assert raise_aged(now + 99 * HOUR) == 0


def test_a_rule_of_today_says_nothing_of_what_was_opened_before(open_it, now):
    one = open_it(severity="high")
    AgeRule.objects.create(severity="high", minutes=1, is_automatic=True)
    assert raise_aged(now + HOUR) == 0
    assert ageing.proposal(stored(one)).minutes == 720


def test_a_rule_without_minutes_takes_the_shipped_one_back(open_it):
    AgeRule.objects.create(severity="high", minutes=None)
    assert ageing.proposal(open_it(severity="high")) is None


def test_the_age_counts_anew_from_each_severity(old, people, now):
    by = {"escalation": old, "reason": "as seen", "by": people["tam"]}
    actions.change_severity(severity="normal", now=now + HOUR, **by)
    actions.change_severity(severity="high", now=now + 2 * HOUR, **by)
    assert raise_aged(now + 4 * HOUR - MIN) == 0
    assert raise_aged(now + 4 * HOUR) == 1


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("restored", {}),
        ("resolved", {"resolution": "gone"}),
        ("waiting", {"code": "test", "reason": "the customer tries it"}),
    ],
)
def test_what_works_again_or_waits_for_the_customer_is_not_raised(old, people, now, verb, fields):
    getattr(actions, verb)(escalation=old, by=people["tam"], now=now, **fields)
    assert ageing.proposal(stored(old)) is None
    assert raise_aged(now + 9 * HOUR) == 0


def test_the_worst_severity_has_nowhere_to_go(escalation):
    assert ageing.proposal(escalation) is None


def test_what_the_plan_does_not_offer_is_not_proposed(engagement, open_it):
    engagement.support_plan = "business"
    engagement.save(update_fields=["support_plan"])
    assert ageing.proposal(open_it(severity="urgent")) is None


def test_the_page_proposes_what_the_age_does(as_user, open_it, people):
    AgeRule.objects.create(severity="high", minutes=1)
    opened = timezone.now() - HOUR
    one = open_it(severity="high", detected_at=opened, now=opened)
    url = reverse("escalation:detail", args=[one.engagement.reference, one.number])
    page = as_user(people["tam"]).get(url).content.decode()
    assert "More than 1 min at this severity. Raise it to Urgent?" in page
