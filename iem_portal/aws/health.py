"""What does AWS Health say about an account? Events that changed since an instant, with their texts and entities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import deadline
from .calling import call, pages, utc
from .errors import INVALID, AwsError
from .targets import Target

OVERLAP = timedelta(minutes=10)  # ask again from this long before the newest update seen: AWS publishes late
BATCH = 10  # AWS: at most 10 ARNs in a request for details or entities
PER_PAGE = 100
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


@dataclass(slots=True)
class _Extras:
    texts: dict[str, str] = field(default_factory=dict)
    entities: dict[str, list[HealthEntity]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


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
        extras = _Extras()
        _read_texts(target, [row["arn"] for row in changed], extras)
        own = [row["arn"] for row in changed if row.get("eventScopeCode") == "ACCOUNT_SPECIFIC"]
        _read_entities(target, own, extras)
        return [_change(row, extras) for row in changed]

    return deadline.run_within(deadline_s, read)


def _change(row: dict[str, Any], extras: _Extras) -> HealthChange:
    arn = row["arn"]
    return HealthChange(
        arn=arn,
        service=row.get("service", ""),
        code=row.get("eventTypeCode", ""),
        category=row.get("eventTypeCategory", ""),
        region=row.get("region", ""),
        scope=row.get("eventScopeCode", ""),
        status=row.get("statusCode", ""),
        started_at=utc(row.get("startTime")),
        ended_at=utc(row.get("endTime")),
        updated_at=utc(row.get("lastUpdatedTime")),
        text=extras.texts.get(arn, ""),
        entities=tuple(extras.entities.get(arn, ())),
        actionability=row.get("actionability", ""),
        problem=extras.problems.get(arn, ""),
    )


def _batches(arns: list[str], extras: _Extras) -> list[list[str]]:
    """Batches of ten well-formed ARNs; AWS refuses a whole batch for one that it does not like."""
    good = [arn for arn in arns if ARN.fullmatch(arn)]
    extras.problems.update(
        dict.fromkeys(set(arns) - set(good), "AWS gives no details for an ARN of this form")
    )
    return [good[begin : begin + BATCH] for begin in range(0, len(good), BATCH)]


def _read_texts(target: Target, arns: list[str], extras: _Extras) -> None:
    waiting = _batches(arns, extras)
    while waiting:
        batch = waiting.pop(0)
        try:
            answer = call(
                target,
                "health",
                "DescribeEventDetails",
                needs=("successfulSet", "failedSet"),
                eventArns=batch,
            )
        except AwsError as error:
            waiting[:0] = _split(batch, error, extras)
            continue
        for row in answer.get("successfulSet", []):
            text = row.get("eventDescription", {}).get("latestDescription", "")
            extras.texts[row.get("event", {}).get("arn", "")] = text
        for row in answer.get("failedSet", []):
            arn, name = row.get("eventArn", ""), row.get("errorName", "failed")
            extras.problems[arn] = f"{name}: {row.get('errorMessage', '')}"
        for arn in batch:
            if arn not in extras.texts:
                extras.problems.setdefault(arn, "AWS did not answer the details of this event")


def _read_entities(target: Target, arns: list[str], extras: _Extras) -> None:
    waiting = _batches(arns, extras)
    while waiting:
        batch = waiting.pop(0)
        found: dict[str, list[HealthEntity]] = {arn: [] for arn in batch}
        try:
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
                    found.setdefault(row.get("eventArn", ""), []).append(_entity(row))
        except AwsError as error:
            waiting[:0] = _split(batch, error, extras)
            continue
        extras.entities.update(found)


def _split(batch: list[str], error: AwsError, extras: _Extras) -> list[list[str]]:
    """After a refused batch, each ARN by itself; any other failure is noted at the events, the rest goes on."""
    if error.kind == INVALID and len(batch) > 1:
        return [[arn] for arn in batch]
    extras.problems.update(dict.fromkeys(batch, f"{error.kind}: {error.message}"))
    return []


def _entity(row: dict[str, Any]) -> HealthEntity:
    return HealthEntity(
        value=row.get("entityValue", ""),
        status=row.get("statusCode", ""),
        account_id=row.get("awsAccountId", ""),
        updated_at=utc(row.get("lastUpdatedTime")),
    )
