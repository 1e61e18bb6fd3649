"""What does AWS Health say about the accounts of an organisation? One list for all, then per event and account.

Asked of the management account or a delegated administrator, once EnableHealthServiceAccessForOrganization was done
there. Source: AWS Health API; the filters of this view are single ranges where the account's view has lists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from . import deadline
from .calling import call, pages, utc
from .health import (
    ARN,
    NOT_ANSWERED,
    PER_PAGE,
    Extras,
    HealthChange,
    HealthEntity,
    as_change,
    as_entity,
    in_tens,
    why_failed,
)
from .targets import Target

Key = tuple[str, str]  # ARN and account, "" for a public event


def changes(
    target: Target,
    since: datetime,
    *,
    accounts: Collection[str],
    known: Mapping[str, datetime] | None = None,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[HealthChange]:
    """Events of these accounts updated at or after `since`: one for each account concerned, public ones once with
    account "". Events whose update is already `known` (ARN → updated_at) are left out, so nothing new costs one call.
    Raises AwsError when the list itself, or whom an event concerns, could not be read."""

    def read() -> list[HealthChange]:
        changed = [
            row
            for row in _list(target, since)
            if (known or {}).get(row["arn"]) != utc(row.get("lastUpdatedTime"))
        ]
        extras = Extras()
        rows: dict[Key, dict[str, Any]] = {}
        for row in changed:
            for account in _concerned(target, row, accounts):
                rows[row["arn"], account] = row
        good = [key for key in rows if ARN.fullmatch(key[0])]
        in_tens(good, extras, partial(_texts, target, extras))
        in_tens([key for key in good if key[1]], extras, partial(_entities, target, extras))
        return [as_change(row, extras, key, key[1]) for key, row in rows.items()]

    return deadline.run_within(deadline_s, read)


def _list(target: Target, since: datetime) -> list[dict[str, Any]]:
    return [
        row
        for answer in pages(
            target,
            "health",
            "DescribeEventsForOrganization",
            next_page="nextToken",
            needs=("events",),
            filter={"lastUpdatedTime": {"from": since}},
            maxResults=PER_PAGE,
        )
        for row in answer["events"]
    ]


def _concerned(target: Target, row: dict[str, Any], accounts: Collection[str]) -> list[str]:
    """Which of our accounts; [""] for an event about everybody."""
    if row.get("eventScopeCode") == "PUBLIC":
        return [""]
    found: list[str] = []
    for answer in pages(
        target,
        "health",
        "DescribeAffectedAccountsForOrganization",
        next_page="nextToken",
        needs=("affectedAccounts",),
        eventArn=row["arn"],
        maxResults=PER_PAGE,
    ):
        found += answer["affectedAccounts"]
    return sorted(set(found) & set(accounts))


def _filters(batch: list[Key]) -> list[dict[str, str]]:
    """AWS wants a public event without an account, and an account's event with it."""
    return [
        {"eventArn": arn, "awsAccountId": account} if account else {"eventArn": arn} for arn, account in batch
    ]


def _texts(target: Target, extras: Extras, batch: list[Key]) -> None:
    answer = call(
        target,
        "health",
        "DescribeEventDetailsForOrganization",
        needs=("successfulSet", "failedSet"),
        organizationEventDetailFilters=_filters(batch),
    )
    for row in answer.get("successfulSet", []):
        key = (row.get("event", {}).get("arn", ""), row.get("awsAccountId", ""))
        extras.texts[key] = row.get("eventDescription", {}).get("latestDescription", "")
    for row in answer.get("failedSet", []):
        extras.problems[row.get("eventArn", ""), row.get("awsAccountId", "")] = why_failed(row)
    for key in batch:
        if key not in extras.texts:
            extras.problems.setdefault(key, NOT_ANSWERED)


def _entities(target: Target, extras: Extras, batch: list[Key]) -> None:
    found: dict[Key, list[HealthEntity]] = {key: [] for key in batch}
    for answer in pages(
        target,
        "health",
        "DescribeAffectedEntitiesForOrganization",
        next_page="nextToken",
        needs=("entities",),
        organizationEntityFilters=_filters(batch),
        maxResults=PER_PAGE,
    ):
        for row in answer["entities"]:
            found.setdefault((row.get("eventArn", ""), row.get("awsAccountId", "")), []).append(
                as_entity(row)
            )
    extras.entities.update(found)
