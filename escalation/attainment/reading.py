"""Every promise made to these people, read from where it happened: five queries, however many escalations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet

from engagements import access
from engagements.models import Role
from escalation import catalog, hours
from escalation.attainment import judging
from escalation.attainment.judging import Promise
from escalation.clock import BREACHED
from escalation.events import REPEATED, WARNED, Event
from escalation.models import BreachCause, Clock, ClockEvent, Escalation

# What tells nobody whether a promise was kept.
_SILENT = (WARNED, REPEATED)
_EVENT = ("kind", "at", "target_s", "moved_to", "stage", "label")
_CAUSE = ("cycle", "kind", "text", "at", "by_name")
_SHOWN = (
    "number", "title", "severity", "lane", "level", "case_id", "detected_at", "declared_at", "case_opened_at",
    "answered_at", "restored_at", "resolved_at", "merged_into_id",
)  # fmt: skip


@dataclass
class Case:
    """One escalation with its promises and what they took; spans are seconds, None where there is none yet."""

    escalation: Escalation
    promises: list[Promise] = field(default_factory=list)
    causes: dict[tuple[int, int], BreachCause] = field(default_factory=dict)
    tams: list[str] = field(default_factory=list)
    spans: dict[str, int | None] = field(default_factory=dict)
    updates: tuple[int, int] = (0, 0)  # in time, of so many judged

    @property
    def month(self) -> str:
        """The month in which it was declared, where the event is, as 2026-11."""
        zone = ZoneInfo(self.escalation.engagement.time_zone)
        return self.escalation.declared_at.astimezone(zone).strftime("%Y-%m")

    def cause_of(self, promise: Promise) -> BreachCause | None:
        """What people say the breach came from, as far as the reader may know."""
        return self.causes.get((promise.clock, promise.cycle))


def cases(escalations: QuerySet[Escalation], now: datetime, *, is_staff: bool) -> list[Case]:
    """These escalations with everything that is measured. Five queries.

    `is_staff`: what happened inside AWS, its times and its causes, is read too; others never get it.
    """
    shown = escalations.select_related("engagement__customer").only(*_ONLY).order_by("engagement", "number")
    found = list(shown)
    if not found:
        return []
    promises = _promises(clocks_in(escalations), now)
    tams = _tams({one.engagement_id for one in found})
    causes = causes_of(clock__escalation__in=escalations.order_by().values("pk"))
    return [
        _case(one, promises[one.pk], causes, now, is_staff=is_staff, tams=tams[one.engagement_id])
        for one in found
    ]


def with_everything(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """Escalations as `faces.with_clocks` reads them, with every cycle and with causes: three queries for a report.

    A clock with several causes stands in `timed` once for each.
    """
    caused = {f"cause_{name}": F(f"causes__{name}") for name in _CAUSE}
    clocks = Clock.objects.annotate(**caused).order_by("pk", "causes__at", "causes__pk")
    return escalations.select_related("engagement").prefetch_related(
        Prefetch("clocks", queryset=clocks.prefetch_related("events"), to_attr="timed")
    )


def cases_of(escalations: list[Escalation], now: datetime, *, is_staff: bool) -> list[Case]:
    """The same for escalations that were read by :func:`with_everything`, without the TAMs. No query."""
    found = []
    for one in escalations:
        clocks = {clock.pk: clock for clock in one.timed}
        promises = [promise for clock in clocks.values() for promise in _promises_of(clock, now)]
        causes = {
            (clock.pk, clock.cause_cycle): BreachCause(
                clock=clock, **{name: getattr(clock, f"cause_{name}") for name in _CAUSE}
            )
            for clock in one.timed
            if clock.cause_kind
        }
        found.append(_case(one, promises, causes, now, is_staff=is_staff))
    return found


def _promises_of(clock: Clock, now: datetime) -> list[Promise]:
    cycles: dict[int, list[Event]] = defaultdict(list)
    for row in clock.events.all():
        if row.kind not in _SILENT:
            cycles[row.cycle].append(Event(*(getattr(row, name) for name in _EVENT)))
    return judging.promises(clock.pk, clock.kind, hours.from_json(clock.calendar), cycles, now)


def _case(
    escalation: Escalation, promises: list[Promise], causes: dict, now: datetime, *, is_staff: bool, tams=()
) -> Case:
    known = {
        (one.clock, one.cycle): causes[one.clock, one.cycle]
        for one in promises
        if (one.clock, one.cycle) in causes and may_know(one, is_staff=is_staff)
    }
    promises = [one for one in promises if may_know(one, is_staff=is_staff)]
    case = Case(escalation, promises, known, list(tams))
    _measure(case, now)
    return case


_ONLY = [
    *_SHOWN,
    "engagement",
    "engagement__customer",
    *(f"engagement__{name}" for name in ("reference", "name", "time_zone", "customer__name")),
]


def may_know(promise: Promise, *, is_staff: bool) -> bool:
    """May the reader know of this promise? How long something lay inside AWS, and why, stays there."""
    return is_staff or promise.level is None or not catalog.is_internal(promise.level)


def causes_of(**where) -> dict[tuple[int, int], BreachCause]:
    """The causes that hold, by clock and cycle: the newest each. One query."""
    rows = BreachCause.objects.filter(**where).order_by("at", "pk")
    return {(row.clock_id, row.cycle): row for row in rows}


def breaches(escalations: QuerySet[Escalation], now: datetime) -> dict[int, list[Promise]]:
    """The broken promises that stand, by escalation; other clocks are not read. Two queries, one when none broke."""
    breached = ClockEvent.objects.filter(clock=OuterRef("pk"), kind=BREACHED)
    found = _promises(clocks_in(escalations, Exists(breached)), now)
    broken = {pk: [one for one in promises if one.is_missed] for pk, promises in found.items()}
    return {pk: promises for pk, promises in broken.items() if promises}


def clocks_in(escalations: QuerySet[Escalation], *where) -> list[tuple]:
    """(pk, escalation, kind, calendar) of the clocks of these escalations. One query."""
    found = Clock.objects.filter(*where, escalation__in=escalations.order_by().values("pk"))
    return list(found.order_by("pk").values_list("pk", "escalation_id", "kind", "calendar"))


def _promises(clocks: list[tuple], now: datetime) -> dict[int, list[Promise]]:
    """Every promise of these clocks, by escalation. One query, none without clocks."""
    found: dict[int, list[Promise]] = defaultdict(list)
    cycles: dict[int, dict[int, list[Event]]] = defaultdict(lambda: defaultdict(list))
    rows = ClockEvent.objects.filter(clock__in=[clock[0] for clock in clocks]).exclude(kind__in=_SILENT)
    for clock_id, cycle, *words in (
        rows.order_by("pk").values_list("clock_id", "cycle", *_EVENT) if clocks else ()
    ):
        cycles[clock_id][cycle].append(Event(*words))
    for pk, escalation_id, kind, calendar in clocks:
        found[escalation_id] += judging.promises(pk, kind, hours.from_json(calendar), cycles.get(pk, {}), now)
    return found


def _tams(engagement_ids: set[int]) -> dict[int, list[str]]:
    names = defaultdict(list)
    members = access.members().filter(role=Role.TAM, engagement__in=engagement_ids).order_by("user__name")
    for engagement_id, name in members.values_list("engagement_id", "user__name"):
        names[engagement_id].append(name)
    return names


def _measure(case: Case, now: datetime) -> None:
    """Minutes of the way: planning workbook 5.5. A duplicate's way is told on the escalation it belongs to."""
    one = case.escalation
    updates = [promise for promise in case.promises if promise.kind == Clock.Kind.UPDATE]
    judged = [promise.outcome for promise in updates]
    case.updates = (judged.count(judging.MET), judged.count(judging.MET) + judged.count(judging.MISSED))
    if one.merged_into_id is not None:
        return
    case.spans = {
        "detect": _span(one.detected_at, one.declared_at),
        "open": _span(one.declared_at, one.case_opened_at),
        "answer": _used(case, Clock.Kind.FIRST_RESPONSE),
        "restore": _used(case, Clock.Kind.RESTORE),
        "restore_net": _used(case, Clock.Kind.RESTORE, "net_s"),
    }
    if updates:
        heard = [promise.stopped_at for promise in updates if promise.is_answered]
        silence = judging.longest_silence(one.declared_at, heard, one.resolved_at or now)
        case.spans["silence"] = round(silence.total_seconds())
    for promise in case.promises:
        if promise.level is not None:
            key = f"level{promise.level}"
            case.spans[key] = case.spans.get(key, 0) + promise.used_s


def _span(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else round(max(until - since, timedelta()).total_seconds())


def _used(case: Case, kind: str, span: str = "used_s") -> int | None:
    """What the last promise of this kind took, once it came."""
    done = [promise for promise in case.promises if promise.kind == kind and promise.is_answered]
    return getattr(done[-1], span) if done else None
