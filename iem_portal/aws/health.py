"""What does AWS Health say about an account? Events that changed since an instant, with their texts and entities."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from . import deadline
from .calling import call, pages, utc
from .errors import INVALID, AwsError
from .targets import Target

OVERLAP = timedelta(minutes=10)  # ask again from this long before the newest update seen: AWS publishes late
BATCH = 10  # AWS: at most 10 ARNs in a request for details or entities
PER_PAGE = 100
NOT_ANSWERED = "AWS did not answer the details of this event"
# The model's pattern wants three parts after "event/"; published samples of pushed events have ARNs with one.
ARN = re.compile(r"arn:aws(-[a-z]+(-[a-z]+)?)?:health:[^:]*:[^:]*:event(?:/[\w-]+){3}")


@dataclass(frozen=True, slots=True)
class HealthEntity:
    """A resource that an event touches; `status` is IMPAIRED, UNIMPAIRED, UNKNOWN, PENDING, RESOLVED or ""."""

    value: str
    status: str
    account_id: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HealthChange:
    """An event as it stands now (all times UTC). `problem` says why its text or entities are missing, if they are."""

    arn: str
    service: str
    code: str
    category: str  # issue, accountNotification, scheduledChange
    region: str  # or "global"
    scope: str  # PUBLIC, ACCOUNT_SPECIFIC, NONE
    status: str  # open, closed, upcoming
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime | None
    text: str = ""
    entities: Sequence[HealthEntity] = ()
    actionability: str = ""
    problem: str = ""
    account_id: str = ""  # in the organisation's view: whom it concerns, "" for everybody


@dataclass(slots=True)
class Extras:
    """What is asked for beside the list, by ARN or by (ARN, account); and why something of it is missing."""

    texts: dict[Hashable, str] = field(default_factory=dict)
    entities: dict[Hashable, list[HealthEntity]] = field(default_factory=dict)
    problems: dict[Hashable, str] = field(default_factory=dict)


def changes(
    target: Target,
    since: datetime,
    *,
    known: Mapping[str, datetime] | None = None,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[HealthChange]:
    """Events updated at or after `since` (aware), newest update first; events whose update is already `known`
    (ARN → updated_at) are left out, so nothing new costs exactly one call. Take OVERLAP off your cursor. Health is
    served from us-east-1 for all Regions. Raises AwsError when the list itself could not be read."""

    def read() -> list[HealthChange]:
        rows = [
            row
            for answer in pages(
                target,
                "health",
                "DescribeEvents",
                next_page="nextToken",
                needs=("events",),
                filter={"lastUpdatedTimes": [{"from": since}]},
                maxResults=PER_PAGE,
            )
            for row in answer["events"]
        ]
        changed = [row for row in rows if (known or {}).get(row["arn"]) != utc(row.get("lastUpdatedTime"))]
        extras = Extras()
        in_tens(well_formed([row["arn"] for row in changed], extras), extras, partial(_texts, target, extras))
        own = [row["arn"] for row in changed if row.get("eventScopeCode") == "ACCOUNT_SPECIFIC"]
        in_tens(well_formed(own, extras), extras, partial(_entities, target, extras))
        return [as_change(row, extras, row["arn"]) for row in changed]

    return deadline.run_within(deadline_s, read)


def as_change(row: dict[str, Any], extras: Extras, key: Hashable, account_id: str = "") -> HealthChange:
    """The event of one row of a list, with what was read beside it under `key`."""
    return HealthChange(
        arn=row["arn"],
        account_id=account_id,
        service=row.get("service", ""),
        code=row.get("eventTypeCode", ""),
        category=row.get("eventTypeCategory", ""),
        region=row.get("region", ""),
        scope=row.get("eventScopeCode", ""),
        status=row.get("statusCode", ""),
        started_at=utc(row.get("startTime")),
        ended_at=utc(row.get("endTime")),
        updated_at=utc(row.get("lastUpdatedTime")),
        text=extras.texts.get(key, ""),
        entities=tuple(extras.entities.get(key, ())),
        actionability=row.get("actionability", ""),
        problem=extras.problems.get(key, ""),
    )


def well_formed(arns: Iterable[str], extras: Extras) -> list[str]:
    """Those that AWS accepts; it refuses a whole batch for one that it does not like."""
    good = []
    for arn in arns:
        if ARN.fullmatch(arn):
            good.append(arn)
        else:
            extras.problems[arn] = "AWS gives no details for an ARN of this form"
    return good


def in_tens(keys: Sequence[Hashable], extras: Extras, ask: Callable[[list], None]) -> None:
    """Ask for ten at a time. After a refused batch each one by itself; another failure is noted, the rest goes on."""
    waiting = [list(keys[begin : begin + BATCH]) for begin in range(0, len(keys), BATCH)]
    while waiting:
        batch = waiting.pop(0)
        try:
            ask(batch)
        except AwsError as error:
            if error.kind == INVALID and len(batch) > 1:
                waiting[:0] = [[one] for one in batch]
            else:
                extras.problems.update(dict.fromkeys(batch, f"{error.kind}: {error.message}"))


def _texts(target: Target, extras: Extras, batch: list[str]) -> None:
    answer = call(
        target, "health", "DescribeEventDetails", needs=("successfulSet", "failedSet"), eventArns=batch
    )
    for row in answer.get("successfulSet", []):
        text = row.get("eventDescription", {}).get("latestDescription", "")
        extras.texts[row.get("event", {}).get("arn", "")] = text
    for row in answer.get("failedSet", []):
        extras.problems[row.get("eventArn", "")] = why_failed(row)
    for arn in batch:
        if arn not in extras.texts:
            extras.problems.setdefault(arn, NOT_ANSWERED)


def _entities(target: Target, extras: Extras, batch: list[str]) -> None:
    found: dict[str, list[HealthEntity]] = {arn: [] for arn in batch}
    for answer in pages(
        target,
        "health",
        "DescribeAffectedEntities",
        next_page="nextToken",
        needs=("entities",),
        filter={"eventArns": batch},
        maxResults=PER_PAGE,
    ):
        for row in answer["entities"]:
            found.setdefault(row.get("eventArn", ""), []).append(as_entity(row))
    extras.entities.update(found)


def why_failed(row: dict[str, Any]) -> str:
    """What AWS says about one that it did not answer."""
    return f"{row.get('errorName', 'failed')}: {row.get('errorMessage', '')}"


def as_entity(row: dict[str, Any]) -> HealthEntity:
    """A resource as the API gives it."""
    return HealthEntity(
        value=row.get("entityValue", ""),
        status=row.get("statusCode", ""),
        account_id=row.get("awsAccountId", ""),
        updated_at=utc(row.get("lastUpdatedTime")),
    )
