"""AWS Health: what AWS says about its own services in our accounts, every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import health, health_organization
from iem_portal.registry import sources
from warroom.models import HealthEvent, HealthWord, PollTarget
from warroom.scope import Scope

KEPT_DAYS = 90  # AWS Health answers for events of the last 90 days
NEWS_FOR = timedelta(days=1)
GLOBAL = "us-east-1"  # Health is served from one Region for all
FIELDS = ["service", "code", "category", "region", "scope", "status", "text", "entities"]
FIELDS += ["started_at", "ended_at", "updated_at", "actionability", "problem"]


@dataclass(frozen=True)
class Question:
    """From when on updates are wanted, and which of them are known already."""

    since: datetime
    known: dict[str, datetime]
    accounts: frozenset[str] | None = None  # of the organisation's view; None: the account's own


@sources.register
class Health:
    """DescribeEvents, with details and entities of what changed: for each account, or once for an organisation."""

    key = "health"
    order = 30
    label = _("AWS Health")
    interval_s = 60
    iam_actions = ("health:DescribeEvents", "health:DescribeEventDetails", "health:DescribeAffectedEntities")
    tiles = ("health",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """Every account once; where one sees the whole organisation, that one for all."""
        return [(account, GLOBAL) for account in scope.organizations or scope.account_ids]

    def next_at(self, row: PollTarget, scope: Scope, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=self.interval_s)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """Ten minutes before the cursor: AWS publishes updates late."""
        accounts = frozenset(scope.account_ids) if row.account_id in scope.organizations else None
        mine = _mine(scope, row.account_id, accounts)
        # An event whose text could not be read is asked for again until it can.
        told = mine.exclude(text="").values_list("arn", "updated_at")
        known = {arn: at for arn, at in told if at}
        since = row.cursor_at - health.OVERLAP if row.cursor_at else now - timedelta(days=KEPT_DAYS)
        untold = mine.filter(text="", updated_at__gt=now - timedelta(days=1))
        since = min(since, untold.aggregate(first=Min("updated_at"))["first"] or since)
        return Question(since, known, accounts)

    def read(self, target, question: Question) -> list[health.HealthChange]:
        """Events updated since, without those already known."""
        if question.accounts is None:
            return health.changes(target, question.since, known=question.known)
        return health_organization.changes(
            target, question.since, accounts=question.accounts, known=question.known
        )

    def parse(self, answer: list[health.HealthChange], question: Question, now: datetime) -> list[dict]:
        """Each event as the fields of a row; entities as value and status."""
        return [as_finding(change) for change in answer]

    def store(self, row: PollTarget, scope: Scope, findings: list[dict], now: datetime) -> set[str]:
        """Write new and changed events, and say on the timeline what is news."""
        for finding in findings:
            finding["account_id"] = finding["account_id"] or row.account_id
        keep(scope.engagement, findings, now=now)
        row.cursor_at = row.data_until = now
        return set(self.tiles) if findings else set()


def _mine(scope: Scope, account_id: str, accounts: frozenset[str] | None):
    """The events that this target reads."""
    return HealthEvent.objects.filter(
        engagement=scope.engagement, account_id__in={account_id, *(accounts or ())}
    )


def as_finding(change: health.HealthChange) -> dict:
    """An event as the fields of a row."""
    plain = {name: getattr(change, name) for name in ("arn", "account_id", *FIELDS) if name != "entities"}
    plain["problem"] = plain["problem"][:300]
    return plain | {"entities": [[entity.value, entity.status] for entity in change.entities]}


def keep(engagement: Engagement, findings: list[dict], *, now: datetime, is_pushed: bool = False) -> int:
    """Write these events, each version of their words, and what is news to the timeline; how many were news.

    What came in through the door and what was asked for meet here: an update that is known already changes nothing,
    and an older one never overwrites a newer one. In the caller's transaction: the rows are locked, for the two may
    come at the same moment.
    """
    arns = [finding["arn"] for finding in findings]
    stored = HealthEvent.objects.filter(engagement=engagement, arn__in=arns)
    known = {(event.account_id, event.arn): event for event in stored.select_for_update()}
    entries, words = [], []
    for finding in findings:
        place = {"account_id": finding["account_id"], "arn": finding["arn"]}
        event, is_new = known.get(tuple(place.values())), False
        if event is None:
            event, is_new = HealthEvent.objects.get_or_create(
                engagement=engagement, **place, defaults=finding | {"first_seen_at": now}
            )
            known[event.account_id, event.arn] = event
        if not is_new and _is_older(finding, event):
            continue
        phrase = _phrase(None if is_new else event, finding, now)
        if phrase:
            entries.append(_entry(engagement, finding, phrase, now))
        is_said = not is_new and _is_same(finding, event) and _said(finding) == (event.status, event.text)
        if not is_new:
            _overwrite(event, finding)
        if finding["text"] and finding["updated_at"] and not is_said:
            words.append(
                HealthWord(
                    event=event,
                    at=finding["updated_at"],
                    status=finding["status"],
                    text=finding["text"],
                    is_pushed=is_pushed,
                    seen_at=now,
                )
            )
    HealthWord.objects.bulk_create(words, ignore_conflicts=True)
    if entries:
        timeline.record_many(entries)
    return len(entries)


def _is_older(finding: dict, event: HealthEvent) -> bool:
    return bool(finding["updated_at"] and event.updated_at and finding["updated_at"] < event.updated_at)


def _is_same(finding: dict, event: HealthEvent) -> bool:
    """Whether both are one update: a push tells its time in seconds, the API in milliseconds."""
    mine, there = finding["updated_at"], event.updated_at
    if mine is None or there is None:
        return mine == there
    return mine.replace(microsecond=0) == there.replace(microsecond=0)


def _said(finding: dict) -> tuple[str, str]:
    return finding["status"], finding["text"]


def _overwrite(event: HealthEvent, finding: dict) -> None:
    """The newer update; a push names no resource and a failed detail has no text: what is known then stays."""
    same_update = _is_same(finding, event)
    for name in FIELDS:
        if name in ("text", "entities") and not finding[name] and (same_update or finding["problem"]):
            continue
        setattr(event, name, finding[name])
    event.save(update_fields=FIELDS)


def _phrase(event: HealthEvent | None, finding: dict, now: datetime) -> str:
    """What is news about an event, or "". Old and merely coming events are no news at first sight."""
    if finding["status"] == "upcoming":
        return ""
    happened = finding["ended_at"] or finding["updated_at"] or finding["started_at"]
    if event is None:
        if finding["status"] == "open":
            return "health.opened"
        return "health.closed" if happened and now - happened < NEWS_FOR else ""
    if _is_same(finding, event) and event.status == finding["status"]:
        return ""
    if event.status != finding["status"]:
        return "health.closed" if finding["status"] == "closed" else "health.opened"
    return "health.updated"


def _entry(engagement: Engagement, finding: dict, phrase: str, now: datetime):
    happened = {"health.opened": finding["started_at"], "health.closed": finding["ended_at"]}
    at = happened.get(phrase) or finding["updated_at"] or now
    return timeline.draft(
        engagement,
        phrase,
        by=SYSTEM_POLLER,
        now=now,
        at=min(at, now),
        kind="aws",
        params={"code": finding["code"], "region": finding["region"]},
        text=finding["text"],
        subject_type="health",
    )
