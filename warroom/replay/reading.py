"""What a replay of an instant needs, read for one side: as many queries whatever the instant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, OuterRef, Q, Subquery

from engagements import timeline
from engagements.models import Engagement, TimelineEntry
from escalation import catalog, hours
from escalation import clock as clocks
from escalation.models import MANAGEMENT, Clock, ClockEvent, Escalation, Hop
from iem_portal.accounts.actors import shown
from iem_portal.registry import phrases
from warroom.models import AlarmChange, AlarmState, ExpectedAlarm, MetricSeries, Runbook, RunbookEntry, Step
from warroom.panels.telemetry import limit_of
from warroom.replay.acts import Act
from warroom.replay.rows import AlarmRow, Book, ClockRow, EscalationRow, ExpectedRow, MetricRow, Record, Said
from warroom.replay.state import WINDOW
from warroom.runbook.life import HEADER_FIELDS, PLAN_FIELDS
from warroom.sources.metrics import fingerprint
from workbook.watches import drawn_then

#: How many lines of the timeline a replay lists; the page says how many it leaves out.
MOST_LINES = 600
#: Lines that the board's state is made of, however old they are.
STANDING = Q(phrase__startswith="health.") | Q(phrase="update.sent")
GAMEDAYS = ("gameday.began", "gameday.ended")


def record(engagement: Engagement, instant: datetime, *, is_staff: bool, said: list[Said]) -> Record:
    """Everything the board's state at `instant` is made of; `said` are lines read before. Eight queries."""
    return Record(
        t0=engagement.starts_at,
        books=books(engagement),
        alarms=_alarms(engagement, instant),
        expected=_expected(engagement, instant),
        metrics=_metrics(engagement, instant),
        escalations=_escalations(engagement, instant, is_staff=is_staff),
        said=said,
    )


def books(engagement: Engagement) -> list[Book]:
    """Every runbook with its plan and its log. Two queries, kept on the instance so that one page asks once."""
    kept = engagement.__dict__.get("_replay_books")
    if kept is None:
        kept = engagement.__dict__["_replay_books"] = _books(engagement)
    return kept


def _books(engagement: Engagement) -> list[Book]:
    runbooks: dict[int, Runbook] = {}
    steps: dict[int, list[dict]] = defaultdict(list)
    rows = Step.objects.filter(runbook__engagement=engagement).select_related("runbook")
    for step in rows.order_by("runbook__number", "position"):
        runbook = runbooks.setdefault(step.runbook_id, step.runbook)
        runbook.engagement = engagement
        steps[runbook.pk].append({name: getattr(step, name) for name in PLAN_FIELDS})
    acts: dict[int, list[Act]] = defaultdict(list)
    columns = ("runbook_id", "act", "code", "params", "at", "recorded_at", "actor_name")
    entries = RunbookEntry.objects.filter(runbook__engagement=engagement).order_by("pk")
    for runbook_id, *words in entries.values_list(*columns):
        acts[runbook_id].append(Act(*words))
    return [
        Book(
            number=one.number,
            kind=one.kind,
            rehearsal_of_id=one.rehearsal_of_id,
            created_at=one.created_at,
            t0=one.t0,
            header={name: getattr(one, name) for name in HEADER_FIELDS},
            steps=steps[pk],
            acts=acts[pk],
        )
        for pk, one in runbooks.items()
    ]


def _alarms(engagement: Engagement, instant: datetime) -> list[AlarmRow]:
    """One query."""
    same = {name: OuterRef(name) for name in ("engagement", "account_id", "region", "name")}
    before = AlarmChange.objects.filter(at__lte=instant, **same).order_by("-at", "-pk")
    after = AlarmChange.objects.filter(at__gt=instant, **same).order_by("at", "pk")
    rows = AlarmState.objects.filter(engagement=engagement).annotate(
        then_state=Subquery(before.values("state")[:1]),
        then_at=Subquery(before.values("at")[:1]),
        before_next=Subquery(after.values("old_state")[:1]),
    )
    columns = (
        "name",
        "account_id",
        "region",
        "kind",
        "then_state",
        "then_at",
        "before_next",
        "state",
        "changed_at",
        "gone_at",
    )
    return [AlarmRow(*values) for values in rows.order_by("name", "pk").values_list(*columns)]


def _expected(engagement: Engagement, instant: datetime) -> list[ExpectedRow]:
    """One query."""
    rows = ExpectedAlarm.objects.filter(engagement=engagement, at__lte=instant).order_by("pk")
    return [ExpectedRow(*values) for values in rows.values_list(*(one.name for one in fields(ExpectedRow)))]


def _metrics(engagement: Engagement, instant: datetime) -> list[MetricRow]:
    """The watches as the workbook had them then, and their points of the hours before the instant. Two queries."""
    watches = drawn_then(engagement, instant)
    wanted = {(watch.row_id, fingerprint(watch)) for watch in watches}
    inside = Q(points__at__gte=instant - WINDOW, points__at__lt=instant)
    rows = MetricSeries.objects.filter(engagement=engagement, watch_row__in={row for row, _print in wanted})
    rows = rows.annotate(recent=FilteredRelation("points", condition=inside)).filter(recent__at__isnull=False)
    points = defaultdict(list)
    columns = ("watch_row", "fingerprint", "recent__at", "recent__value")
    for row, print_, at, value in rows.order_by("pk", "recent__at").values_list(*columns):
        points[row, print_].append((at, value))
    return [
        MetricRow(
            watch.title, watch.unit, watch.period_s, limit_of(watch), points[watch.row_id, fingerprint(watch)]
        )
        for watch in watches
    ]


def _escalations(engagement: Engagement, instant: datetime, *, is_staff: bool) -> list[EscalationRow]:
    """Two queries."""
    path = Hop.objects.filter(escalation=OuterRef("pk"), entered_at__lte=instant).exclude(lane=MANAGEMENT)
    rows = Escalation.objects.filter(engagement=engagement, declared_at__lte=instant).annotate(
        level_then=Subquery(path.order_by("-entered_at", "-pk").values("level")[:1]),
        lane_then=Subquery(path.order_by("-entered_at", "-pk").values("lane")[:1]),
    )
    timed = _clocks(engagement, instant)
    return [_escalation(one, timed.get(one.pk, []), is_staff=is_staff) for one in rows.order_by("number")]


def _escalation(one: Escalation, timed: list[ClockRow], *, is_staff: bool) -> EscalationRow:
    level, lane = (one.level_then or 0), (one.lane_then or one.lane)
    is_hidden = not is_staff and catalog.is_internal(level)
    return EscalationRow(
        number=one.number,
        reference=one.reference,
        title=one.title,
        severity=one.severity,
        declared_at=one.declared_at,
        resolved_at=one.resolved_at,
        level=catalog.internal_from() if is_hidden else level,
        is_hidden=is_hidden,
        level_label=catalog.inside()["label"] if is_hidden else catalog.level_label(lane, level),
        clocks=timed,
    )


def _clocks(engagement: Engagement, instant: datetime) -> dict[int, list[ClockRow]]:
    """The logs of all clocks up to the instant, by escalation. One query."""
    found: dict[int, dict[int, ClockRow]] = defaultdict(dict)
    events = ClockEvent.objects.filter(clock__escalation__engagement=engagement, recorded_at__lte=instant)
    for row in events.select_related("clock").order_by("clock_id", "pk"):
        clock = row.clock
        label = str(Clock.Kind(clock.kind).label)
        fresh = ClockRow(clock.kind, label, hours.from_json(clock.calendar), [])
        mine = found[clock.escalation_id].setdefault(clock.pk, fresh)
        event = clocks.Event(row.kind, row.at, row.target_s, row.moved_to, row.stage, row.label, row.reason)
        mine.events.append((row.cycle, row.recorded_at, event))
    order = Clock.Kind.values
    return {pk: sorted(mine.values(), key=lambda one: order.index(one.kind)) for pk, mine in found.items()}


def said(engagement: Engagement, *, is_staff: bool, which: Q) -> list[TimelineEntry]:
    """The newest lines of the timeline that this side may read, oldest first. One query."""
    rows = TimelineEntry.objects.filter(which, engagement=engagement)
    if not is_staff:
        rows = rows.filter(audience=TimelineEntry.Audience.ALL)
    return list(rows.order_by("-at", "-pk")[:MOST_LINES])[::-1]


def lines(engagement: Engagement, entries: list[TimelineEntry]) -> list[Said]:
    """Entries in the active language, as they were first written: corrections came later."""
    zone = ZoneInfo(engagement.time_zone)
    return [_line(entry, zone) for entry in entries]


def _line(entry: TimelineEntry, zone: ZoneInfo) -> Said:
    phrase = phrases.get(entry.phrase)
    return Said(
        at=entry.at,
        recorded_at=entry.recorded_at,
        text=timeline.sentence(entry, zone),
        by=shown(entry.actor_name),
        icon=getattr(phrase, "icon", "s-info"),
        look=getattr(phrase, "status", "todo"),
        phrase=entry.phrase,
        topic=f"{entry.params.get('code', '')} {entry.params.get('region', '')}",
        detail=entry.text if entry.phrase == "update.sent" else "",
    )
