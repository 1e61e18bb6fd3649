"""The story of the demo: who there is, which two events, and when they began."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django.contrib.auth.hashers import make_password

from engagements.actions import NewAccount, open_engagement
from engagements.criteria import NewCriterion
from engagements.models import Engagement
from engagements.team import NewMember
from iem_portal.accounts.models import Customer, User
from iem_portal.demo.people import CUSTOMERS, PASSWORD, PEOPLE, DemoPerson

REFERENCE = "IEM-2611"
RIVAL_REFERENCE = "IEM-2612"
ZONE = "Asia/Seoul"
# The newcomer arrives in the middle of the night: 75 minutes after the cutover began.
T0_BEFORE_NOW = timedelta(minutes=75)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def t0_of(now: datetime) -> datetime:
    """When the cutover began, to the minute."""
    return (now - T0_BEFORE_NOW).replace(second=0, microsecond=0)


def write_t0(folder: Path, t0: datetime) -> None:
    """Tell the simulated AWS where the story is anchored; replaced in one step, never half written."""
    target = folder / "demo.json"
    draft = target.with_suffix(".tmp")
    draft.write_text(json.dumps({"t0": t0.isoformat()}))
    draft.replace(target)


def build(now: datetime) -> SimpleNamespace:
    """Write customers, people and both engagements; returns them for the parts that follow."""
    t0 = t0_of(now)
    customers = {
        slug: Customer.objects.create(slug=slug, name=name, country=land) for slug, name, land in CUSTOMERS
    }
    people = write_people(customers, joined_at=t0 - 60 * DAY)
    world = SimpleNamespace(now=now, t0=t0, customers=customers, people=people)
    world.engagement = open_cutover(world)
    world.rival_engagement = open_rival(world)
    return world


def write_people(customers: dict[str, Customer], joined_at: datetime) -> dict[str, User]:
    """Everybody; only the five with a button have a password."""
    # One hash for all five: each costs a tenth of a second by design, and the password is public.
    public_password = make_password(PASSWORD)
    User.objects.bulk_create(
        User(
            email=person.email,
            name=person.name,
            customer=customers.get(person.customer),
            portal_role=person.portal_role,
            language=person.language,
            time_zone=ZONE,
            password=public_password if person.has_button else make_password(None),
            is_demo=True,
            joined_at=joined_at,
        )
        for person in PEOPLE
    )
    by_email = {user.email: user for user in User.objects.filter(is_demo=True).select_related("customer")}
    return {person.key: by_email[person.email] for person in PEOPLE}


def open_cutover(world: SimpleNamespace) -> Engagement:
    """Garamsoop's move out of its data centre: the event that is live."""
    requested_at = world.t0 - 52 * DAY
    return open_engagement(
        by=world.people["tam"],
        now=requested_at,
        requested_at=requested_at,
        reference=REFERENCE,
        customer=world.customers["garamsoop"],
        name="Data-centre exit to ap-northeast-2",
        event_type="MIG",
        support_plan="enterprise",
        starts_at=world.t0,
        ends_at=world.t0 + 9 * HOUR,
        time_zone=ZONE,
        regions=["ap-northeast-2", "us-east-1"],
        accounts=[NewAccount("111122223333", "Garamsoop production")],
        expected_scale=Decimal("3.5"),
        expected_peak=(
            "1,300 sign-ins a minute in the first quarter of an hour after the portal opens at 08:00, "
            "3.5 times a normal Monday morning."
        ),
        business_goals=(
            "Leave the data centre before its contract ends. Students notice nothing but one night of maintenance, "
            "and enrolment opens on AWS nine days later."
        ),
        criteria=CUTOVER_CRITERIA,
        team=members("garamsoop"),
    )


def open_rival(world: SimpleNamespace) -> Engagement:
    """Another customer's event, in its plan phase: nothing of it may be seen from the first one."""
    starts_at = world.t0.replace(minute=0) + 24 * DAY
    requested_at = world.t0 - 9 * DAY
    return open_engagement(
        by=world.people["tam"],
        now=requested_at,
        requested_at=requested_at,
        reference=RIVAL_REFERENCE,
        customer=world.customers["haneul"],
        name="Year-end concert tickets",
        event_type="REG",
        support_plan="enterprise",
        starts_at=starts_at,
        ends_at=starts_at + 4 * HOUR,
        time_zone=ZONE,
        regions=["ap-northeast-2"],
        accounts=[NewAccount("444455556666", "Haneul production")],
        expected_scale=Decimal("40"),
        expected_peak="90,000 people in the waiting room in the first minute.",
        business_goals="Sell 62,000 seats without a second sale day.",
        criteria=[NewCriterion("Seat booked after the waiting room", Decimal("3"), unit="s", is_must=True)],
        team=members("haneul"),
    )


def members(customer: str) -> list[NewMember]:
    """AWS's people and those of one customer; managers see everything without being a member."""
    return [
        member(person) for person in PEOPLE if person.customer in ("", customer) and person.role != "manager"
    ]


def member(person: DemoPerson) -> NewMember:
    """A person as the team form asks for them."""
    title = "" if person.has_button else str(person.title)
    return NewMember(email=person.email, role=person.role, name=person.name, title=title)


CUTOVER_CRITERIA = (
    NewCriterion("Cutover window", Decimal("9"), unit="h", criterion_class="operation", weight=5, is_must=True),
    NewCriterion("Portal error rate, 5xx", Decimal("1"), unit="%", criterion_class="availability",
                 source="cloudwatch", baseline=Decimal("0.31"), weight=5, is_must=True),
    NewCriterion("Portal response, p95", Decimal("0.6"), unit="s", source="cloudwatch",
                 baseline=Decimal("0.42"), weight=4),
    NewCriterion("Replication lag at point of no return", Decimal("20"), unit="s", criterion_class="data",
                 window="point-in-time", source="cloudwatch", weight=4, is_must=True),
    NewCriterion("Sign-in success", Decimal("99"), operator=">=", unit="%", criterion_class="availability",
                 source="cloudwatch", baseline=Decimal("99.7"), weight=4),
    NewCriterion("Payment approvals", Decimal("97"), operator=">=", unit="%", criterion_class="business",
                 source="business-system", baseline=Decimal("98.4"), weight=3),
    NewCriterion("Rows that differ after the copy", Decimal("0"), operator="=", unit="rows", criterion_class="data",
                 window="point-in-time", weight=5, is_must=True),
)  # fmt: skip
