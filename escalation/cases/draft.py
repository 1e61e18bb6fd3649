"""The first words to AWS Support: subject and body, drafted from everything that is known.

What a case should say follows AWS Support's advice on cases: what, since when, impact, where, what was tried,
what is needed, and how to reach somebody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation

from engagements.duty import Duty, on_duty, role_names
from escalation import catalog
from escalation.cases import consent
from escalation.models import Escalation, EscalationLink, SupportCase
from iem_portal.aws.support_writes import LONGEST_BODY
from iem_portal.templatetags.portal import pick

LONGEST_SUBJECT = 200
#: Free texts together leave room for the rest.
LONGEST_PART = 1000
MOST_CONTACTS = 3
LANGUAGES = ("ko", "en")
DEFAULT_PREFIX = "IEM Alert"


@dataclass(frozen=True)
class Known:
    """What other parts know: `prefix` of the subject, `bridge`, people to call with what their roles are called, and
    the cases that exist already."""

    prefix: str
    bridge: str
    contacts: list[Duty]
    roles: dict[str, dict[str, str]]
    cases: list[str]


def known(escalation: Escalation, *, now: datetime) -> Known:
    """Prefix, bridge, who is on duty, cases of this and of linked escalations. Four queries."""
    words = consent.words(escalation.engagement)
    duties = [one for one in on_duty([escalation.engagement_id], now)[escalation.engagement_id] if one.phone]
    # Whoever AWS calls should know the system: the customer's people first.
    duties.sort(key=lambda one: one.org.lower() == "aws")
    links = EscalationLink.objects.filter(escalation=escalation, ended_at=None).values("other")
    cases = SupportCase.objects.filter(escalation__in=links) | SupportCase.objects.filter(
        escalation=escalation
    )
    numbers = [case.number for case in cases]
    if escalation.case_id and escalation.case_id not in numbers:
        numbers.insert(0, escalation.case_id)
    return Known(
        words["prefix"],
        words["bridge"],
        duties[:MOST_CONTACTS],
        role_names(),
        list(dict.fromkeys(numbers)),
    )


def _contact(duty: Duty, roles: dict[str, dict[str, str]]) -> str:
    """Name, role and number in the language of the moment."""
    role = pick(roles.get(duty.role, duty.role))
    return ", ".join(part for part in (duty.name, role, duty.phone) if part)


def subject(escalation: Escalation, prefix: str) -> str:
    """The subject without its mark, at most 160 characters."""
    return f"{prefix or DEFAULT_PREFIX} - {escalation.title}"[:160]


def marked(text: str, escalation: Escalation) -> str:
    """The subject with a short mark that no other case has: a lost answer is found again by it."""
    mark = f"{escalation.engagement.reference} {escalation.reference} {secrets.token_hex(3)}"
    return f"{text.strip()[: LONGEST_SUBJECT - len(mark) - 3]} ({mark})"


def body(escalation: Escalation, known: Known, *, language: str, account_id: str = "") -> str:
    """The body in Korean or English, at most 8,000 characters however long the texts are."""
    zone = ZoneInfo(escalation.engagement.time_zone)
    with translation.override(language):
        text = render_to_string(
            "escalation/cases/body.txt",
            {
                "escalation": escalation,
                "known": known,
                "contacts": [_contact(one, known.roles) for one in known.contacts],
                "account_id": account_id or escalation.account_id,
                "region": escalation.region or ", ".join(escalation.engagement.regions),
                "severity": pick(catalog.severities()[escalation.severity]["label"]),
                "detected": f"{escalation.detected_at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
                f" ({escalation.detected_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)",
                "signal": (escalation.signal or {}).get("label", ""),
                "symptom": _part(escalation.symptom),
                "impact": _part(escalation.impact or escalation.severity_reason),
                "resources": _part(escalation.resources),
                "tried": _part(escalation.tried),
                "workaround": _part(escalation.workaround),
                "wanted": _part(escalation.wanted),
            },
        )
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(lines)[:LONGEST_BODY]


def _part(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_PART else f"{text[: LONGEST_PART - 1]}…"
