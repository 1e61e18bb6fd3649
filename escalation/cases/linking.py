"""Which cases belong to an escalation, and whose answer stops the clock?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation import actions, planning
from escalation.actions._base import lock, require_open, response_clock, say
from escalation.models import Escalation, SupportCase
from iem_portal.aws.support import SupportCase as Found


@transaction.atomic
def link_case(
    *,
    escalation: Escalation,
    account_id: str,
    found: Found,
    by,
    now: datetime,
    reason: str = "",
    takes_clock: bool = False,
    base_version: int | None = None,
) -> SupportCase:
    """Follow a case that exists in AWS: its own creation starts the clock, however late it is noted here.

    The first case leads; a later one only with `takes_clock`, which wants a reason. A number that was typed by
    hand before gets AWS's own time. Raises ValidationError (also when it is followed already), StaleWrite.
    """
    escalation = lock(escalation, base_version)
    check(by, escalation.engagement, Permission.ESCALATE)
    require_open(escalation)
    if not escalation.engagement.aws_accounts.filter(account_id=account_id).exists():
        raise ValidationError({"account_id": _("The account is not part of this event.")})
    if escalation.cases.filter(case_id=found.case_id).exists():
        raise ValidationError({"display_id": _("This case is followed already.")})
    case = attach(escalation, account_id, found, by=by, now=now, reason=reason, takes_clock=takes_clock)
    say(escalation, "case_linked", by=by, now=now, params={"case": case.number}, text=reason)
    return case


@transaction.atomic
def follow_case(*, case: SupportCase, reason: str, by, now: datetime) -> SupportCase:
    """Let the clock follow this case from now on; the other's times stay on record. Raises ValidationError."""
    escalation = lock(case.escalation)
    check(by, escalation.engagement, Permission.ESCALATE)
    require_open(escalation)
    if case.is_primary:
        raise ValidationError(_("The clock follows this case already."))
    _lead(escalation, case, by=by, now=now, reason=reason)
    _make_primary(case, now)
    return case


def attach(
    escalation: Escalation,
    account_id: str,
    found: Found,
    *,
    by,
    now: datetime,
    reason: str = "",
    takes_clock: bool | None = None,
) -> SupportCase:
    """Keep the case beside a locked escalation, and start the clock with it where it leads.

    `takes_clock` None: a case that was just opened leads when no other is owed an answer.
    """
    case = SupportCase(
        escalation=escalation,
        account_id=account_id,
        case_id=found.case_id,
        display_id=found.display_id,
        subject=found.subject[:400],
        severity=found.severity,
        status=found.status,
        service=found.service,
        category=found.category,
        language=found.language,
        # Our clock may be a little behind AWS's.
        created_at=min(found.created_at, now),
        linked_at=now,
        by_id=by.pk,
        by_name=by.name,
        next_at=now,
    )
    leads = escalation.is_open and _leads(escalation, case, takes_clock)
    case.save()
    if leads:
        _lead(escalation, case, by=by, now=now, reason=reason)
        _make_primary(case, now)
    return case


def identify(case: SupportCase, found: Found, *, by, now: datetime) -> SupportCase:
    """The case of a number that somebody typed is found: it gets AWS's own id, and the clock AWS's own time.

    Where that case was followed already, it leads, and the row that looked for it goes. Returns the row that stays.
    """
    known = case.escalation.cases.filter(case_id=found.case_id).exclude(pk=case.pk).first()
    if known is not None:
        case.delete()
        known.escalation = case.escalation
        case = known
    else:
        case.case_id, case.display_id, case.is_sought = found.case_id, found.display_id, False
        case.created_at = min(found.created_at, now)
        case.service, case.category, case.language = found.service, found.category, found.language
        case.save()
    if is_same(case.escalation, case):
        _lead(case.escalation, case, by=by, now=now, reason="")
        _make_primary(case, now)
    return case


def _leads(escalation: Escalation, case: SupportCase, takes_clock: bool | None) -> bool:
    if escalation.case_opened_at is None or is_same(escalation, case):
        return True
    return not _is_owed(escalation) if takes_clock is None else takes_clock


def is_same(escalation: Escalation, case: SupportCase) -> bool:
    """Is it the case whose number is on the escalation, typed with or without blanks?"""
    return case.has_number(escalation.case_id)


def _is_owed(escalation: Escalation) -> bool:
    """Does AWS still owe a first answer to the case on record?"""
    clock = response_clock(escalation)
    return clock is not None and not planning.state_of(clock).is_over


def _lead(escalation: Escalation, case: SupportCase, *, by, now: datetime, reason: str) -> None:
    """Put the case on the escalation through the verb that people use."""
    verb = {"escalation": escalation, "case_id": case.number, "at": case.created_at, "by": by, "now": now}
    if escalation.case_opened_at is None:
        actions.case_opened(**verb, reason=reason or _("Time of the case as AWS has it"))
    elif not is_same(escalation, case):
        actions.case_opened(
            **verb, reason=reason or _("New case with AWS Support"), is_new=not _is_owed(escalation)
        )
    elif escalation.case_opened_at != case.created_at:
        answered_at = escalation.answered_at
        if answered_at is None or case.created_at < answered_at:
            actions.case_opened(**verb, reason=reason or _("Time of the case as AWS has it"))
    escalation.refresh_from_db()


def _make_primary(case: SupportCase, now: datetime) -> None:
    SupportCase.objects.filter(escalation=case.escalation_id, is_primary=True).exclude(pk=case.pk).update(
        is_primary=False
    )
    case.is_primary, case.next_at = True, now
    case.save(update_fields=["is_primary", "next_at"])
