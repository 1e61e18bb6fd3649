"""What the board says about metrics: one tile for each watch of the workbook, and one in detail."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q

from engagements.models import Engagement
from iem_portal.aws import cloudwatch
from iem_portal.registry import sources as registered
from warroom import arranging, faults, series
from warroom.models import AccountSetup, MetricSeries, PollTarget
from warroom.panels import targets
from warroom.setup import tiers
from warroom.sources.metrics import fingerprint
from workbook.watches import watches

WINDOW = timedelta(hours=3)
METRIC_SOURCES = ("metrics-fast", "metrics")
FAST_PERIOD_S = 10
DETAIL_POINTS = 240
LOOKS = {
    "ok": ("ok", "ok"),
    "near": ("watch", "watch"),
    "over": ("bad", "bad"),
    "stale": ("stale", "stale"),
    "never": ("stale", "stale"),
}


def metrics(engagement: Engagement, now: datetime) -> dict:
    """One tile for each watch of the workbook, in the board's order, and those put away, drawn too, for their trouble
    is still said. Two queries and those of the watches, and one for an engagement read without its board_layout."""
    rows = watches(engagement)
    known, points = _read(engagement, now)
    reader = _Readers(engagement, rows)
    layout = getattr(engagement, "board_layout", None)
    tiles, hidden = [], []
    for watch in arranging.in_order(rows, layout):
        found = known.get((watch.row_id, fingerprint(watch)))
        mine = points.get(getattr(found, "pk", None), [])
        place = hidden if arranging.is_hidden(watch, layout) else tiles
        place.append(metric_tile(engagement, watch, found, mine, reader.of(watch), now))
    troubled = sum(tile["look"] != "ok" for tile in hidden)
    return {"engagement": engagement, "tiles": tiles, "hidden": hidden, "hidden_troubled": troubled}


class _Readers:
    """Which target reads a watch: its account's or that of the account monitoring it, usual or fast. One query."""

    def __init__(self, engagement: Engagement, rows: list) -> None:
        setups = AccountSetup.objects.filter(engagement=engagement).exclude(monitored_by="")
        self._monitors = dict(setups.values_list("account_id", "monitored_by")) if rows else {}
        found = [target for target in targets.of_engagement(engagement) if target.source in METRIC_SOURCES]
        self._targets = {(one.source, one.account_id, one.region): one for one in found}

    def of(self, watch) -> PollTarget | None:
        """None while nobody reads it."""
        accounts = (self._monitors.get(watch.account_id, watch.account_id), watch.account_id)
        sources = METRIC_SOURCES if watch.period_s <= FAST_PERIOD_S else METRIC_SOURCES[1:]
        places = [(source, account, watch.region) for account in accounts for source in sources]
        return next((self._targets[place] for place in places if place in self._targets), None)


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
        "spark": _line(engagement, watch, points, now, keep=keep, is_filling=is_filling),
        "late": sum(late_s is not None for *_, late_s in points),
        "fault": targets.fault_of(target, now) or _own_fault(watch, found) or _cut_back(engagement, target),
        "reader": target,
    }


def _line(engagement, watch, points: list, now: datetime, *, keep: int, is_filling: bool) -> series.Spark:
    """The line of a tile: the three hours before `now`."""
    return series.spark(
        [(at, value) for at, value, *_ in points],
        period_s=watch.period_s,
        limit=limit_of(watch),
        start=now - WINDOW,
        end=now,
        t0=engagement.starts_at,
        keep=keep,
        is_filling=is_filling,
        provisional_from=next((at for at, _, is_provisional, _ in points if is_provisional), None),
        late={at for at, _, _, late_s in points if late_s is not None},
    )


def _cut_back(engagement: Engagement, target: PollTarget | None) -> dict | None:
    """Said on a tile that nobody reads because the budget is used up."""
    budget = getattr(engagement, "poll_budget", None)
    if target is not None or budget is None or tiers.has_metrics(budget.level):
        return None
    return {"kind": "budget", "words": faults.words("budget"), "since_at": budget.level_since_at}


def _own_fault(watch, found: MetricSeries | None) -> dict | None:
    """What is wrong with this watch alone: its row in the workbook, or AWS's answer to it."""
    if watch.problems:
        return {"kind": "invalid", "words": ", ".join(watch.problems), "since_at": None}
    if found is None or not found.incomplete_reason:
        return None
    kind, _colon, said = found.incomplete_reason.partition(":")
    if said.strip() == cloudwatch.FORBIDDEN:
        kind = "permission"
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
    recent = ("recent__at", "recent__value", "recent__is_provisional", "recent__late_s")
    for *own, at, value, is_provisional, late_s in rows.order_by("pk", "recent__at").values_list(
        *columns, *recent
    ):
        if (own[1], own[2]) not in known:
            known[own[1], own[2]] = MetricSeries(**dict(zip(columns, own, strict=True)))
        if at is not None:
            points[own[0]].append((at, value, is_provisional, late_s))
    return known, points


def one(engagement: Engagement, watch, now: datetime) -> tuple[dict, MetricSeries | None]:
    """One watch as its tile has it, drawn finer, and its series; None while nothing was read. Three queries."""
    known, read = _read(engagement, now, watch_row=watch.row_id)
    found = known.get((watch.row_id, fingerprint(watch)))
    points = read.get(found.pk, []) if found else []
    target = _Readers(engagement, [watch]).of(watch)
    return metric_tile(engagement, watch, found, points, target, now, keep=DETAIL_POINTS), found
