"""What AWS's people write, and who they are, while an escalation is inside AWS: none of it reaches the customer."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements.models import TimelineEntry
from escalation import actions, engine, faces, inside, lanes
from escalation.ladder import drill, paging, policies
from escalation.models import Escalation, LadderPolicy
from escalation.tiles import Escalations
from escalation.views.pages import PARTS
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


@pytest.fixture
def deep(open_it, people):
    """At the service team, after an hour at an internal ticket; by the real clock, which pages read."""
    began = timezone.now() - timedelta(hours=3)
    found = open_it(severity="critical", detected_at=began, now=began)
    by = {"by": people["tam"]}
    actions.case_opened(escalation=found, case_id="1", now=began + timedelta(minutes=1), **by)
    actions.answered(escalation=found, how="call", now=began + timedelta(minutes=2), **by)
    for level, minutes in ((3, 10), (4, 70)):
        words = {"owner_name": f"{SECRET} {level}", "note": SECRET}
        actions.hand_over(
            escalation=found, level=level, now=began + timedelta(minutes=minutes), **words, **by
        )
    engine.run_due(timezone.now())
    return found


def spoken(reader, engagement, escalation):
    """Everything that is drawn or sent of it to one person."""
    base, number = f"/e/{engagement.reference}", escalation.number
    api = f"/api/v1/engagements/{engagement.reference}/escalations"
    pages = [
        f"{base}/escalations/", f"{base}/escalations/{number}/", f"{base}/escalations/{number}/?act=more",
        *(f"{base}/escalations/{number}/state/?part={part}" for part in PARTS), "/escalations/",
        f"{api}/", f"{api}/{number}/", f"{api}/{number}/clocks/", f"{api}/{number}/preview/?severity=urgent",
        f"{base}/escalations/{number}/cases/new/", f"{api}/{number}/cases/draft/",
        f"{api}/{number}/breaches/", f"{api}/{number}/cases/", "/escalations/attainment/?clock=level",
        "/escalations/attainment/promises.csv", "/escalations/attainment/escalations.csv",
        "/api/v1/attainment/?clock=level", f"{base}/timeline/", f"{base}/report/",
    ]  # fmt: skip
    found = {}
    for address in pages:
        answer = reader.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
    return found


def test_no_page_api_tile_file_or_report_times_the_inside_of_aws_for_a_customer(
    as_user, engagement, people, deep
):
    customer = spoken(as_user(people["customer_lead"]), engagement, deep)
    for name, text in customer.items():
        for word in (SECRET, "Service team", "Internal ticket", "longer at level"):
            assert word not in text, (name, word)
    staff = spoken(as_user(people["tam"]), engagement, deep)
    assert SECRET in staff[f"/e/{engagement.reference}/escalations/{deep.number}/cases/new/"]
    api = f"/api/v1/engagements/{engagement.reference}/escalations/{deep.number}/"
    ours, theirs = json.loads(customer[api]), json.loads(staff[api])
    assert (ours["level"], theirs["level"], ours["owner_name"]) == (3, 4, "")
    shown = {one["kind"]: one for one in ours["clocks"]}["level"]
    assert (shown["state"], shown["started_at"], shown["due_at"], shown["used_s"]) == (
        "inside",
        None,
        None,
        0,
    )
    assert {one["kind"]: one for one in theirs["clocks"]}["level"]["started_at"] is not None
    assert "Service team" in staff[f"/e/{engagement.reference}/escalations/{deep.number}/"]
    assert "level" not in [
        one["kind"] for one in json.loads(customer[f"{api}preview/?severity=urgent"])["clocks"]
    ]
    levels = [
        line.split(",")[9] for line in customer["/escalations/attainment/promises.csv"].splitlines()[1:]
    ]
    assert set(levels) <= {"", "1", "2", "3"}
    breaches = json.loads(customer[f"{api}breaches/"])
    assert not [one for one in breaches if one["clock"] == "level" and one["cycle"] > 2]
    for audience, word in (("customer", "Inside AWS"), ("staff", "Service team")):
        assert word in Escalations().render(engagement.pk, audience=audience, now=timezone.now())
    assert SECRET not in Escalations().render(engagement.pk, audience="customer", now=timezone.now())


def test_the_path_of_a_customer_has_one_step_inside_aws_without_a_length(engagement, deep):
    found = faces.with_clocks(Escalation.objects.filter(pk=deep.pk)).get()
    found = inside.seen(found, is_staff=False)
    now = timezone.now()
    picture = lanes.picture(found, lanes.read(found, audience="customer", now=now), now=now)
    assert [step.level["en"] for step in picture.steps][-1] == "Inside AWS"
    assert [step.spent_s for step in picture.steps].count(None) == 1
    assert [level.label["en"] for level in picture.lanes[0].levels][3:] == ["Inside AWS"]
    assert (picture.lanes[0].levels[3].spent_s, picture.lanes[0].levels[3].state) == (None, "now")
    assert picture.next is None


def test_mails_name_nobody_who_has_it_inside_aws(deep):
    told = Notification.objects.filter(about=f"escalation:{deep.pk}", params__stage="breach")
    assert told.filter(params__kind="level").exists()
    assert not [one for one in told.values_list("params__owner", flat=True) if SECRET in (one or "")]
