"""Who could be told in these engagements, now? A few queries, however many engagements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from engagements import access, duty
from engagements.models import Role
from escalation.ladder.casting import Cast, Person
from iem_portal.accounts.models import User
from iem_portal.registry import rosters

_OF_USER = ("name", "email", "customer_id", "language", "time_zone")


def casts(engagement_ids: Iterable[int], *, at: datetime, with_managers: bool = True) -> dict[int, Cast]:
    """The people of each engagement, with who is on duty at this instant (aware UTC) and who stands in for them."""
    wanted = set(engagement_ids)
    members = _members(wanted)
    shifts = duty.on_duty(wanted, at)
    managers = _managers() if with_managers else ()
    found = {}
    for pk in wanted:
        present = [shift for shift in shifts.get(pk, ()) if shift.email]
        found[pk] = Cast(
            members=tuple(members[pk]),
            managers=managers,
            on_duty=frozenset(shift.email.lower() for shift in present),
            deputies={
                shift.email.lower(): shift.deputy.email.lower()
                for shift in present
                if shift.deputy is not None and shift.deputy.email
            },
        )
    return found


def whole_roster(engagement_id: int, cast: Cast) -> tuple[Cast, list[str]]:
    """The cast with every shift of the roster as if all were on duty, and who of them has no access here.

    Somebody without access cannot be paged: a name on a sheet opens nothing.
    """
    shifts = [shift for roster in rosters.all() for shift in roster.shifts({engagement_id})]
    addresses = frozenset(shift.email.lower() for shift in shifts if shift.email)
    known = {person.email.lower() for person in cast.members}
    absent = sorted({shift.name for shift in shifts if shift.email.lower() not in known})
    return replace(cast, on_duty=addresses), absent


def _members(engagement_ids: set[int]) -> dict[int, list[Person]]:
    rows = access.members().filter(engagement__in=engagement_ids).select_related(None)
    columns = ("engagement_id", "role", "user_id", *(f"user__{name}" for name in _OF_USER))
    found = defaultdict(list)
    for engagement_id, role, *of_user in rows.order_by("pk").values_list(*columns):
        found[engagement_id].append(_person(role, *of_user))
    return found


def _managers() -> tuple[Person, ...]:
    people = User.objects.filter(
        portal_role=User.PortalRole.MANAGER, customer__isnull=True, is_active=True
    ).order_by("pk")
    return tuple(_person(Role.MANAGER.value, *row) for row in people.values_list("pk", *_OF_USER))


def _person(role: str, pk: int, name: str, email: str, customer_id, language: str, zone: str) -> Person:
    return Person(pk, name, email, role, customer_id is None, language, zone)
