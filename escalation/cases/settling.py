"""What a case as AWS has it means here: messages kept, the clock stopped, a wait begun or ended.

Only the primary case moves clocks. What AWS wrote counts, never what the customer wrote; and it counts at AWS's
own time, however late the portal could read it. Source: planning workbook 5.1 and 5.5.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import TimelineEntry
from escalation import actions, timing
from escalation.actions._base import lock, response_clock, say
from escalation.cases import linking, telling
from escalation.firing import TILES
from escalation.models import CaseMessage, CaseWrite, Escalation, Severity, SupportCase
from iem_portal import live
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws.errors import PAUSE, AwsError
from iem_portal.aws.support import Communication
from iem_portal.aws.support import SupportCase as Found

logger = logging.getLogger(__name__)

OFTEN, SELDOM, CLOSED = timedelta(seconds=60), timedelta(minutes=5), timedelta(minutes=15)
#: While AWS owes the first answer to one of the quick severities.
OWED = timedelta(seconds=30)
QUICK = frozenset({Severity.CRITICAL, Severity.URGENT})
AWS = TimelineEntry.Kind.AWS
LONGEST = 2000


@transaction.atomic
def take(case: SupportCase, found: Found, messages: list[Communication], *, now: datetime) -> None:
    """Keep what AWS says of the case, and do what follows from it."""
    escalation = lock(case.escalation)
    # Somebody may have typed another number meanwhile: then nobody looks for this one any more.
    case = SupportCase.objects.filter(pk=case.pk).first()
    if case is None:
        return
    case.escalation = escalation
    if case.is_sought:
        case = linking.identify(case, found, by=SYSTEM_POLLER, now=now)
    old_status, is_first = case.status, case.checked_at is None
    new = _new_messages(case, messages, now)
    _write(case, found, new, now)
    if escalation.is_open:
        heard = [one for one in new if one.is_from_aws]
        # The past of a case that was linked late is read in the case, not told once more.
        for one in heard[-1:] if is_first else heard:
            say(
                escalation, "case_said", by=SYSTEM_POLLER, now=now, at=one.at, kind=AWS,
                params={"case": case.number}, text=one.text[:LONGEST],
            )  # fmt: skip
        for step in _steps(escalation, case):
            _try(step, escalation, case, now)
        if heard:
            telling.of_message(escalation, case, heard[-1], now=now)
        _tell_status(escalation, case, old_status, now)
    case.next_at = now + pause(escalation, case)
    case.save()
    if new or case.status != old_status:
        live.announce(escalation.engagement.topic, *TILES)


@transaction.atomic
def fail(case: SupportCase, error: AwsError, *, now: datetime) -> None:
    """It could not be read: what is known stays, with its age, and the reason beside it."""
    wait = max(pause(case.escalation, case), PAUSE.get(error.kind, timedelta(0)))
    SupportCase.objects.filter(pk=case.pk).update(
        problem=error.kind[:20], problem_text=error.message[:500], lease_until=None, next_at=now + wait
    )


def pause(escalation: Escalation, case: SupportCase) -> timedelta:
    """How long until it is read again. Source: planning workbook 6.3, polling plan."""
    if case.is_closed:
        return CLOSED
    if escalation.severity not in QUICK:
        return SELDOM
    is_owed = case.is_primary and escalation.answered_at is None
    return OWED if is_owed else OFTEN


def digest(message: Communication) -> str:
    """What tells one message from another: AWS gives them no id."""
    return hashlib.sha256(f"{message.by}\n{message.text}".encode()).hexdigest()[:32]


def _new_messages(case: SupportCase, messages: list[Communication], now: datetime) -> list[CaseMessage]:
    """The messages that are not kept yet, now kept; oldest first."""
    known = set(case.messages.values_list("at", "digest"))
    new = {}
    for one in messages:
        key = (one.at, digest(one))
        if key not in known:
            new[key] = CaseMessage(
                case=case,
                at=one.at,
                by=one.by[:200],
                text=one.text,
                is_from_aws=one.is_from_aws,
                digest=key[1],
                seen_at=now,
                files=[{"id": pk, "name": name} for pk, name in one.files],
            )
    return CaseMessage.objects.bulk_create(sorted(new.values(), key=lambda one: one.at))


def _write(case: SupportCase, found: Found, new: list[CaseMessage], now: datetime) -> None:
    case.status, case.severity = found.status[:40], found.severity[:20]
    case.subject, case.display_id = found.subject[:400], found.display_id or case.display_id
    case.checked_at, case.lease_until, case.problem, case.problem_text = now, None, "", ""
    if new:
        last = new[-1]
        if case.last_said_at is None or last.at >= case.last_said_at:
            case.last_said_at, case.is_last_from_aws = last.at, last.is_from_aws
            case.last_text = " ".join(last.text.split())[:300]


def _steps(escalation: Escalation, case: SupportCase) -> list:
    """What this case may move: only the one whose number is on record leads; a wait ends with the case it began with.

    Somebody may have typed the number of another case by hand since: an old answer is none to that one.
    """
    if case.is_primary and linking.is_same(escalation, case):
        return [_answer, _wait]
    return [_wait] if case.has_wait else []


def _try(step, escalation: Escalation, case: SupportCase, now: datetime) -> None:
    """A clock that refuses what AWS says, such as a time out of order, must not keep its words from being kept."""
    try:
        with transaction.atomic():
            step(escalation, case, now)
    except ValidationError as error:
        logger.warning("Case %s moves no clock: %s", case.pk, "; ".join(error.messages))
        escalation.refresh_from_db()


def _answer(escalation: Escalation, case: SupportCase, now: datetime) -> None:
    """The first message of AWS is the first answer, at its own time; one that people noted already stays."""
    if escalation.answered_at is not None or response_clock(escalation) is None:
        return
    first = case.messages.filter(is_from_aws=True).first()
    if first is None:
        return
    # A time of the case that was typed by hand may lie a little after AWS's own; our clock may be behind.
    at = min(max(first.at, escalation.case_opened_at), now)
    reason = ""
    if timing.overtaken(escalation, timing.FIRST_RESPONSE, at=at, now=now):
        reason = _("AWS answered in time; the portal could read the case only later.")
    actions.answered(escalation=escalation, how="case", at=at, reason=reason, by=SYSTEM_POLLER, now=now)
    escalation.refresh_from_db()


def _wait(escalation: Escalation, case: SupportCase, now: datetime) -> None:
    """AWS waits for the customer, or does not any more; a wait that people noted is theirs to end."""
    if case.is_on_customer and not case.has_wait and escalation.waiting_since is None:
        asked = case.messages.filter(is_from_aws=True).last()
        at = min(max(asked.at if asked else now, escalation.detected_at), now)
        words = asked.text[:LONGEST].strip() if asked else ""
        actions.waiting(
            escalation=escalation,
            code=Escalation.Waiting.INFORMATION,
            reason=words or _("AWS waits for the customer in the case."),
            at=at,
            case=case,
            by=SYSTEM_POLLER,
            now=now,
        )
        case.has_wait = True
    elif case.has_wait and not case.is_on_customer:
        case.has_wait = False
        # Somebody may have ended that wait, and begun another of their own.
        if escalation.waiting_case_id == case.pk:
            _go_on(escalation, case, now)
    escalation.refresh_from_db()


def _go_on(escalation: Escalation, case: SupportCase, now: datetime) -> None:
    """The wait ends when the customer answered; without an answer, now."""
    since = escalation.waiting_since
    said = case.messages.filter(is_from_aws=False, at__gte=since, at__lte=now).first()
    words = {"at": said.at, "reason": _("Answered in the case")} if said else {}
    actions.waiting_over(escalation=escalation, by=SYSTEM_POLLER, now=now, **words)


def _tell_status(escalation: Escalation, case: SupportCase, old: str, now: datetime) -> None:
    """Closed and reopened are told; the escalation itself is resolved by people."""
    params = {"case": case.number}
    if case.is_closed and old != case.status:
        say(escalation, "case_closed", by=SYSTEM_POLLER, now=now, kind=AWS, params=params)
        if not case.writes.filter(kind=CaseWrite.Kind.RESOLVE, state=CaseWrite.State.DONE).exists():
            telling.of_closing(escalation, case, now=now)
    elif old == "resolved" and not case.is_closed:
        say(escalation, "case_reopened", by=SYSTEM_POLLER, now=now, kind=AWS, params=params)
