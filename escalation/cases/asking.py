"""What a page asks of AWS Support while somebody waits: briefly, reading only, and any failure becomes words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engagements.models import Engagement
from escalation.cases import words
from iem_portal.aws import errors, ledger, spending, support, support_writes
from iem_portal.aws.deadline import run_within
from iem_portal.aws.errors import AwsError
from iem_portal.aws.support_writes import CaseOptions, NewCase, SupportService
from iem_portal.aws.targets import Target

#: A person waits: after this the page goes on without AWS.
LONGEST_S = 8.0
REGION = "us-east-1"
#: AWS did not say no, it did not answer: what was written down is sent as soon as it does.
NO_ANSWER = frozenset(
    {errors.TIMEOUT, errors.TRANSIENT, errors.THROTTLED, errors.MALFORMED, errors.INCOMPLETE, "failed"}
)


@dataclass(frozen=True)
class Offer:
    """What a case can be about, and how bad; `problem` in words when AWS did not say."""

    services: list[SupportService] = field(default_factory=list)
    severities: list[str] = field(default_factory=list)
    problem: str = ""

    def categories(self, service: str) -> list[tuple[str, str]]:
        """The categories of this service."""
        return next((list(one.categories) for one in self.services if one.code == service), [])


@dataclass(frozen=True)
class Verdict:
    """Would AWS take the case? `problem` says in words why not; `is_refused` when AWS said no itself."""

    problem: str = ""
    is_refused: bool = False
    options: CaseOptions | None = None


def target_of(engagement: Engagement, account_id: str) -> Target | None:
    """Whom to ask; None for an account that is not part of the event. One query."""
    account = engagement.aws_accounts.filter(account_id=account_id).first()
    return account and Target(account_id, REGION, account.role_arn, account.external_id)


def offer(target: Target, *, language: str, now: datetime) -> Offer:
    """Services with their categories, and the severities that the plan offers."""
    try:
        services, severities = _ask(
            lambda: (
                support_writes.read_services(target, language=language),
                support.read_severities(target),
            ),
            now,
        )
    except AwsError as error:
        return Offer(problem=words.fault(error.kind, error.message, error.code))
    return Offer(services, [code for code, _name in severities])


def probe(target: Target, case: NewCase, *, now: datetime) -> Verdict:
    """A dry run, and how AWS answers in the language; opens nothing."""

    def ask() -> tuple[AwsError | None, CaseOptions | None]:
        error = support_writes.probe_open(target, case)
        return error, (None if error else support_writes.read_options(target, case))

    try:
        error, options = _ask(ask, now)
    except AwsError as failed:
        error, options = failed, None
    if error is None:
        return Verdict(options=options)
    return Verdict(words.fault(error.kind, error.message, error.code), error.kind not in NO_ANSWER)


def find(target: Target, number: str, *, now: datetime) -> support.SupportCase | None:
    """The case of this number; None when the account has none. Raises AwsError."""
    return _ask(lambda: support.find_case(target, number), now)


def read_file(target: Target | None, attachment_id: str, *, now: datetime) -> bytes:
    """The bytes of a file that came with a message. Raises AwsError, also when the account left the event."""
    if target is None:
        raise AwsError(errors.NOT_FOUND, "AccountGone", "")
    return _ask(lambda: support.read_attachment(target, attachment_id), now)


def _ask(work: Callable[[], Any], now: datetime) -> Any:
    with ledger.recording() as recording:
        try:
            return run_within(LONGEST_S, work)
        finally:
            spending.save(recording, now=now)
