"""Who is told what about a support case? Builds outbox messages inside the fact's transaction."""

from __future__ import annotations

from datetime import datetime

from engagements import access
from engagements.models import Role
from escalation import catalog
from escalation.models import CaseMessage, CaseWrite, Escalation, SupportCase
from iem_portal.accounts.models import User
from iem_portal.notifications import outbox
from iem_portal.notifications.outbox import Message

# Whoever works on the escalation on either side; a case is the customer's own, so nothing in it is secret to them.
TOLD = (Role.TAM, Role.SUPPORT_ENGINEER, Role.CUSTOMER_LEAD)
LONGEST = 1500


def of_message(escalation: Escalation, case: SupportCase, message: CaseMessage, *, now: datetime) -> None:
    """AWS wrote in the case: what, and whether it waits for the customer."""
    params = _params(escalation, case.number) | {
        "text": message.text[:LONGEST],
        "said_at": {"at": message.at.isoformat()},
        "is_waiting": case.is_on_customer,
    }
    _enqueue(escalation, f"case:{case.pk}:said:{message.pk}", "escalation/cases/mail/said", params, now)


def of_closing(escalation: Escalation, case: SupportCase, *, now: datetime) -> None:
    """The case was closed, while the escalation is still open."""
    params = _params(escalation, case.number)
    _enqueue(
        escalation, f"case:{case.pk}:closed:{now.isoformat()}", "escalation/cases/mail/closed", params, now
    )


def of_failure(escalation: Escalation, write: CaseWrite, *, now: datetime) -> None:
    """AWS did not take it: the one who asked for it hears, because now it is theirs to do by hand."""
    user = User.objects.filter(pk=write.by_id, is_active=True).first()
    if user is None:
        return
    params = _params(escalation, write.case.number if write.case else "") | {
        "kind": write.kind,
        "error_kind": write.error_kind,
        "error_message": write.error_message[:300],
        "subject": write.subject,
    }
    key = f"case-write:{write.pk}:failed"
    outbox.enqueue([_mail(key, user, escalation, "escalation/cases/mail/failed", params)], now=now)


def _enqueue(escalation: Escalation, key: str, template: str, params: dict, now: datetime) -> None:
    members = access.members().filter(engagement=escalation.engagement_id, role__in=TOLD)
    outbox.enqueue([_mail(key, one.user, escalation, template, params) for one in members], now=now)


def _params(escalation: Escalation, case: str) -> dict:
    engagement = escalation.engagement
    return {
        "reference": escalation.reference,
        "title": escalation.title,
        "severity": catalog.severities()[escalation.severity]["label"],
        "case": case,
        "case_id": case,
        "engagement": engagement.name,
        "engagement_reference": engagement.reference,
        "number": escalation.number,
    }


def _mail(key: str, user: User, escalation: Escalation, template: str, params: dict) -> Message:
    return Message(
        key=f"{key}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        template=template,
        params=params,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        engagement_id=escalation.engagement_id,
        about=f"escalation:{escalation.pk}",
    )
