"""An escalation at every stage of its life, for tests."""

from datetime import timedelta

import pytest

from escalation import actions
from escalation.ladder import policies
from escalation.models import LadderPolicy, Objective
from tests import factories

MIN = timedelta(minutes=1)


@pytest.fixture
def people(engagement):
    """One member of each role that hears of escalations, and one that does not."""
    roles = ["tam", "support_engineer", "customer_lead", "concierge", "account_manager", "viewer"]
    return {role: factories.member(engagement, role) for role in roles}


@pytest.fixture
def only_awss_promise(db):
    """No objectives of the team and no repeats: of four clocks, only AWS's first answer plans deadlines."""
    Objective.objects.all().delete()
    tell_once()


def tell_once():
    """From now on a breach is told once."""
    terms = [term | {"again_times": 0} for term in policies.shipped()["terms"]]
    body = {"rules": policies.shipped()["rules"], "terms": terms}
    LadderPolicy.objects.create(version=2, body=body, saved_at=factories.NOW, by_name="Test")


@pytest.fixture
def open_it(engagement, people, now):
    """Open an escalation a minute ago: ``open_it(severity="high")``."""

    def opener(**fields):
        defaults = {
            "title": "Replication stalled",
            "symptom": "The lag grows",
            "severity": "critical",
            "lane": "technical",
            "detected_at": now - 3 * MIN,
            "by": people["customer_lead"],
            "now": now - MIN,
        }
        return actions.open_escalation(engagement=engagement, **(defaults | fields))

    return opener


@pytest.fixture
def escalation(open_it):
    """A critical one without a case."""
    return open_it()


@pytest.fixture
def running(escalation, people, now):
    """A critical one whose case was opened at `now`: due 15 minutes later."""
    return actions.case_opened(escalation=escalation, case_id="7741 5120", by=people["tam"], now=now)
