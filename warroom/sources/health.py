"""AWS Health: what AWS says about its own services in our accounts, every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import health
from iem_portal.registry import sources
from warroom.models import HealthEvent, PollTarget
from warroom.scope import Scope

KEPT_DAYS = 90  # AWS Health answers for events of the last 90 days
NEWS_FOR = timedelta(days=1)
GLOBAL = "us-east-1"  # Health is served from one Region for all
FIELDS = ["service", "code", "category", "region", "scope", "status", "text", "entities"]
FIELDS += ["started_at", "ended_at", "updated_at"]


@dataclass(frozen=True)
class Question:
    """From when on updates are wanted, and which of them are known already."""

    since: datetime
    known: dict[str, datetime]


@sources.register
class Health:
    """DescribeEvents, with details and entities of what changed, for each account."""

    key = "health"
    order = 30
    label = _("AWS Health")
    interval_s = 60
    iam_actions = ("health:DescribeEvents", "health:DescribeEventDetails", "health:DescribeAffectedEntities")
    tiles = ("health",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """Every account once."""
        return [(account, GLOBAL) for account in scope.account_ids]

    def next_at(self, row: PollTarget, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=self.interval_s)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """Ten minutes before the cursor: AWS publishes updates late."""
        mine = HealthEvent.objects.filter(engagement=scope.engagement, account_id=row.account_id)
        # An event whose text could not be read is asked for again until it can.
        told = mine.exclude(text="").values_list("arn", "updated_at")
        known = {arn: at for arn, at in told if at}
        since = row.cursor_at - health.OVERLAP if row.cursor_at else now - timedelta(days=KEPT_DAYS)
        untold = mine.filter(text="", updated_at__gt=now - timedelta(days=1))
        since = min(since, untold.aggregate(first=Min("updated_at"))["first"] or since)
        return Question(since, known)

    def read(self, target, question: Question) -> list[health.HealthChange]:
        """Events updated since, without those already known."""
        return health.changes(target, question.since, known=question.known)

    def parse(self, answer: list[health.HealthChange], question: Question, now: datetime) -> list[dict]:
        """Each event as the fields of a row; entities as value and status."""
        return [
            {name: getattr(change, name) for name in ("arn", *FIELDS) if name != "entities"}
            | {"entities": [[entity.value, entity.status] for entity in change.entities]}
            for change in answer
        ]

    def store(self, row: PollTarget, scope: Scope, findings: list[dict], now: datetime) -> set[str]:
        """Write new and changed events, and say on the timeline what is news."""
        mine = HealthEvent.objects.filter(engagement=scope.engagement, account_id=row.account_id)
        known = {event.arn: event for event in mine.filter(arn__in=[f["arn"] for f in findings])}
        entries = []
        for finding in findings:
            event = known.get(finding["arn"])
            phrase = _phrase(event, finding, now)
            if phrase:
                entries.append(_entry(scope, finding, phrase, now))
            if event is None:
                HealthEvent.objects.create(
                    engagement=scope.engagement, account_id=row.account_id, first_seen_at=now, **finding
                )
            else:
                for name in FIELDS:
                    setattr(event, name, finding[name])
                event.save(update_fields=FIELDS)
        if entries:
            timeline.record_many(entries)
        row.cursor_at = row.data_until = now
        return set(self.tiles) if findings else set()


def _phrase(event: HealthEvent | None, finding: dict, now: datetime) -> str:
    """What is news about an event, or "". Old and merely coming events are no news at first sight."""
    if finding["status"] == "upcoming":
        return ""
    happened = finding["ended_at"] or finding["updated_at"] or finding["started_at"]
    if event is None:
        if finding["status"] == "open":
            return "health.opened"
        return "health.closed" if happened and now - happened < NEWS_FOR else ""
    if event.status != finding["status"]:
        return "health.closed" if finding["status"] == "closed" else "health.opened"
    return "health.updated"


def _entry(scope: Scope, finding: dict, phrase: str, now: datetime):
    happened = {"health.opened": finding["started_at"], "health.closed": finding["ended_at"]}
    at = happened.get(phrase) or finding["updated_at"] or now
    return timeline.draft(
        scope.engagement,
        phrase,
        by=SYSTEM_POLLER,
        now=now,
        at=min(at, now),
        kind="aws",
        params={"code": finding["code"], "region": finding["region"]},
        text=finding["text"],
        subject_type="health",
    )
