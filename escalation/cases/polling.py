"""Reads the followed cases from AWS Support: which are due, one call for up to a hundred, and each kept by itself.

Cases are grouped by account; an account that fails says so on its own cases and holds up nobody else's.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from engagements.models import AwsAccount
from escalation.cases import settling
from escalation.models import SupportCase
from iem_portal.aws import errors, ledger, spending, support
from iem_portal.aws.deadline import TARGET_DEADLINE_S, run_within
from iem_portal.aws.errors import AwsError
from iem_portal.aws.targets import Target

logger = logging.getLogger(__name__)

REGION = "us-east-1"
THREADS, AT_ONCE, LEASE_S = 4, 200, 90
#: Newest messages that come with a case; when all of them are new, there may be more.
RECENT = 5


@dataclass
class Round:
    """One account's due cases, and what AWS said of each."""

    target: Target
    cases: list[SupportCase]
    found: dict[str, support.SupportCase] = field(default_factory=dict)
    messages: dict[str, list[support.Communication]] = field(default_factory=dict)
    #: By case, or under "" for the whole account.
    errors: dict[str, AwsError] = field(default_factory=dict)
    recording: ledger.Recording | None = None


def read_due(now: datetime, *, threads: int = THREADS) -> int:
    """Read the cases that are due at `now` (aware UTC), and do what they say; how many were read."""
    rounds = _rounds(_claimed(now))
    if threads == 1:
        for one in rounds:
            _keep(_read(one), now)
    elif rounds:
        with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="cases") as pool:
            for one in pool.map(_read, rounds):
                _keep(one, now)
    return sum(len(one.cases) for one in rounds)


def _claimed(now: datetime) -> list[SupportCase]:
    """Due cases of open escalations that nobody else reads now."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    due = SupportCase.objects.filter(free, next_at__lte=now, escalation__resolved_at=None)
    found = list(due.select_related("escalation").order_by("next_at", "pk")[:AT_ONCE])
    until = now + timedelta(seconds=LEASE_S)
    mine = []
    for case in found:
        same = SupportCase.objects.filter(pk=case.pk, next_at=case.next_at, lease_until=case.lease_until)
        if same.update(lease_until=until):
            mine.append(case)
    return mine


def _rounds(cases: list[SupportCase]) -> list[Round]:
    """Cases by account, with the role that lets us in; one query."""
    engagements = {case.escalation.engagement_id for case in cases}
    roles = {
        (one.engagement_id, one.account_id): (one.role_arn, one.external_id)
        for one in AwsAccount.objects.filter(engagement__in=engagements)
    }
    grouped = defaultdict(list)
    for case in cases:
        role = roles.get((case.escalation.engagement_id, case.account_id), ("", ""))
        grouped[Target(case.account_id, REGION, *role)].append(case)
    return [
        Round(target, found[begin : begin + support.BATCH])
        for target, found in grouped.items()
        for begin in range(0, len(found), support.BATCH)
    ]


def _read(one: Round) -> Round:
    """The network part, in a thread: no database here."""
    with ledger.recording() as one.recording:
        try:
            run_within(TARGET_DEADLINE_S, lambda: _ask(one))
        except AwsError as error:
            one.errors[""] = error
        except Exception as error:
            logger.exception("Reading the cases of %s failed", one.target.account_id)
            one.errors[""] = AwsError("failed", type(error).__name__, str(error))
    return one


def _ask(one: Round) -> None:
    ids = list(dict.fromkeys(case.case_id for case in one.cases if not case.is_sought))
    one.found = {case.case_id: case for case in _by_ids(one, ids)}
    for number in dict.fromkeys(case.case_id for case in one.cases if case.is_sought):
        # Kept under the number by which it is looked for; without one, `_keep` says that there is none.
        try:
            sought = _by_number(one, number)
        except AwsError as error:
            if error.kind in errors.STOPS_TARGET:
                raise
            one.errors[number] = error  # what somebody mistyped is no other case's fault
            continue
        if sought is not None:
            one.found[number] = sought
    last = {case.case_id: case.last_said_at for case in one.cases}
    for key, case in one.found.items():
        try:
            one.messages[key] = _messages(one.target, case, last.get(key))
        except AwsError as error:
            one.errors[key] = error
            if error.kind in errors.STOPS_TARGET:
                return


def _by_number(one: Round, number: str) -> support.SupportCase | None:
    """The case that somebody named by the number that people say, or by AWS's long id."""
    if not number.startswith("case-"):
        return support.find_case(one.target, number)
    return next(iter(_one_by_one(one, number)), None)


def _by_ids(one: Round, ids: list[str]) -> list[support.SupportCase]:
    if not ids:
        return []
    try:
        return support.read_cases(one.target, ids)
    except AwsError as error:
        if error.kind != errors.NOT_FOUND or len(ids) == 1:
            raise
        # One id that AWS does not know refuses them all.
        return [case for each in ids for case in _one_by_one(one, each)]


def _one_by_one(one: Round, case_id: str) -> list[support.SupportCase]:
    try:
        return support.read_cases(one.target, [case_id])
    except AwsError as error:
        if error.kind != errors.NOT_FOUND:
            raise
        one.errors[case_id] = error
        return []


def _messages(
    target: Target, case: support.SupportCase, since: datetime | None
) -> list[support.Communication]:
    """What may be new, oldest first; asked for only when the newest ones do not reach back far enough."""
    recent = sorted(case.recent, key=lambda each: each.at)
    is_whole = len(recent) < RECENT or (since is not None and recent[0].at <= since)
    return recent if is_whole else support.read_communications(target, case.case_id, since=since)


def _keep(one: Round, now: datetime) -> None:
    """What was found of each case in a transaction of its own; a bad one harms no other."""
    try:
        with transaction.atomic():
            spending.save(one.recording, now=now)
    except Exception:
        logger.exception("Storing the calls of %s failed", one.target.account_id)
    for case in one.cases:
        found, error = one.found.get(case.case_id), one.errors.get(case.case_id) or one.errors.get("")
        try:
            if found is not None and case.case_id in one.messages:
                settling.take(case, found, one.messages[case.case_id], now=now)
            else:
                settling.fail(case, error or AwsError(errors.NOT_FOUND), now=now)
        except Exception:
            logger.exception("Keeping case %s failed", case.pk)
