"""CloudWatch metrics: the newest minutes of every watch, read again until AWS no longer changes them."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from engagements import timeline
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import cloudwatch
from iem_portal.registry import sources
from warroom import batches, series, windows
from warroom.models import MetricPoint, MetricSeries, PollTarget
from warroom.scope import Scope
from warroom.setup import tiers

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
    asked = [
        watch.account_id,
        watch.region,
        watch.namespace,
        watch.metric,
        sorted(map(list, watch.dimensions)),
        watch.stat,
        watch.period_s,
    ]
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
        known = self._series(row, scope)
        question = Question()
        groups: dict[bool, list[tuple[cloudwatch.MetricSpec, datetime | None]]] = defaultdict(list)
        for watch in self._watches(row, scope):
            found = known[watch.row_id, fingerprint(watch)]
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
            for name, points in read.series.items():
                start, end = question.spans[name]
                findings[name].points.update({at: value for at, value in points if start <= at < end})
            for name, reason in read.reasons.items():
                findings[name].reason = reason
        for batch in question.batches:
            for spec in batch.specs:
                if not findings[spec.id].reason:
                    ends = (question.spans[spec.id][1], batch.cursor_at)
                    findings[spec.id].cursor_at = min(filter(None, ends))
        return findings

    def _watches(self, row: PollTarget, scope: Scope) -> list:
        here = {watch.row_id for watch in scope.watches_in(row.account_id, row.region)}
        return [watch for watch in self.mine(scope) if watch.row_id in here]

    def _series(self, row: PollTarget, scope: Scope) -> dict[tuple[int, str], MetricSeries]:
        return _series_of(scope, self._watches(row, scope))

    def store(self, row: PollTarget, scope: Scope, findings: dict[str, Finding], now: datetime) -> set[str]:
        """Insert or update what is new; say on the timeline when a metric falls silent or comes back."""
        known = {str(s.pk): s for s in self._series(row, scope).values()}
        watches = {(w.row_id, fingerprint(w)): w for w in scope.watches}
        findings = {name: finding for name, finding in findings.items() if name in known}
        is_changed = _upsert(known, findings, watches, now)
        entries = []
        for name, finding in findings.items():
            found = known[name]
            watch = watches.get((found.watch_row, found.fingerprint))
            if watch is not None:
                is_changed |= _advance(found, finding, watch, now, entries, scope)
        MetricSeries.objects.bulk_update(
            known.values(), ["cursor_at", "last_at", "last_value", "is_silent", "incomplete_reason"]
        )
        if entries:
            timeline.record_many(entries)
        ends = [
            series.data_until(s.last_at, watches[s.watch_row, s.fingerprint].period_s)
            for s in known.values()
            if s.last_at and (s.watch_row, s.fingerprint) in watches
        ]
        row.data_until = max(ends, default=row.data_until)
        return set(self.tiles) if is_changed else set()


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


def _series_of(scope: Scope, asked: list) -> dict[tuple[int, str], MetricSeries]:
    """The series of these watches, made when they are new."""
    wanted = {(watch.row_id, fingerprint(watch)) for watch in asked}
    rows = MetricSeries.objects.filter(engagement=scope.engagement, watch_row__in=[pk for pk, _ in wanted])
    found = {(s.watch_row, s.fingerprint): s for s in rows}
    missing = wanted - set(found)
    if missing:
        fresh = [
            MetricSeries(engagement=scope.engagement, watch_row=pk, fingerprint=mark) for pk, mark in missing
        ]
        MetricSeries.objects.bulk_create(fresh, ignore_conflicts=True)
        found = {(s.watch_row, s.fingerprint): s for s in rows.all()}
    return {key: s for key, s in found.items() if key in wanted}


def _upsert(known: dict, findings: dict[str, Finding], watches: dict, now: datetime) -> bool:
    """Write the points that differ from what is stored; True when there were any."""
    starts = [at for finding in findings.values() for at in finding.points]
    if not starts:
        return False
    rows = MetricPoint.objects.filter(series_id__in=[s.pk for s in known.values()], at__gte=min(starts))
    stored = {
        (pk, at): (value, prov)
        for pk, at, value, prov in rows.values_list("series_id", "at", "value", "is_provisional")
    }
    fresh = []
    for name, finding in findings.items():
        found = known[name]
        watch = watches.get((found.watch_row, found.fingerprint))
        settled = windows.settled_before(now, watch.period_s if watch else 60)
        for at, value in finding.points.items():
            seen = (value, at >= settled)
            if stored.get((found.pk, at)) != seen:
                fresh.append(MetricPoint(series=found, at=at, value=value, is_provisional=seen[1]))
    MetricPoint.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["series", "at"],
        update_fields=["value", "is_provisional"],
        batch_size=500,
    )
    return bool(fresh)


def _advance(
    found: MetricSeries, finding: Finding, watch, now: datetime, entries: list, scope: Scope
) -> bool:
    """Move the cursor and the newest value; True when the tile looks different for another reason than points."""
    before = (found.is_silent, found.incomplete_reason)
    found.incomplete_reason = finding.reason[:200]
    if finding.cursor_at:
        found.cursor_at = max(filter(None, (found.cursor_at, finding.cursor_at)))
    if finding.points:
        newest = max(finding.points)
        if found.last_at is None or newest >= found.last_at:
            found.last_at, found.last_value = newest, finding.points[newest]
    if found.last_at and finding.cursor_at:
        is_silent = series.is_stale(found.last_at, watch.period_s, now)
        if is_silent != found.is_silent:
            found.is_silent = is_silent
            since = series.data_until(found.last_at, watch.period_s) if is_silent else found.last_at
            phrase = "metric.silent" if is_silent else "metric.back"
            entries.append(
                timeline.draft(
                    scope.engagement,
                    phrase,
                    by=SYSTEM_POLLER,
                    now=now,
                    at=min(since, now),
                    kind="system",
                    params={"title": watch.title},
                    subject_type="watch",
                    subject_id=watch.row_id,
                )
            )
    return before != (found.is_silent, found.incomplete_reason)


def prune(now: datetime) -> int:
    """Delete points older than CloudWatch keeps them at one minute (15 days); how many."""
    return MetricPoint.objects.filter(at__lt=now - timedelta(days=windows.KEEP_DAYS)).delete()[0]
