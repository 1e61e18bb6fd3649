"""Somebody typed another case number: which of the followed cases leads from now on?"""

from __future__ import annotations

from datetime import datetime

from escalation.models import Escalation, SupportCase


def lead_by_number(escalation: Escalation, *, by, now: datetime) -> None:
    """Follow the case whose number is on record (the escalation is locked), so that the poller goes on with it.

    One that is not followed yet is looked for in the account of the one that led. Where no case was followed, its
    account is unknown and nothing is.
    """
    leading = escalation.cases.filter(is_primary=True).first()
    if leading is None or leading.has_number(escalation.case_id):
        return
    if leading.is_sought and not leading.writes.exists():
        leading.delete()  # a slip that AWS was never found to have
    else:
        SupportCase.objects.filter(pk=leading.pk).update(is_primary=False)
    known = next((one for one in escalation.cases.all() if one.has_number(escalation.case_id)), None)
    if known is not None:
        SupportCase.objects.filter(pk=known.pk).update(is_primary=True, next_at=now)
        return
    # Digits with dashes are how people copy a number; AWS's long id begins with a word.
    number = "".join(escalation.case_id.split()).lstrip("#")
    number = digits if (digits := number.replace("-", "")).isdecimal() else number
    SupportCase.objects.create(
        escalation=escalation,
        account_id=leading.account_id,
        case_id=number[:80],
        display_id=number[:40],
        is_sought=True,
        is_primary=True,
        created_at=escalation.case_opened_at,
        linked_at=now,
        by_id=by.pk,
        by_name=by.name,
        next_at=now,
    )
