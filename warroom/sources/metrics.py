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
from warroom import series, windows
from warroom.models import MetricPoint, MetricSeries, PollTarget
from warroom.scope import Scope

# Of a long outage one poll reads the newest window and the oldest ones; the next polls go on.
MAX_CHUNKS = 8


@dataclass
class Question:
    """What to ask in one poll: for each period its specifications and windows."""

    specs: dict[int, list[cloudwatch.MetricSpec]] = field(default_factory=dict)
    windows: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    ends: dict[int, datetime] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)


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
        """Every account and Region in which something is watched."""
        return sorted({(watch.account_id, watch.region) for watch in scope.watches})

    def next_at(self, row: PollTarget, now: datetime) -> datetime:
        """15 to 30 s after the next full minute, when a finished bucket can be seen."""
        return windows.next_metrics_poll(now, self.interval_s, row.pk)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """The specifications by period, and from where on each period must be read."""
        known = {s.pk: s for s in _series_of(row, scope).values()}
        question = Question()
        cursors: dict[int, list] = defaultdict(list)
        by_key = {(s.watch_row, s.fingerprint): s for s in known.values()}
        for watch in scope.watches_in(row.account_id, row.region):
            found = by_key[watch.row_id, fingerprint(watch)]
            spec = cloudwatch.MetricSpec(
                str(found.pk),
                watch.namespace,
                watch.metric,
                dict(watch.dimensions),
                watch.stat,
                watch.period_s,
            )
            question.specs.setdefault(watch.period_s, []).append(spec)
            question.periods[spec.id] = watch.period_s
            cursors[watch.period_s].append(found.cursor_at)
        for period_s, begun in cursors.items():
            cursor_at = None if None in begun else min(begun)
            start, end = windows.window(cursor_at, period_s, now)
            parts = windows.chunks(start, end, period_s)
            question.windows[period_s], question.ends[period_s] = _affordable(parts, end)
        return question

    def read(self, target, question: Question) -> list[cloudwatch.MetricRead]:
        """All windows of all periods; the first failure ends the poll."""
        return [
            cloudwatch.read_metrics(target, specs, start, end)
            for period_s, specs in question.specs.items()
            for start, end in question.windows[period_s]
        ]

    def parse(
        self, answer: list[cloudwatch.MetricRead], question: Question, now: datetime
    ) -> dict[str, Finding]:
        """Join the windows of each series; its cursor moves only when every window was complete."""
        findings = {name: Finding() for name in question.periods}
        for read in answer:
            for name, points in read.series.items():
                findings[name].points.update(points)
            for name, reason in read.reasons.items():
                findings[name].reason = reason
        for name, finding in findings.items():
            if not finding.reason:
                finding.cursor_at = question.ends[question.periods[name]]
        return findings

    def store(self, row: PollTarget, scope: Scope, findings: dict[str, Finding], now: datetime) -> set[str]:
        """Insert or update what is new; say on the timeline when a metric falls silent or comes back."""
        known = {str(s.pk): s for s in _series_of(row, scope).values()}
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


def _affordable(parts: list, end: datetime) -> tuple[list, datetime]:
    """At most eight windows: the newest (the board must be fresh) and the oldest, with where the cursor may go."""
    if len(parts) <= MAX_CHUNKS:
        return parts, end
    oldest = parts[-(MAX_CHUNKS - 1) :]
    return [parts[0], *oldest], oldest[0][1]


def _series_of(row: PollTarget, scope: Scope) -> dict[tuple[int, str], MetricSeries]:
    """The series of this target's watches, made when they are new."""
    wanted = {(w.row_id, fingerprint(w)) for w in scope.watches_in(row.account_id, row.region)}
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
