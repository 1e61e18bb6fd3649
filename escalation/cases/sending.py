"""Sends what people asked of AWS Support: each once, and what got no answer is looked for before it is sent again.

CreateCase has no token against doubles. So a case whose answer was lost is searched by its subject, which carries
a mark of its own; only when AWS was asked twice, a minute has passed and it has no such case, it goes out again.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from escalation.cases import consent, files, outcome
from escalation.models import CaseWrite
from iem_portal.aws import errors, ledger, spending, support, support_writes
from iem_portal.aws.deadline import TARGET_DEADLINE_S, run_within
from iem_portal.aws.errors import AwsError
from iem_portal.aws.targets import Target

logger = logging.getLogger(__name__)

Kind, State = CaseWrite.Kind, CaseWrite.State
THREADS, AT_ONCE = 4, 8
LEASE_S = 90
#: The Support API is served from here; the target's own Region does not matter.
REGION = "us-east-1"
#: AWS said no before doing anything. Everything else may have been taken although no answer came.
REFUSED = frozenset(
    {
        errors.PERMISSION,
        errors.PLAN,
        errors.INVALID,
        errors.NOT_FOUND,
        errors.AUTH,
        errors.CLOCK,
        errors.EXPIRED,
        errors.UNSIMULATED,
    }
)
#: Our clock and AWS's may differ this much.
SKEW = timedelta(minutes=5)
LOST_AFTER, LOOKS_NEEDED, MOST_SENDINGS = timedelta(minutes=1), 2, 3
#: How long something that AWS throttles is tried.
GIVES_UP_AFTER = timedelta(minutes=30)


@dataclass
class Look:
    """What one turn did with one write, and what came of it."""

    write: CaseWrite
    target: Target
    is_sending: bool
    known: frozenset[tuple] = frozenset()
    case_id: str = ""
    found: support.SupportCase | None = None
    is_there: bool = False
    error: AwsError | None = None
    recording: ledger.Recording | None = field(default=None)


def send_due(now: datetime, *, threads: int = THREADS) -> int:
    """Send and look after what is due; how many. Network waits happen outside transactions."""
    looks = [look for look in (_claim(one, now) for one in _due(now)) if look]
    if threads == 1:
        for look in looks:
            _settle(_do(look), now)
    elif looks:
        with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="case-writes") as pool:
            for look in pool.map(_do, looks):
                _settle(look, now)
    return len(looks)


def _due(now: datetime) -> list[CaseWrite]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    found = CaseWrite.objects.filter(free, ended_at=None, next_at__lte=now)
    return list(found.select_related("escalation__engagement", "case").order_by("next_at", "pk")[:AT_ONCE])


def _claim(one: CaseWrite, now: datetime) -> Look | None:
    """Take one; None when somebody else was faster. That it is being sent is known before it is."""
    account = one.escalation.engagement.aws_accounts.filter(account_id=one.account_id).first()
    is_sending = one.state == State.RECORDED
    hindrance = "" if account else "account"
    if is_sending and not hindrance:
        # The switch or the consent may have gone since it was written down.
        hindrance = consent.hindrance(one.escalation.engagement)
    fields = {"lease_until": now + timedelta(seconds=LEASE_S)}
    if is_sending and not hindrance:
        fields |= {"state": State.SENT, "sent_at": now, "times_sent": one.times_sent + 1, "looks": 0}
    mine = CaseWrite.objects.filter(
        pk=one.pk, state=one.state, next_at=one.next_at, lease_until=one.lease_until, ended_at=None
    )
    if not mine.update(**fields):
        return None
    for name, value in fields.items():
        setattr(one, name, value)
    if hindrance:
        outcome.fail(one, now, error_kind=hindrance)
        return None
    target = Target(one.account_id, REGION, account.role_arn, account.external_id)
    return Look(one, target, is_sending, _heard(one))


def _heard(one: CaseWrite) -> frozenset[tuple]:
    """Messages of the case that were there before ours was sent: the same words said twice are two messages."""
    if one.kind != Kind.REPLY:
        return frozenset()
    return frozenset(one.case.messages.filter(seen_at__lt=one.sent_at).values_list("at", "text"))


def _do(look: Look) -> Look:
    """The network part, in a thread: no database here."""
    with ledger.recording() as look.recording:
        try:
            run_within(TARGET_DEADLINE_S, lambda: _send(look) if look.is_sending else _look(look))
        except AwsError as error:
            look.error = error
        except Exception as error:  # a bug here must not send anything twice either
            logger.exception("Sending %s failed", look.write)
            look.error = AwsError("failed", type(error).__name__, str(error))
    return look


def _send(look: Look) -> None:
    one = look.write
    attached = ""
    if one.files:
        attached = support_writes.add_attachments(look.target, files.read(one.files))
    if one.kind == Kind.OPEN:
        words = one.request
        look.case_id = support_writes.open_case(
            look.target,
            support_writes.NewCase(
                one.subject,
                one.body,
                words.get("serviceCode", ""),
                words.get("categoryCode", ""),
                words.get("severityCode", ""),
                words.get("issueType", ""),
                words.get("language", ""),
                attached,
            ),
        )
        # Its number and AWS's own time of it; when this fails, the next turn reads them by the id.
        look.found = support.read_cases(look.target, [look.case_id])[0]
    elif one.kind == Kind.REPLY:
        support_writes.add_message(look.target, one.case.case_id, one.body, attachment_set=attached)
        look.is_there = True
    else:
        support_writes.resolve_case(look.target, one.case.case_id)
        look.is_there = True


def _look(look: Look) -> None:
    """Does AWS have it? Reads only."""
    one, since = look.write, look.write.sent_at - SKEW
    if one.kind == Kind.OPEN:
        case_id = one.request.get("caseId")
        ids = [case_id] if case_id else []
        cases = support.read_cases(look.target, ids, since=None if ids else since)
        look.found = next((case for case in cases if ids or case.subject == one.subject), None)
    elif one.kind == Kind.REPLY:
        said = support.read_communications(look.target, one.case.case_id, since=since)
        look.is_there = any(
            not each.is_from_aws
            and each.text.strip() == one.body.strip()
            and (each.at, each.text) not in look.known
            for each in said
        )
    else:
        look.is_there = support.read_cases(look.target, [one.case.case_id])[0].status == "resolved"


def _settle(look: Look, now: datetime) -> None:
    """One transaction: what became of it, and what it cost."""
    try:
        with transaction.atomic():
            spending.save(look.recording, now=now)
            _decide(look, now)
    except Exception:
        logger.exception("Storing %s failed", look.write)


def _decide(look: Look, now: datetime) -> None:
    one = look.write
    if look.case_id:
        one.request = one.request | {"caseId": look.case_id}
    if look.found is not None or look.is_there:
        outcome.done(one, look.found, now)
    elif look.error is not None:
        _after_error(look, now)
    else:
        _after_silence(one, now)


def _after_error(look: Look, now: datetime) -> None:
    one, error = look.write, look.error
    words = {
        "error_kind": error.kind,
        "error_code": error.code[:80],
        "error_message": error.message[:2000],
    }
    if not look.is_sending or look.case_id:
        # It is out, or may be: whatever stops us from looking, nothing is sent again.
        outcome.keep(one, state=State.UNKNOWN, next_at=now + timedelta(seconds=20), **words)
    elif error.kind == errors.THROTTLED and now - one.recorded_at < GIVES_UP_AFTER:
        # Refused before it did anything, so it was not a sending.
        pause = {"next_at": now + timedelta(seconds=20), "times_sent": one.times_sent - 1}
        outcome.keep(one, state=State.RECORDED, **pause, **words)
    elif error.kind in REFUSED or error.kind == errors.THROTTLED:
        outcome.fail(one, now, **words)
    else:
        outcome.keep(one, state=State.UNKNOWN, next_at=now + timedelta(seconds=10), **words)


def _after_silence(one: CaseWrite, now: datetime) -> None:
    """AWS does not have it: a little later it may; when that has passed, it goes out again, three times at most."""
    looks = one.looks + 1
    if looks < LOOKS_NEEDED or now - one.sent_at < LOST_AFTER:
        outcome.keep(one, state=State.UNKNOWN, looks=looks, next_at=now + timedelta(seconds=20))
    elif one.times_sent < MOST_SENDINGS:
        outcome.keep(one, state=State.RECORDED, looks=looks, next_at=now)
    else:
        outcome.fail(one, now, error_kind="lost")
