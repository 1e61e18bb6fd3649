"""Is this signal expected, or none of ours? Pure: standard library only, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

EVERYWHERE = ("", "global")
#: What others stand on, or what is no service at all: it concerns every event. Codes as AWS Health writes them.
FOUNDATIONS = frozenset({
    "ACCOUNT", "BILLING", "CLOUDWATCH", "EBS", "EC2", "EVENTS", "HEALTH", "IAM", "INTERNETCONNECTIVITY", "KMS",
    "MULTIPLE_SERVICES", "ROUTE53", "SECURITY", "STS", "VPC",
})  # fmt: skip


@dataclass(frozen=True)
class Quiet:
    """One alarm that a running step is expected to set off; `until_at` is when the step is planned to end.

    An empty account or Region means any.
    """

    pk: int
    alarm_name: str
    account_id: str
    region: str
    step_code: str
    from_at: datetime
    until_at: datetime
    by_name: str
    reason: str


def quiet_of(quiet: Iterable[Quiet], *, name: str, account_id: str, region: str) -> Quiet | None:
    """What keeps the alarm of this name in this account and Region quiet; of several, what has the longest."""
    mine = [
        one
        for one in quiet
        if one.alarm_name == name and one.account_id in ("", account_id) and one.region in ("", region)
    ]
    return min(mine, key=lambda one: one.from_at, default=None)


def is_quiet(quiet: Quiet | None, *, changed_at: datetime | None) -> bool:
    """Whether an alarm that went off at this instant belongs to the step: one that rang before it does not."""
    return quiet is not None and changed_at is not None and changed_at >= quiet.from_at


def is_elsewhere(*, scope: str, region: str, account_id: str, regions: Collection[str]) -> bool:
    """Whether an AWS Health event is of a Region where the event does not run.

    What names an account is of its accounts, wherever it happens; a public event counts by its Region alone.
    """
    return scope == "PUBLIC" and region not in EVERYWHERE and bool(regions) and region not in regions


def is_unused(*, scope: str, service: str, used: Collection[str]) -> bool:
    """Whether a public AWS Health event is of a service that the event does not use.

    `used` are codes of Service Quotas ("rds", "cognito-idp"), which AWS Health writes in capitals and sometimes
    shorter ("COGNITO"). Without any, every service counts.
    """
    if scope != "PUBLIC" or not used or not service or service.upper() in FOUNDATIONS:
        return False
    name = _plain(service)
    return not any(_is_same(name, _plain(code)) for code in used)


def _is_same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) > 2 and longer.startswith(shorter))


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).casefold()
