"""Who can be mentioned, asked and assigned: the members of the engagement, each under a name of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engagements import access
from engagements.access import Permission
from engagements.models import Engagement, Role
from iem_portal.accounts.models import User


@dataclass(frozen=True)
class Person:
    """A member: ``name`` is unique in the engagement, two of one name carry their part or address as well."""

    user: User
    role: Role
    title: str
    name: str

    @property
    def pk(self) -> int:
        """The number of the account."""
        return self.user.pk

    @property
    def part(self) -> str:
        """What the person is here, in the reader's language."""
        return self.title or str(self.role.label)

    @property
    def can_fill(self) -> bool:
        """Whether the person may type into the workbook."""
        return Permission.FILL_WORKBOOK in access.permissions_of(self.role)


def of(engagement: Engagement) -> dict[int, Person]:
    """Everybody who counts as a member, by number. One query."""
    found = list(access.members().filter(engagement=engagement))
    bearers = Counter(member.user.name.casefold() for member in found)
    return {
        member.user_id: Person(member.user, Role(member.role), member.title, _name(member, bearers))
        for member in found
    }


def _name(member, bearers: Counter) -> str:
    name = member.user.name
    return name if bearers[name.casefold()] == 1 else f"{name} ({member.user.email.partition('@')[0]})"


def names(people: dict[int, Person]) -> dict[int, str]:
    """Their names by number."""
    return {pk: person.name for pk, person in people.items()}
