"""What AWS's people write, and who they are, while an escalation is inside AWS: none of it reaches the customer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from escalation import actions
from escalation.ladder import drill, paging, policies
from escalation.models import Escalation, LadderPolicy
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Notification
from tests import factories

SECRET = "Only the service team may know"
pytestmark = pytest.mark.once


@pytest.fixture
def told(engagement, people, now):
    """A hook of each side."""
    fields = {"kind": "webhook", "url": "https://desk.example/", "what": [hooks.ESCALATION]}
    return {
        side: hooks.add(
            engagement_id=engagement.pk,
            fields=fields | {"name": f"Desk of {side}", "audience": side},
            by=people["tam"],
            now=now,
        )
        for side in ("aws", "customer")
    }


@pytest.fixture
def read(as_user, engagement, people):
    def reader(role, name, *args, **query):
        address = reverse(f"escalation:{name}", args=[engagement.reference, *args])
        return as_user(people[role]).get(address, query).content.decode()

    return reader


def panel(read, role, escalation):
    return read(role, "state", escalation.number, part="told")


def test_a_note_of_an_acknowledgement_inside_aws_reaches_no_customer(told, open_it, people, now, read):
    inside = open_it()
    words = {"by": people["tam"], "note": "The service team has it"}
    actions.hand_over(escalation=inside, level=3, owner_name="", now=now, **words)
    actions.take(escalation=inside, by=people["tam"], now=now + timedelta(minutes=1), note=SECRET)
    acks = Notification.objects.filter(template="escalation/mail/acknowledged")
    notes = dict(acks.values_list("address", "params__note"))
    assert notes == {hooks.address(told["aws"]): SECRET, hooks.address(told["customer"]): ""}
    assert not TimelineEntry.objects.filter(audience="all", text__contains=SECRET).exists()
    inside.acknowledgements.update(until=now + timedelta(days=9_000))  # the page reads the clock
    assert SECRET in panel(read, "tam", inside)
    assert SECRET not in panel(read, "customer_lead", inside)
    said = actions.acknowledge(escalation=inside, by=people["customer_lead"], now=now, note="We look too")
    inside.acknowledgements.filter(pk=said.pk).update(until=now + timedelta(days=9_000))
    assert "We look too" in panel(read, "customer_lead", inside)


def test_hooks_of_aws_are_not_named_to_the_customer(told, escalation, read):
    assert "Desk of aws" in panel(read, "tam", escalation)
    seen = panel(read, "customer_lead", escalation)
    assert "Desk of customer" in seen and "Desk of aws" not in seen


def test_a_drill_does_not_name_managers_of_aws_to_the_customer(engagement, people, now, read):
    factories.member(engagement, "manager", name="Mona Over All")
    found = drill.start(engagement=engagement, by=people["tam"], now=now)
    for where in (("drills",), ("drill", found.number)):
        assert "Mona Over All" in read("tam", *where)
        assert "Mona Over All" not in read("customer_lead", *where)


def test_who_would_hear_names_managers_of_aws_by_their_role(engagement, people, escalation, now):
    factories.member(engagement, "manager", name="Mona Over All")
    rules = [{"stage": "warn50", "who": ["role:tam", "role:manager"], "way": "mail"}]
    LadderPolicy.objects.create(
        engagement=engagement,
        version=1,
        body=policies.shipped() | {"rules": rules},
        saved_at=now,
        by_name="Test",
    )
    Escalation.objects.update(
        policy=escalation.policy | {"ladder": {"policy": LadderPolicy.objects.get(engagement=engagement).pk}}
    )
    escalation.refresh_from_db()
    assert set(paging.would_hear(escalation, stage="warn50", now=now)) == {people["tam"].name, "Manager"}
