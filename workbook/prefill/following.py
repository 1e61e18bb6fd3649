"""Sends requests for quota increases once, and follows each to its end with the quota's value read again.

A request whose answer was lost is never sent again: AWS's own history says whether it was taken. What ends
without being taken is for a person to ask again.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from iem_portal.aws import errors, ledger, quotas, spending
from iem_portal.aws.deadline import TARGET_DEADLINE_S, run_within
from iem_portal.aws.errors import AwsError
from iem_portal.aws.quotas import QuotaRequest
from iem_portal.aws.targets import Target
from workbook.models import QuotaIncrease
from workbook.prefill import consent, outcome

logger = logging.getLogger(__name__)

State = QuotaIncrease.State
THREADS, AT_ONCE = 4, 8
LEASE_S = 90
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
        errors.THROTTLED,
        errors.UNSIMULATED,
    }
)
#: AWS has a request for this quota already: ours, or one that was made in the console.
TAKEN = "ResourceAlreadyExistsException"
OPEN = frozenset({State.PENDING, State.CASE_OPENED})
#: Our clock and AWS's may differ this much.
SKEW = timedelta(minutes=5)
#: How long a request may stay out of AWS's history before it counts as never taken.
LOST_AFTER = timedelta(minutes=3)
#: How long an approved value may take to show.
SETTLES_WITHIN = timedelta(minutes=30)


@dataclass
class Look:
    """What one turn did and found: a request as AWS has it, the quota's value, or what went wrong."""

    increase: QuotaIncrease
    target: Target
    is_sending: bool
    request: QuotaRequest | None = None
    value: float | None = None
    error: AwsError | None = None
    recording: ledger.Recording | None = None


def follow_due(now: datetime, *, threads: int = THREADS) -> int:
    """Send and look after what is due at ``now``; how many. Network waits happen outside transactions."""
    looks = [look for look in (_claim(one, now) for one in _due(now)) if look]
    if threads == 1:
        for look in looks:
            _settle(_do(look, now), now)
    elif looks:
        with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="quota-requests") as pool:
            for look in pool.map(lambda each: _do(each, now), looks):
                _settle(look, now)
    return len(looks)


def _due(now: datetime) -> list[QuotaIncrease]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    found = QuotaIncrease.objects.filter(free, ended_at=None, next_at__lte=now)
    return list(found.select_related("engagement").order_by("next_at", "pk")[:AT_ONCE])


def _claim(one: QuotaIncrease, now: datetime) -> Look | None:
    """Take one; None when somebody else was faster. That it is being sent is known before it is."""
    words = {"lease_until": now + timedelta(seconds=LEASE_S)}
    is_sending = one.state == State.RECORDED
    hindrance = _hindrance(one) if is_sending else ""
    if is_sending and not hindrance:
        words |= {"state": State.SENT, "sent_at": now}
    mine = QuotaIncrease.objects.filter(
        pk=one.pk, state=one.state, next_at=one.next_at, lease_until=one.lease_until
    )
    if not mine.update(**words):
        return None
    for name, value in words.items():
        setattr(one, name, value)
    if hindrance:
        with transaction.atomic():
            outcome.fail(one, now, error_kind=hindrance, lease_until=None)
        return None
    account = one.engagement.aws_accounts.filter(account_id=one.account_id).first()
    role = (account.role_arn, account.external_id) if account else ("", "")
    return Look(one, Target(one.account_id, one.region, *role), is_sending)


def _hindrance(one: QuotaIncrease) -> str:
    """Why nothing may be sent any more: the switch or the consent may have gone since the request was written down."""
    if not consent.is_switched_on():
        return "switched_off"
    said = consent.of(one.engagement)
    return "" if said and said.is_given else "consent"


def _do(look: Look, now: datetime) -> Look:
    """The network part, in a thread: no database here."""
    with ledger.recording() as look.recording:
        try:
            run_within(TARGET_DEADLINE_S, lambda: _ask(look))
        except AwsError as error:
            look.error = error
        except Exception as error:  # a bug here must not send anything twice either
            logger.exception("Following %s failed", look.increase)
            look.error = AwsError("failed", type(error).__name__, str(error))
    return look


def _ask(look: Look) -> None:
    one = look.increase
    if look.is_sending:
        look.request = quotas.request_increase(look.target, one.service, one.code, float(one.desired))
        return
    if one.request_id:
        look.request = quotas.read_request(look.target, one.request_id)
    else:
        look.request = _ours(one, quotas.read_quota_requests(look.target, service=one.service))
    if look.request and look.request.status not in OPEN:
        look.value = quotas.read_value(look.target, one.service, one.code)


def _ours(one: QuotaIncrease, history: list[QuotaRequest]) -> QuotaRequest | None:
    """The request of AWS's history that is ours: the same quota and value, made when we sent it.

    When AWS said that there is one already, an open one for the same value is as good as ours.
    """
    alike = [each for each in history if each.code == one.code and each.desired == float(one.desired)]
    since = one.sent_at - SKEW
    made = [each for each in alike if each.created_at and each.created_at >= since]
    if one.error_code == TAKEN:
        made += [each for each in alike if each.status in OPEN]
    return made[0] if made else None


def _settle(look: Look, now: datetime) -> None:
    """One transaction: how the request stands, what the row says of it, and what it cost."""
    try:
        with transaction.atomic():
            spending.save(look.recording, now=now)
            _decide(look, now)
    except Exception:
        logger.exception("Storing %s failed", look.increase)


def _decide(look: Look, now: datetime) -> None:
    one, error = look.increase, look.error
    if error is not None:
        _after_error(one, error, look, now)
    elif look.request is None:
        _after_silence(one, now)
    else:
        _after_answer(one, look.request, look.value, now)


def _after_error(one: QuotaIncrease, error: AwsError, look: Look, now: datetime) -> None:
    words = {
        "error_kind": error.kind,
        "error_code": error.code[:80],
        "error_message": error.message[:2000],
        "lease_until": None,
    }
    if look.is_sending and error.kind in REFUSED and error.code != TAKEN:
        outcome.fail(one, now, **words)
    elif look.is_sending:
        _keep(one, state=State.UNKNOWN, next_at=now + timedelta(seconds=15), **words)
    elif one.request_id and error.kind == one.error_kind == errors.NOT_FOUND:
        # Twice in a row: AWS forgets requests after 90 days, and nothing more will come.
        outcome.fail(one, now, **words)
    else:
        # The state stays; what AWS said last about the sending itself is still needed to find the request.
        if one.error_code == TAKEN:
            words["error_code"] = TAKEN
        _keep(one, next_at=now + timedelta(minutes=1), **words)


def _after_silence(one: QuotaIncrease, now: datetime) -> None:
    """AWS's history does not have it: a little later it may; after that it was never taken."""
    if one.error_code != TAKEN and now - one.sent_at < LOST_AFTER:
        _keep(one, state=State.UNKNOWN, next_at=now + timedelta(seconds=30), lease_until=None)
    else:
        outcome.fail(one, now, lease_until=None)


def _after_answer(one: QuotaIncrease, request: QuotaRequest, value: float | None, now: datetime) -> None:
    decided_at = one.decided_at
    if request.status not in OPEN:
        decided_at = decided_at or request.updated_at or now
    known = {
        "state": request.status,
        "request_id": request.id,
        "case_id": request.case_id,
        "decided_at": decided_at,
        "error_kind": "",
        "error_code": "",
        "error_message": "",
        "lease_until": None,
    }
    is_settling = (
        request.status == State.APPROVED
        and value is not None
        and value < float(one.desired)
        and now - decided_at < SETTLES_WITHIN
    )
    if request.status in OPEN or value is None or is_settling:
        is_news = (one.state, one.case_id) != (request.status, request.case_id)
        _keep(one, next_at=now + _pause(one, now), **known)
        if is_news:
            outcome.write_row(one, now)
    else:
        outcome.end(one, value, now, **known)


def _pause(one: QuotaIncrease, now: datetime) -> timedelta:
    """Often while somebody may be watching, then less: answers take minutes or days."""
    age = now - one.recorded_at
    if age < timedelta(minutes=20):
        return timedelta(seconds=30)
    return timedelta(minutes=2) if age < timedelta(hours=2) else timedelta(minutes=10)


def _keep(one: QuotaIncrease, **words) -> None:
    for name, value in words.items():
        setattr(one, name, value)
    one.save(update_fields=list(words))
