"""Opens an engagement and changes its facts; every change is told on the timeline.

Dates and the window are in :mod:`engagements.schedule`, people in :mod:`engagements.team`,
success criteria in :mod:`engagements.criteria`, phases in :mod:`engagements.phases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagements import catalog, criteria, plan, schedule, team
from engagements.criteria import NewCriterion
from engagements.errors import Conflict, InvalidValue
from engagements.models import AwsAccount, Engagement, Phase, TimelineEntry
from engagements.phases import in_every_language
from engagements.team import NewMember
from engagements.timeline import record
from iem_portal.accounts.models import Customer, User
from iem_portal.live.announce import announce
from iem_portal.registry import openings

REFERENCE_PREFIX = "IEM-"
FIRST_REFERENCE = 2601
#: Facts that the edit page changes; the window has a page of its own because it moves dates.
EDITABLE = (
    "name", "programme", "event_type", "support_plan", "entitlement", "regions",
    "expected_scale", "expected_peak", "business_goals",
)  # fmt: skip
#: Tiles of the board that print facts of the engagement itself.
TILES = ("clock", "timeline")


@dataclass(frozen=True)
class NewAccount:
    """An AWS account in scope, as asked for when the engagement is opened."""

    account_id: str
    name: str = ""
    role_arn: str = ""
    external_id: str = ""


def open_engagement(
    *,
    by: User,
    now: datetime,
    customer: Customer,
    name: str,
    event_type: str,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str,
    programme: str = "IEM",
    support_plan: str = "enterprise",
    entitlement: str = "",
    regions: Iterable[str] = (),
    accounts: Iterable[NewAccount] = (),
    expected_scale: Decimal | None = None,
    expected_peak: str = "",
    business_goals: str = "",
    criteria: Iterable[NewCriterion] = (),
    team: Iterable[NewMember] = (),
    requested_at: datetime | None = None,
    reference: str = "",
    choices: Mapping[str, str] | None = None,
) -> Engagement:
    """Open an engagement with its dated plan, accounts, criteria and people, all or nothing.

    ``starts_at`` is T0; all instants are aware. ``entitlement`` empty means as the support plan
    says. ``requested_at`` defaults to ``now``; a request less than 28 days before T0 is late:
    marked on the record and the timeline, never refused. A TAM who opens becomes a member.
    ``choices`` answer the questions of other parts (registry ``openings``), by their keys.
    """
    requested_at = requested_at or now
    days_left = schedule.days_between(requested_at, starts_at, time_zone)
    plan_row = catalog.support_plans().get(support_plan, {})
    facts = {
        "customer": customer,
        "name": name.strip(),
        "programme": programme.strip() or "IEM",
        "event_type": event_type,
        "support_plan": support_plan,
        "entitlement": entitlement or plan_row.get("entitlement", "unknown"),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "time_zone": time_zone,
        "regions": list(regions),
        "expected_scale": expected_scale,
        "expected_peak": expected_peak.strip(),
        "business_goals": business_goals.strip(),
        "plan_days": plan.plan_days(schedule.preset_days(event_type), days_left),
        "is_late_request": plan.is_late_request(days_left),
        "phase": Phase.INITIATE,
        "phase_entered_at": requested_at,
        "requested_at": requested_at,
        "opened_by": by,
        "milestones_version": catalog.MILESTONES_VERSION,
    }
    with transaction.atomic():
        engagement = _insert(facts, reference)
        _add_parts(engagement, accounts, criteria, team, by, now)
        for part in openings:
            part.opened(engagement, (choices or {}).get(part.key, ""), now=now)
        _tell_opened(engagement, days_left, by, now)
    return engagement


def _insert(facts: dict, reference: str) -> Engagement:
    """Insert under the given reference or the next free number.

    Two people may open at the same second: the unique reference lets only one insert through,
    and the other takes the number after it.
    """
    if reference:
        return Engagement.objects.create(reference=reference, **facts)
    for attempt in range(20):
        try:
            with transaction.atomic():
                return Engagement.objects.create(reference=next_reference(), **facts)
        except IntegrityError:
            if attempt == 19:
                raise
    raise AssertionError("unreachable")


def next_reference() -> str:
    """The number after the highest one in use, such as IEM-2612."""
    start = len(REFERENCE_PREFIX) + 1
    highest = Engagement.objects.filter(reference__regex=rf"^{REFERENCE_PREFIX}[0-9]{{1,9}}$").aggregate(
        highest=Max(Cast(Substr("reference", start), IntegerField()))
    )["highest"]
    return f"{REFERENCE_PREFIX}{max((highest or 0) + 1, FIRST_REFERENCE)}"


def _add_parts(engagement, accounts, new_criteria, new_members, by, now) -> None:
    AwsAccount.objects.bulk_create(
        AwsAccount(
            engagement=engagement,
            account_id=account.account_id,
            name=account.name,
            role_arn=account.role_arn,
            external_id=account.external_id,
        )
        for account in accounts
    )
    schedule.create_milestones(engagement, by=by, now=now)
    criteria.create_many(engagement, new_criteria)
    new_members = list(new_members)
    if by.portal_role == "tam" and by.email.lower() not in {new.email.lower() for new in new_members}:
        new_members.insert(0, NewMember(email=by.email, name=by.name, role="tam"))
    for new in new_members:
        team.add_member(engagement=engagement, new=new, by=by, now=now, is_opening=True)


def _tell_opened(engagement: Engagement, days_left: int, by, now) -> None:
    record(
        engagement, "engagement.opened", by=by, now=now, at=engagement.requested_at,
        params={"name": engagement.name, "reference": engagement.reference},
    )  # fmt: skip
    if engagement.is_late_request:
        record(
            engagement, "engagement.late_request", by=by, now=now, at=engagement.requested_at,
            params={"days": max(days_left, 0), "plan_days": engagement.plan_days},
        )  # fmt: skip


def edit_engagement(
    *, engagement: Engagement, facts: dict, base_version: int, by, now: datetime
) -> list[str]:
    """Change facts of :data:`EDITABLE`; returns the names that really changed.

    Raises Conflict when somebody saved the engagement since ``base_version``, unless what
    they saved is the same.
    """
    current = Engagement.objects.get(pk=engagement.pk)
    changed = {
        name: facts[name] for name in EDITABLE if name in facts and facts[name] != getattr(current, name)
    }
    if not changed:
        return []
    with transaction.atomic():
        rows = Engagement.objects.filter(pk=engagement.pk, version=base_version).update(
            **changed, version=F("version") + 1
        )
        if not rows:
            raise Conflict(current, mine=changed, theirs={name: getattr(current, name) for name in changed})
        fields = in_every_language(lambda: ", ".join(map(_label, sorted(changed))))
        record(engagement, "engagement.edited", by=by, now=now, params={"fields": fields})
        announce(engagement.topic, *TILES)
    return sorted(changed)


def _label(name: str) -> str:
    return str(Engagement._meta.get_field(name).verbose_name)


def add_account(*, engagement: Engagement, new: NewAccount, by, now: datetime) -> AwsAccount:
    """Put one more AWS account in scope. Raises InvalidValue for one that is in scope already."""
    if AwsAccount.objects.filter(engagement=engagement, account_id=new.account_id).exists():
        raise InvalidValue({"account_id": _("This account is in scope already.")})
    with transaction.atomic():
        account = AwsAccount.objects.create(
            engagement=engagement, account_id=new.account_id, name=new.name,
            role_arn=new.role_arn, external_id=new.external_id,
        )  # fmt: skip
        record(
            engagement, "engagement.account_added", by=by, now=now,
            params={"account": new.account_id, "name": new.name},
        )  # fmt: skip
    return account


def post_note(
    *, engagement: Engagement, text: str, by, now: datetime, audience: str = "all", client_id: str = ""
) -> TimelineEntry:
    """Write a note of a person on the timeline; ``audience`` "aws" keeps it from customers.

    ``client_id`` is the sender's own name for it (at most 40 characters, "" for none): whoever got no answer and sends
    the same words again gets the entry that is on record. Other words or readers under a known name are another note:
    a browser that goes back shows an old form.
    """
    text, named = text.strip(), {"engagement": engagement, "actor_id": by.pk, "client_id": client_id}
    words = {"by": by, "now": now, "text": text, "params": {"text": text}, "audience": audience}
    if client_id and (known := TimelineEntry.objects.filter(**named).first()):
        if (known.text, known.audience) == (text, audience):
            return known
        client_id = ""
    try:
        with transaction.atomic():
            return record(engagement, "note.posted", client_id=client_id, **words)
    except IntegrityError:  # both came at once
        return TimelineEntry.objects.get(**named)


def create_customer(*, name: str, country: str) -> Customer:
    """A new tenant with a short name of its own."""
    base = slugify(name)[:50] or "customer"
    taken = set(Customer.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(
        candidate
        for candidate in (base, *(f"{base}-{number}" for number in range(2, 10_000)))
        if candidate not in taken
    )
    return Customer.objects.create(name=name.strip(), slug=slug, country=country.upper())


def zone_of(engagement: Engagement) -> ZoneInfo:
    """The zone in which people of this engagement read times."""
    return ZoneInfo(engagement.time_zone)
