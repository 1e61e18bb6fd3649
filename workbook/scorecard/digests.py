"""What one person has to be reminded of: their late and coming answers, assigned sections first, and open items."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import datetime, timedelta

from django.urls import reverse

from engagements import access
from engagements.models import Engagement, Membership, Role
from workbook.catalogue import Section
from workbook.models import Assignment, OpenItem
from workbook.readiness import outline
from workbook.scorecard.missing import Missing, cells
from workbook.scorecard.rhythm import rhythm
from workbook.talk import questions

#: Which of the workbook's fillers a role stands for; the lead also for those whom nobody else stands for.
FILLS = {
    Role.CUSTOMER_LEAD: {"CL", "CB"},
    Role.CUSTOMER_CONTRIBUTOR: {"CE", "CD", "CS"},
    Role.TAM: {"TAM", "SYS"},
    Role.SA: {"SA"},
}
_LEADS = {Role.CUSTOMER_CONTRIBUTOR: Role.CUSTOMER_LEAD, Role.SA: Role.TAM}


@dataclass
class Part:
    """One section in a reminder: how many answers are late, due in a few days, and due within a week."""

    section: Section
    is_assigned: bool
    late: int = 0
    soon: int = 0
    coming: int = 0
    due_at: datetime | None = None


@dataclass
class Reminder:
    """What one person is told about one engagement."""

    engagement: Engagement
    member: Membership
    parts: list[Part] = default_of(default_factory=list)
    items: list[OpenItem] = default_of(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.parts or self.items)

    @property
    def late(self) -> int:
        """How many answers are late."""
        return sum(part.late for part in self.parts)

    def plain(self, now: datetime) -> dict:
        """The reminder as data for its mail."""
        reference = self.engagement.reference

        def page(name: str, *words) -> str:
            return reverse(f"workbook:{name}", args=[reference, *words])

        return {
            "reference": reference,
            "name": self.engagement.name,
            "days_left": (self.engagement.starts_at - now).days,
            "sections": [
                {
                    "code": part.section.code,
                    "label": part.section.label,
                    "is_assigned": part.is_assigned,
                    "late": part.late,
                    "soon": part.soon,
                    "coming": part.coming,
                    "due": {"at": part.due_at.isoformat()},
                    "path": page("section", part.section.key),
                }
                for part in self.parts
            ],
            "items": [
                {
                    "question": item.question,
                    "by": item.by_name,
                    "due": {"at": item.due_at.isoformat()},
                    "is_late": item.due_at < now,
                    "path": page("section", item.section),
                }
                for item in self.items
            ],
            "missing_path": page("missing"),
            "quiet_path": page("readiness") + "#reminders",
        }


def of_engagement(engagement: Engagement, now: datetime) -> list[Reminder]:
    """What every member would be told now, empty ones included. About ten queries."""
    members = list(access.members().filter(engagement=engagement))
    missing = cells(engagement, outline(engagement), now)
    assigned = _assigned(engagement)
    items = _items(engagement)
    fills = _fills(members)
    return [
        Reminder(
            engagement,
            member,
            _parts(_of_person(member, missing, assigned, fills), assigned, member, now),
            items.get(member.user_id, []),
        )
        for member in members
    ]


def _assigned(engagement: Engagement) -> dict[str, set[int]]:
    """Who has which section in hand."""
    found: dict[str, set[int]] = defaultdict(set)
    held = Assignment.objects.filter(section_state__engagement=engagement, removed_at=None).order_by()
    for section, user in held.values_list("section_state__section", "user_id"):
        found[section].add(user)
    return found


def _items(engagement: Engagement) -> dict[int, list[OpenItem]]:
    found: dict[int, list[OpenItem]] = defaultdict(list)
    for item in questions.still_open(engagement):
        if item.asked_id:
            found[item.asked_id].append(item)
    return found


def _fills(members: list[Membership]) -> dict[str, set[str]]:
    """Which fillers each role stands for in this team."""
    present = {member.role for member in members}
    fills = {role: set(codes) for role, codes in FILLS.items()}
    for role, lead in _LEADS.items():
        if role not in present:
            fills[lead] |= fills[role]
    return fills


def _of_person(member: Membership, missing: list[Missing], assigned, fills) -> list[Missing]:
    """Sections in somebody's hands are that person's; of the others, what the role fills."""
    codes = fills.get(member.role, set())
    return [
        cell
        for cell in missing
        if (
            member.user_id in assigned[cell.section.key]
            if assigned.get(cell.section.key)
            else codes & set(cell.field.who)
        )
    ]


def _parts(mine: list[Missing], assigned, member: Membership, now: datetime) -> list[Part]:
    soon, coming = (now + timedelta(days=rhythm()[key]) for key in ("soon_days", "coming_days"))
    parts: dict[str, Part] = {}
    for cell in mine:
        if cell.due_at >= coming:
            continue
        key = cell.section.key
        part = parts.setdefault(key, Part(cell.section, member.user_id in assigned.get(key, ())))
        part.due_at = min(filter(None, (part.due_at, cell.due_at)))
        if cell.is_late:
            part.late += 1
        elif cell.due_at < soon:
            part.soon += 1
        else:
            part.coming += 1
    return sorted(parts.values(), key=lambda part: (not part.is_assigned, -part.late, part.due_at))
