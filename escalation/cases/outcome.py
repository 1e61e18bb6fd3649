"""What became of something that was sent to AWS Support: the row, the case, the timeline, and a mail when it failed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements.models import TimelineEntry
from escalation.actions._base import lock, say
from escalation.cases import files, linking, telling
from escalation.models import CaseWrite, SupportCase
from iem_portal.accounts.actors import SYSTEM_POLLER, Actor
from iem_portal.accounts.models import User
from iem_portal.aws.support import SupportCase as Found

Kind, State = CaseWrite.Kind, CaseWrite.State


def keep(one: CaseWrite, **fields) -> None:
    """Not over yet."""
    for name, value in fields.items():
        setattr(one, name, value)
    one.lease_until = None
    one.save(update_fields=[*fields, "lease_until", "request"])


@transaction.atomic
def done(one: CaseWrite, found: Found | None, now: datetime) -> None:
    """AWS has it: a new case is followed from now on, another one is read again at once."""
    escalation = lock(one.escalation)
    by = _person(one)
    _end(one, State.DONE, now)
    if one.kind == Kind.OPEN:
        case = escalation.cases.filter(case_id=found.case_id).first()
        if case is None:
            case = linking.attach(escalation, one.account_id, found, by=by, now=now)
        one.case = case
        one.save(update_fields=["case"])
        params = {"case": case.number}
        say(escalation, "case_made", by=by, now=now, at=case.created_at, params=params)
        return
    SupportCase.objects.filter(pk=one.case_id).update(next_at=now)
    phrase = "case_replied" if one.kind == Kind.REPLY else "case_resolved"
    text = one.body[:2000] if one.kind == Kind.REPLY else ""
    if one.files:
        text = f"{text}\n[{files.named(one.files)}]"
    say(escalation, phrase, by=by, now=now, params={"case": one.case.number}, text=text)


@transaction.atomic
def fail(one: CaseWrite, now: datetime, **words) -> None:
    """AWS did not take it: everybody sees it, and who asked for it gets a mail."""
    escalation = lock(one.escalation)
    for name, value in words.items():
        setattr(one, name, value)
    _end(one, State.FAILED, now, *words)
    say(escalation, "case_not_sent", by=SYSTEM_POLLER, now=now, kind=TimelineEntry.Kind.SYSTEM)
    telling.of_failure(escalation, one, now=now)


def _end(one: CaseWrite, state: str, now: datetime, *words: str) -> None:
    one.state, one.ended_at, one.lease_until = state, now, None
    one.save(update_fields=["state", "ended_at", "lease_until", "request", *words])


def _person(one: CaseWrite):
    """Who asked for it; somebody who is gone keeps their name."""
    return User.objects.filter(pk=one.by_id).first() or Actor(one.by_name)
