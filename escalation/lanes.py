"""The swim-lane picture: who is at each level of both lanes, for how long, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from engagements.duty import Duty, on_duty
from engagements.models import TimelineEntry
from escalation import catalog, faces, inside, needs, steps
from escalation import clock as pure
from escalation.matrix import Matrix
from escalation.matrix import read as read_matrix
from escalation.models import MANAGEMENT, Clock, Communication, Escalation, EscalationLink, Hop, Lane
from escalation.models.path import Reopening

# Roles of the roster (planning workbook WB03) who stand at a level where nobody is written down yet. What happens
# inside AWS is followed by the TAM.
AT_LEVEL = {
    (Lane.TECHNICAL, 0): ("incident-commander", "tech-lead", "tam"),
    (Lane.TECHNICAL, 2): ("cse",),
    (Lane.TECHNICAL, 3): ("tam",),
    (Lane.TECHNICAL, 4): ("tam",),
    (Lane.CUSTOMER_SERVICE, 0): ("event-owner", "tam"),
    (Lane.CUSTOMER_SERVICE, 2): ("concierge",),
}


@dataclass(frozen=True)
class Level:
    """One level as drawn. Instants are aware UTC; `spent_s` whole seconds at the time of reading, None: never there.

    ``state`` is done, now, next, later, left-out or unused; ``who`` are names, ``is_roster`` when they come from
    the roster because nobody is written down. ``planned_at``: when the time of the level before is up and the
    ladder pages; only of the next one.
    """

    level: int
    number: int
    label: dict[str, str]
    hint: dict[str, str]
    state: str
    who: list[str]
    is_roster: bool
    is_internal: bool
    entered_at: datetime | None = None
    spent_s: int | None = None
    visits: int = 0
    planned_at: datetime | None = None
    # How to reach those whom the planning workbook names for this level.
    contacts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DrawnLane:
    """One lane. ``parts`` are the open escalations that work in this other lane at the same time."""

    code: str
    label: dict[str, str]
    is_current: bool
    is_used: bool
    levels: list[Level]
    parts: list[Escalation]


@dataclass(frozen=True)
class Next:
    """What comes next: the level, what it wants to know, when the present time is up, and whether AWS was asked."""

    level: Level
    needs: list[needs.Need]
    planned_at: datetime | None
    asked: int
    asked_at: datetime | None

    @property
    def missing(self) -> int:
        """How many things of the list are still open."""
        return sum(not need.is_met for need in self.needs)


@dataclass(frozen=True)
class Picture:
    """Both lanes, the steps so far, the customer's management, what comes next, and what the customer heard."""

    lanes: list[DrawnLane]
    steps: list[steps.Step]
    chain: list[steps.ChainLevel]
    next: Next | None
    told_at: datetime | None
    untold: int


@dataclass(frozen=True)
class Material:
    """Everything a picture is made of; hops and links are in order, `said` oldest first."""

    hops: list[Hop]
    management: list[Hop]
    said: list[Communication]
    rests: list[Reopening]
    duties: list[Duty]
    links: list[EscalationLink]
    is_staff: bool = True
    matrix: Matrix = field(default_factory=lambda: Matrix({}, {}))


def read(
    escalation: Escalation, *, audience: str, now: datetime, said: Sequence[Communication] | None = None
) -> Material:
    """The material for these eyes ("staff" or "customer"): a stay inside AWS is one step for customers.

    `said` saves reading what was said again. Four queries and one for it, and one more after a reopening.
    """
    hops = faces.hops_of(escalation, audience=audience)
    said = faces.communications(escalation, audience=audience) if said is None else said
    heard = [one for one in said if one.audience == TimelineEntry.Audience.ALL]
    return Material(
        hops=[hop for hop in hops if hop.lane != MANAGEMENT],
        management=[hop for hop in hops if hop.lane == MANAGEMENT],
        said=sorted(
            (one for one in heard if one.is_update or one.is_request), key=lambda one: (one.at, one.pk)
        ),
        rests=list(escalation.reopenings.all()) if escalation.reopened_at else [],
        duties=on_duty([escalation.engagement_id], now)[escalation.engagement_id],
        links=links_of(escalation),
        is_staff=audience == "staff",
        matrix=read_matrix(escalation.engagement_id),
    )


def links_of(escalation: Escalation) -> list[EscalationLink]:
    """Its links in both directions that are in force, with both escalations; one query."""
    mine = Q(escalation=escalation) | Q(other=escalation)
    found = EscalationLink.objects.filter(mine, ended_at=None).select_related("escalation", "other")
    return list(found.order_by("linked_at", "pk"))


def picture(escalation: Escalation, material: Material, *, now: datetime) -> Picture:
    """The picture at `now`; no query. Wants `faces.with_clocks` for the planned move."""
    updates = [one for one in material.said if one.is_update]
    walked = steps.steps(escalation, material.hops, said=updates, rests=material.rests, now=now)
    planned_at = _planned_at(escalation)
    drawn = [_lane(escalation, code, walked, material, planned_at) for code in catalog.lanes()]
    return Picture(
        lanes=drawn,
        steps=walked,
        chain=steps.management(escalation, material.management, now=now),
        next=_next(escalation, drawn, material, planned_at),
        told_at=updates[-1].at if updates else None,
        untold=sum(not step.is_told for step in walked[1:]),
    )


def _lane(escalation, code: str, walked: list[steps.Step], material: Material, planned_at) -> DrawnLane:
    lane = catalog.lanes()[code]
    return DrawnLane(
        code=code,
        label=lane["label"],
        is_current=code == escalation.lane,
        is_used=any(step.hop.lane == code for step in walked),
        levels=[
            _level(escalation, code, row, walked, material, planned_at)
            for row in inside.levels(code, is_staff=material.is_staff)
        ],
        parts=[] if code == escalation.lane else _parts(escalation, code, material.links),
    )


def _level(
    escalation, lane: str, row: dict, walked: list[steps.Step], material: Material, planned_at
) -> Level:
    level = row["level"]
    visits = [step for step in walked if (step.hop.lane, step.hop.level) == (lane, level)]
    state = _state(escalation, lane, level, is_visited=bool(visits))
    owner = escalation.owner_name if state == "now" else (visits[-1].hop.owner_name if visits else "")
    written = material.matrix.at(lane, level)
    roster = [] if owner else _roster(lane, level, material.duties)
    return Level(
        level=level,
        number=level + 1,
        label=row["label"],
        hint=row["hint"],
        state=state,
        who=[owner] if owner else roster or list(dict.fromkeys(one.who for one in written)),
        is_roster=bool(roster),
        contacts=[one.contact for one in written if one.contact],
        is_internal=catalog.is_internal(level),
        entered_at=visits[0].hop.entered_at if visits else None,
        spent_s=_spent_s(visits),
        visits=len(visits),
        planned_at=planned_at if state == "next" else None,
    )


def _spent_s(visits: list[steps.Step]) -> int | None:
    """How long in all; None for never, and for stays whose length the reader may not know."""
    known = [step.spent_s for step in visits if step.spent_s is not None]
    return sum(known) if known else None


def _state(escalation: Escalation, lane: str, level: int, *, is_visited: bool) -> str:
    if lane != escalation.lane:
        return "done" if is_visited else "unused"
    if level == escalation.level:
        return "now" if escalation.is_open else "done"
    if level < escalation.level:
        return "done" if is_visited else "left-out"
    if not escalation.is_open:
        return "done" if is_visited else "unused"
    return "next" if level == escalation.level + 1 else "later"


def _roster(lane: str, level: int, duties: Sequence[Duty]) -> list[str]:
    """Who is on duty for this level, in the order of the roles, each name once."""
    roles = AT_LEVEL.get((lane, level), ())
    found = [duty.name for role in roles for duty in duties if duty.role == role]
    return list(dict.fromkeys(found))


def _parts(escalation: Escalation, lane: str, links: Sequence[EscalationLink]) -> list[Escalation]:
    """What was split off into that lane, or what this one was split off from there."""
    split = [link for link in links if link.kind == EscalationLink.Kind.SPLIT]
    others = [link.escalation if link.other_id == escalation.pk else link.other for link in split]
    return [other for other in others if other.lane == lane and other.is_open]


def _planned_at(escalation: Escalation) -> datetime | None:
    """When the time in the present level is up; None where nothing is promised, or while the clock stands still."""
    state = faces.states_of(escalation).get(Clock.Kind.LEVEL)
    return pure.due_at(state) if state is not None and state.status == pure.RUNNING else None


def _next(escalation: Escalation, drawn: list[DrawnLane], material: Material, planned_at) -> Next | None:
    levels = next(lane.levels for lane in drawn if lane.is_current)
    found = next((level for level in levels if level.state == "next"), None)
    if found is None:
        return None
    asked = [one for one in material.said if one.is_request]
    return Next(
        level=found,
        needs=needs.before(escalation, found.level),
        planned_at=planned_at,
        asked=len(asked),
        asked_at=asked[-1].at if asked else None,
    )
