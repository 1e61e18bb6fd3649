"""What the board says about AWS: metric tiles, alarms, Health events, and how well each source is read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q

from engagements.models import Engagement
from iem_portal.registry import sources as registered
from warroom import faults, series
from warroom.models import AlarmState, HealthEvent, MetricSeries, PollTarget
from warroom.sources.metrics import fingerprint
from workbook.watches import watches

WINDOW = timedelta(hours=3)
CLEARED_FOR = timedelta(minutes=30)
CLOSED_FOR = timedelta(hours=6)
DETAIL_POINTS = 240
TABLE_ROWS = 60
LOOKS = {
    "ok": ("ok", "ok"),
    "near": ("watch", "watch"),
    "over": ("bad", "bad"),
    "stale": ("stale", "stale"),
    "never": ("stale", "stale"),
}


def metrics(engagement: Engagement, now: datetime) -> dict:
    """One tile for each watch of the workbook, in its order. Two queries and those of the watches."""
    rows = watches(engagement)
    known, points = _read(engagement, now)
    targets = {(t.account_id, t.region): t for t in _targets(engagement) if t.source == "metrics"}
    tiles = []
    for watch in rows:
        found = known.get((watch.row_id, fingerprint(watch)))
        target = targets.get((watch.account_id, watch.region))
        tiles.append(
            metric_tile(engagement, watch, found, points.get(getattr(found, "pk", None), []), target, now)
        )
    return {"engagement": engagement, "tiles": tiles}


def metric_tile(
    engagement,
    watch,
    found: MetricSeries | None,
    points: list,
    target,
    now: datetime,
    keep: int = series.MAX_POINTS,
) -> dict:
    """One watch as the board shows it: value, line, limit, word, age, and the fault if reading fails."""
    limit = limit_of(watch)
    last = (found.last_at, found.last_value) if found and found.last_at else None
    is_filling = series.is_filling(points, watch.stat, watch.period_s)
    part = last[1] if is_filling else None
    stale_after_s = series.stale_after_s(watch.period_s)
    state = series.status(last, watch.period_s, limit, now)
    if is_filling:  # the value shown is one bucket older, and may be so without being late
        last, stale_after_s = points[-2][:2], stale_after_s + watch.period_s
        state = state if state == "stale" else series.level(last[1], limit)
    drawn = [(at, value) for at, value, _ in points]
    return {
        "watch": watch,
        "state": state,
        "look": LOOKS[state][0],
        "line": "" if state == "ok" else LOOKS[state][1],
        "value": series.number(last[1]) if last else None,
        "raw_value": last[1] if last else None,
        "limit": limit,
        "shown_limit": series.number(limit.shown) if limit.shown is not None else None,
        # "count" is no unit that a limit needs beside it: the value above has it.
        "limit_unit": "" if watch.unit.lower() == "count" else watch.unit,
        "data_until": series.data_until(last[0], watch.period_s) if last else None,
        "stale_after_s": stale_after_s,
        "part": series.number(part) if part is not None else None,
        "spark": series.spark(
            drawn,
            period_s=watch.period_s,
            limit=limit,
            start=now - WINDOW,
            end=now,
            t0=engagement.starts_at,
            keep=keep,
            is_filling=is_filling,
        ),
        "fault": fault_of(target, now) or _own_fault(watch, found),
    }


def _own_fault(watch, found: MetricSeries | None) -> dict | None:
    """What is wrong with this watch alone: its row in the workbook, or AWS's answer to it."""
    if watch.problems:
        return {"kind": "invalid", "words": ", ".join(watch.problems), "since_at": None}
    if found is None or not found.incomplete_reason:
        return None
    kind = found.incomplete_reason.partition(":")[0]
    words = faults.words(kind, registered.get("metrics").iam_actions)
    return {"kind": kind, "words": words, "since_at": None}


def limit_of(watch) -> series.Limit:
    """The thresholds of a watch as plain numbers."""
    warn = float(watch.warn) if watch.warn is not None else None
    crit = float(watch.crit) if watch.crit is not None else None
    return series.Limit(warn, crit, watch.direction)


def _read(engagement: Engagement, now: datetime, **which) -> tuple[dict, dict[int, list]]:
    """The series by watch and specification, and their points of the window. One query for both."""
    inside = Q(points__at__gte=now - WINDOW, points__at__lte=now)
    rows = MetricSeries.objects.filter(engagement=engagement, **which).annotate(
        recent=FilteredRelation("points", condition=inside)
    )
    known, points = {}, defaultdict(list)
    columns = ("pk", "watch_row", "fingerprint", "last_at", "last_value", "incomplete_reason")
    recent = ("recent__at", "recent__value", "recent__is_provisional")
    for *own, at, value, is_provisional in rows.order_by("pk", "recent__at").values_list(*columns, *recent):
        if (own[1], own[2]) not in known:
            known[own[1], own[2]] = MetricSeries(**dict(zip(columns, own, strict=True)))
        if at is not None:
            points[own[0]].append((at, value, is_provisional))
    return known, points


def alarms(engagement: Engagement, now: datetime) -> dict:
    """Alarms that speak, those that cleared in the last half hour, and how many are normal."""
    rows = list(AlarmState.objects.filter(engagement=engagement, gone_at__isnull=True))
    speaking = [row for row in rows if row.state != AlarmState.State.OK]
    speaking.sort(key=lambda row: (row.state != AlarmState.State.ALARM, -_stamp(row.changed_at)))
    normal = [row for row in rows if row.state == AlarmState.State.OK]
    cleared = [
        row
        for row in normal
        if row.previous_state == AlarmState.State.ALARM
        and row.changed_at
        and now - row.changed_at < CLEARED_FOR
    ]
    cleared.sort(key=lambda row: -_stamp(row.changed_at))
    targets = [target for target in _targets(engagement) if target.source == "alarms"]
    return {
        "engagement": engagement,
        "now": now,
        "speaking": speaking,
        "cleared": cleared,
        "normal": len(normal),
        "is_read": any(target.last_ok_at for target in targets),
        # Rows that nobody reads any more are history, and must not look like now.
        "is_stopped": bool(rows) and not targets,
        "faults": [(target, fault_of(target, now)) for target in targets if fault_of(target, now)],
    }


def health(engagement: Engagement, now: datetime) -> dict:
    """Open and coming Health events, and those closed in the last hours."""
    rows = HealthEvent.objects.filter(engagement=engagement)
    order = {"open": 0, "upcoming": 1, "closed": 2}
    shown = [
        row for row in rows if row.status != "closed" or not row.ended_at or now - row.ended_at < CLOSED_FOR
    ]
    shown.sort(key=lambda row: (order.get(row.status, 1), -_stamp(row.started_at)))
    targets = [target for target in _targets(engagement) if target.source == "health"]
    return {
        "engagement": engagement,
        "events": shown,
        "regions": engagement.regions,
        "is_read": any(target.last_ok_at for target in targets),
        "is_stopped": bool(shown) and not targets,
        "faults": [(target, fault_of(target, now)) for target in targets if fault_of(target, now)],
    }


def sources(engagement: Engagement, now: datetime) -> dict:
    """Every source by account and Region: when it was last read well, up to when its data goes, and faults."""
    rows = []
    for target in _targets(engagement):
        source = registered.get(target.source)
        rows.append(
            {
                "target": target,
                "label": source.label,
                "fault": fault_of(target, now),
                "stale_after_s": getattr(source, "interval_s", 60) * series.MISSED_INTERVALS,
            }
        )
    room = getattr(engagement, "war_room", None)
    return {"engagement": engagement, "rows": rows, "room": room}


def fault_of(target: PollTarget | None, now: datetime) -> dict | None:
    """The fault of a target in words, or None when it is read well.

    Polling has stopped when the last attempt is older than three intervals and none is due yet.
    """
    if target is None:
        return None
    source = registered.get(target.source)
    interval_s = getattr(source, "interval_s", 60)
    reference = max(filter(None, (target.last_attempt_at, target.next_poll_at)))
    if (now - reference).total_seconds() > series.MISSED_INTERVALS * interval_s:
        return {"kind": "stopped", "words": faults.words("stopped"), "since_at": target.last_attempt_at}
    if target.last_error_kind:
        words = faults.words(target.last_error_kind, getattr(source, "iam_actions", ()))
        return {"kind": target.last_error_kind, "words": words, "since_at": target.failing_since_at}
    return None


def _targets(engagement: Engagement) -> list[PollTarget]:
    """The active targets; kept on the instance, so that one page asks once."""
    kept = getattr(engagement, "_poll_targets", None)
    if kept is None:
        kept = engagement._poll_targets = list(
            PollTarget.objects.filter(engagement=engagement, is_active=True)
        )
    return kept


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def metric(engagement: Engagement, watch, now: datetime) -> dict:
    """One watch in detail: its tile drawn finer, and the last hour minute by minute."""
    known, read = _read(engagement, now, watch_row=watch.row_id)
    found = known.get((watch.row_id, fingerprint(watch)))
    points = read.get(found.pk, []) if found else []
    target = next(
        (
            t
            for t in _targets(engagement)
            if (t.source, t.account_id, t.region) == ("metrics", watch.account_id, watch.region)
        ),
        None,
    )
    tile = metric_tile(engagement, watch, found, points, target, now, keep=DETAIL_POINTS)
    limit = tile["limit"]
    rows = [
        {
            "at": at,
            "value": series.number(value),
            "level": "" if tile["part"] and at == points[-1][0] else series.level(value, limit),
            "is_provisional": provisional,
        }
        for at, value, provisional in reversed(points[-TABLE_ROWS:])
    ]
    return {"engagement": engagement, "tile": tile, "watch": watch, "rows": rows, "start_at": now - WINDOW}
