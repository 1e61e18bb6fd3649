"""Who is told what about an escalation, in which words? Builds outbox messages; sends nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from engagements import access
from engagements.models import Membership, Role
from escalation import catalog
from escalation.clock import BREACH, WARN_50, WARN_80
from escalation.models import Escalation, Lane
from iem_portal.notifications.outbox import Message

# Both sides learn of the promise AWS made to the customer; what happens inside AWS is never in these mails.
ALWAYS_TOLD = frozenset({Role.TAM, Role.SUPPORT_ENGINEER, Role.CUSTOMER_LEAD})
TEMPLATES = {
    WARN_50: "escalation/mail/warning",
    WARN_80: "escalation/mail/warning",
    BREACH: "escalation/mail/breach",
}


@cache
def told_roles(lane: str, stage: str) -> frozenset[Role]:
    """The roles that hear of this stage; the account manager only of a breach."""
    roles = set(ALWAYS_TOLD)
    if lane == Lane.CUSTOMER_SERVICE:
        roles.add(Role.CONCIERGE)
    if stage == BREACH:
        roles.add(Role.ACCOUNT_MANAGER)
    return frozenset(roles)


def people(engagement_ids: Iterable[int]) -> dict[int, list[Membership]]:
    """The members who could be told anything, by engagement; one query however many engagements."""
    roles = [*ALWAYS_TOLD, Role.CONCIERGE, Role.ACCOUNT_MANAGER]
    members = defaultdict(list)
    for row in access.members().filter(engagement__in=set(engagement_ids), role__in=roles):
        members[row.engagement_id].append(row)
    return members


def of_deadline(due, members: list[Membership]) -> list[Message]:
    """The messages of one fired deadline (`firing.Due`): one mail a person, unique by clock, cycle and stage."""
    fact = f"clock:{due.clock_id}:c{due.cycle}:{due.stage}"
    params = _params(due) | {
        "stage": due.stage,
        "stage_at": _at(due.due_at),
        "started_at": _at(due.case_opened_at or due.due_at),
        "due_at": _at(due.breach_due_at),
    }
    told = told_roles(due.lane, due.stage)
    return [_mail(fact, row, TEMPLATES[due.stage], params) for row in members if row.role in told]


def of_opening(escalation: Escalation) -> list[Message]:
    """The messages that an escalation exists."""
    told = told_roles(escalation.lane, "opened")
    members = people([escalation.engagement_id])[escalation.engagement_id]
    params = _params(escalation) | {
        "declared_at": _at(escalation.declared_at),
        "by": escalation.opened_by_name,
        "minutes": escalation.policy["targets"][escalation.severity]["minutes"],
    }
    fact = f"esc:{escalation.pk}:opened"
    return [_mail(fact, row, "escalation/mail/opened", params) for row in members if row.role in told]


def _params(escalation) -> dict:
    """What every mail says; takes an Escalation or a `firing.Due`, which name these things alike."""
    engagement = escalation.engagement
    return {
        "reference": escalation.reference,
        "title": escalation.title,
        "symptom": escalation.symptom,
        "severity": _severity(escalation.severity),
        "lane": catalog.lanes()[escalation.lane]["label"],
        "case_id": escalation.case_id,
        "engagement": engagement.name,
        "engagement_reference": engagement.reference,
        "number": escalation.number,
    }


def _severity(code: str) -> dict:
    """The severity in both languages as the portal names it and as AWS does: "Urgent (Production system down)"."""
    row = catalog.severities()[code]
    return {language: f"{word} ({row['aws'][language]})" for language, word in row["label"].items()}


def _mail(fact: str, member: Membership, template: str, params: dict) -> Message:
    user = member.user
    return Message(
        key=f"{fact}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        template=template,
        params=params,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        engagement_id=member.engagement_id,
    )


def _at(instant: datetime) -> dict[str, str]:
    return {"at": instant.isoformat()}
