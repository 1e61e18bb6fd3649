"""CloudWatch metrics: the newest minutes of every watch, read again until AWS no longer changes them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import cloudwatch
from iem_portal.registry import sources
from warroom import batches, series, windows
from warroom.models import MetricPoint, MetricSeries, PollTarget
from warroom.scope import Scope
from warroom.setup import tiers
from warroom.sources import points

# A series whose cursor is older than this is read by itself.
BEHIND = timedelta(hours=1)


@dataclass
class Question:
    """What to ask in one poll, and from where to where the points of each series count."""

    batches: list[batches.Batch] = field(default_factory=list)
    spans: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)


@dataclass
class Finding:
    """What came back for one series; `cursor_at` is set when everything up to it was answered completely."""

    points: dict[datetime, float] = field(default_factory=dict)
    cursor_at: datetime | None = None
    reason: str = ""


def fingerprint(watch) -> str:
    """A digest of what a watch asks AWS for: another question makes another series."""
    place = (watch.account_id, watch.region, watch.namespace, watch.metric)
    return _digest(*place, watch.dimensions, watch.stat, watch.period_s)


@lru_cache(maxsize=20_000)
def _digest(account: str, region: str, namespace: str, metric: str, dimensions, stat: str, period_s) -> str:
    """Asked several times a minute for every watch of every open board."""
    asked = [account, region, namespace, metric, sorted(map(list, dimensions)), stat, period_s]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


@sources.register
class Metrics:
    """GetMetricData for the watches of one account and Region, every minute."""

    key = "metrics"
    order = 10
    label = _("Metrics")
    interval_s = 60
    iam_actions = ("cloudwatch:GetMetricData",)
    tiles = ("metrics",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """Every account and Region in which something is asked for."""
        if not tiers.has_metrics(scope.level):
            return []
        return sorted({(scope.reader_of(watch.account_id), watch.region) for watch in self.mine(scope)})

    def mine(self, scope: Scope) -> list:
        """The watches that this source reads."""
        return [watch for watch in scope.watches if watch.row_id not in scope.fast]

    def next_at(self, row: PollTarget, scope: Scope, now: datetime) -> datetime:
        """15 to 30 s after the next full interval, when a finished bucket can be seen."""
        interval_s = tiers.metrics_interval_s(scope.level, self.interval_s)
        return windows.next_metrics_poll(now, interval_s, row.pk)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """One window for all periods, so that a poll is as few calls as AWS allows. Series that are far behind (new,
        or after an outage) have windows of their own, so that one that never comes holds up nobody."""
        asked = self._asked(row, scope)
        question = Question()
        groups: dict[bool, list[tuple[cloudwatch.MetricSpec, datetime | None]]] = defaultdict(list)
        for key, found in _series_of(scope, asked).items():
            watch = asked[key]
            is_behind = found.cursor_at is None or now - found.cursor_at > BEHIND
            groups[is_behind].append((batches.spec_of(str(found.pk), watch, row.account_id), found.cursor_at))
        for _behind, asked in sorted(groups.items()):
            question.batches.append(batches.batch_of(asked, question.spans, now))
        return question

    def read(self, target, question: Question) -> list[cloudwatch.MetricRead]:
        """All windows; the first failure ends the poll."""
        return [
            cloudwatch.read_metrics(target, batch.specs, start, end)
            for batch in question.batches
            for start, end in batch.windows
        ]

    def parse(
        self, answer: list[cloudwatch.MetricRead], question: Question, now: datetime
    ) -> dict[str, Finding]:
        """Join the windows of each series; its cursor moves only when every window was complete."""
        findings = {name: Finding() for name in question.spans}
        for read in answer:
            for name, found in read.series.items():
                start, end = question.spans[name]
                findings[name].points.update({at: value for at, value in found if start <= at < end})
            for name, reason in read.reasons.items():
                findings[name].reason = reason
        for batch in question.batches:
            for spec in batch.specs:
                if not findings[spec.id].reason:
                    ends = (question.spans[spec.id][1], batch.cursor_at)
                    findings[spec.id].cursor_at = min(filter(None, ends))
        return findings

    def _asked(self, row: PollTarget, scope: Scope) -> dict[tuple[int, str], Any]:
        """The watches that this source reads here, by row and digest."""
        mine = {watch.row_id for watch in self.mine(scope)}
        here = scope.watches_in(row.account_id, row.region)
        return {(watch.row_id, fingerprint(watch)): watch for watch in here if watch.row_id in mine}

    def store(self, row: PollTarget, scope: Scope, findings: dict[str, Finding], now: datetime) -> set[str]:
        """Insert or update what is new; say on the timeline when a metric falls silent or comes back."""
        asked = self._asked(row, scope)
        known = _series_of(scope, asked)
        batch, steps, entries = points.Batch(now), [], []
        for key, found in known.items():
            finding, watch = findings.get(str(found.pk)), asked[key]
            if finding is not None:
                batch.add(found.pk, finding.points, watch.period_s, found.cursor_at)
                steps.append(_advance(found, finding, watch, now, entries, scope))
        has_news = batch.write() > 0
        looks_other = _write(steps, has_news)
        if entries:
            timeline.record_many(entries)
        ends = [series.data_until(s.last_at, asked[key].period_s) for key, s in known.items() if s.last_at]
        row.data_until = max(ends, default=row.data_until)
        return set(self.tiles) if has_news or looks_other else set()


@sources.register
class FastMetrics(Metrics):
    """The few high-resolution metrics of the wall, every 10 seconds, while the budget lasts."""

    key = "metrics-fast"
    order = 11
    label = _("Metrics every 10 s")
    interval_s = 10

    def mine(self, scope: Scope) -> list:
        """The watches of the fast tier."""
        return [watch for watch in scope.watches if watch.row_id in scope.fast]

    def next_at(self, row: PollTarget, scope: Scope, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=self.interval_s)


@dataclass(slots=True)
class Known:
    """What is stored of a series."""

    pk: int
    watch_row: int
    fingerprint: str
    cursor_at: datetime | None
    last_at: datetime | None
    is_silent: bool
    incomplete_reason: str


def _series_of(scope: Scope, asked: dict[tuple[int, str], Any]) -> dict[tuple[int, str], Known]:
    """The series of these watches, by row and digest, made when they are new."""
    mine = MetricSeries.objects.filter(engagement=scope.engagement, watch_row__in=[pk for pk, _ in asked])
    found = _known(mine)
    missing = set(asked) - set(found)
    if missing:
        fresh = [
            MetricSeries(engagement=scope.engagement, watch_row=pk, fingerprint=mark)
            for pk, mark in sorted(missing)
        ]
        MetricSeries.objects.bulk_create(fresh, ignore_conflicts=True)
        found = _known(mine)
    return {key: found[key] for key in asked if key in found}


def _known(rows: QuerySet[MetricSeries]) -> dict[tuple[int, str], Known]:
    every = [Known(*values) for values in rows.values_list(*Known.__slots__)]
    return {(one.watch_row, one.fingerprint): one for one in every}


@dataclass(slots=True)
class Step:
    """What a poll changes in one series; `looks_other`: its tile does, for another reason than points."""

    found: Known
    cursor_at: datetime | None
    has_points: bool
    looks_other: bool


def _advance(found: Known, finding: Finding, watch, now: datetime, entries: list, scope: Scope) -> Step:
    """Where the series goes from here; says on the timeline when it fell silent or is back."""
    before = (found.is_silent, found.incomplete_reason)
    found.incomplete_reason = finding.reason[:200]
    if finding.points:
        found.last_at = max(filter(None, (found.last_at, max(finding.points))))
    if found.last_at and finding.cursor_at:
        is_silent = series.is_stale(found.last_at, watch.period_s, now)
        if is_silent != found.is_silent:
            found.is_silent = is_silent
            entries.append(_entry(found, watch, scope, now))
    after = (found.is_silent, found.incomplete_reason)
    return Step(found, finding.cursor_at, bool(finding.points), before != after)


def _entry(found: Known, watch, scope: Scope, now: datetime):
    """The line for a metric that fell silent or is back."""
    since = series.data_until(found.last_at, watch.period_s) if found.is_silent else found.last_at
    return timeline.draft(
        scope.engagement,
        "metric.silent" if found.is_silent else "metric.back",
        by=SYSTEM_POLLER,
        now=now,
        at=min(since, now),
        kind="system",
        params={"title": watch.title},
        subject_type="watch",
        subject_id=watch.row_id,
    )


def _write(steps: list[Step], has_news: bool) -> bool:
    """Cursors, newest values (where points were written) and reasons, with a statement for each kind of change and
    not for each series; True when a reason changed. A cursor never goes back, whoever else has written meanwhile."""
    cursors: dict[datetime, list[int]] = defaultdict(list)
    for step in steps:
        before = step.found.cursor_at
        if step.cursor_at and (before is None or before < step.cursor_at):
            cursors[step.cursor_at].append(step.found.pk)
    for cursor_at, pks in cursors.items():
        rows = MetricSeries.objects.filter(Q(cursor_at=None) | Q(cursor_at__lt=cursor_at), pk__in=pks)
        rows.update(cursor_at=cursor_at)
    if has_news:
        newest = MetricPoint.objects.filter(series=OuterRef("pk")).order_by("-at")
        MetricSeries.objects.filter(pk__in=[step.found.pk for step in steps if step.has_points]).update(
            last_at=Subquery(newest.values("at")[:1]), last_value=Subquery(newest.values("value")[:1])
        )
    looks: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for step in steps:
        if step.looks_other:
            looks[step.found.is_silent, step.found.incomplete_reason].append(step.found.pk)
    for (is_silent, reason), pks in looks.items():
        MetricSeries.objects.filter(pk__in=pks).update(is_silent=is_silent, incomplete_reason=reason)
    return bool(looks)


def prune(now: datetime) -> int:
    """Delete points older than CloudWatch keeps them at one minute (15 days); how many."""
    return MetricPoint.objects.filter(at__lt=now - timedelta(days=windows.KEEP_DAYS)).delete()[0]
