"""What a chaos run tells of: short promises, and escalations whose every date is known beforehand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model

from engagements.models import Engagement
from escalation import actions
from escalation.models import (
    Clock,
    ClockEvent,
    Deadline,
    Escalation,
    Hop,
    LadderPolicy,
    Objective,
    ResponseTarget,
)
from iem_portal.accounts.models import User
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Hook
from tests import factories

MIN = timedelta(minutes=1)
FIRST_RESPONSE, UPDATE = Clock.Kind.FIRST_RESPONSE.value, Clock.Kind.UPDATE.value
# Minutes to the first answer, by severity; of "high" an update to the customer is owed as well.
TARGETS = {"critical": 2, "high": 3}
UPDATE_MIN, AGAIN_MIN, AGAIN_TIMES, ACK_MIN = 3, 1, 2, 2
LONGEST_MIN = 3 + AGAIN_TIMES * AGAIN_MIN
# One in so many is "high".
HIGH_IN = 10
TAM, HOOK = "tam", "hook"
# Who is told of which stage: the rules of this run, and what its verdict expects.
TOLD = {"warn50": (HOOK,), "warn80": (TAM,), "breach": (HOOK, TAM), "again": (HOOK,)}
_TOKENS = {TAM: "role:tam", HOOK: "hooks"}


@dataclass(frozen=True)
class World:
    """The rows that everything else refers to."""

    engagement: Engagement
    tam: User
    hook: Hook
    opened: list[Escalation]

    def receiver(self, name: str) -> str:
        """How a page names its receiver."""
        return f"user:{self.tam.pk}" if name == TAM else f"hook:{self.hook.pk}"


def build(now: datetime, *, receiver: str, count: int, bursts_s: list[float], speed: float) -> World:
    """An engagement at `now`, and `count` escalations that open at the instants of the bursts.

    The first of each severity is opened by the real verbs, the others are its copies: making hundreds by hand would
    take longer than the run. `bursts_s` are seconds of the world after the start; each escalation of a burst comes
    a moment after the last.
    """
    engagement = factories.engagement(now=now)
    tam = factories.member(engagement, "tam", name="Kim Minji")
    hook = hooks.add(
        engagement_id=engagement.pk,
        fields={
            "kind": "webhook",
            "audience": "aws",
            "name": "Pager",
            "url": receiver,
            "what": ["escalation"],
        },
        by=tam,
        now=now,
    )
    _promise(engagement, now)
    with transaction.atomic():
        opened = _opened(
            engagement, tam, [now + timedelta(seconds=at_s * speed) for at_s in _moments(count, bursts_s)]
        )
    return World(engagement, tam, hook, opened)


def told_of(stage: str) -> tuple[str, ...]:
    """Who hears of a stage: of "again7" as of every repeat, for an acknowledgement after the last one adds another."""
    return TOLD.get(stage.rstrip("0123456789") if stage.startswith("again") else stage, ())


def dates(escalation: Escalation) -> Iterator[tuple[str, str, datetime]]:
    """Every deadline of an escalation that nobody touches: kind of clock, stage, instant; worked out here anew."""
    minutes = {FIRST_RESPONSE: (escalation.case_opened_at, TARGETS[escalation.severity])}
    if escalation.severity == "high":
        minutes[UPDATE] = (escalation.declared_at, UPDATE_MIN)
    for kind, (start, target) in minutes.items():
        yield kind, "warn50", start + target * MIN / 2
        yield kind, "warn80", start + target * MIN * 8 / 10
        yield kind, "breach", start + target * MIN
        for number in range(1, AGAIN_TIMES + 1):
            yield kind, f"again{number}", start + (target + number * AGAIN_MIN) * MIN


def _promise(engagement: Engagement, now: datetime) -> None:
    for severity, minutes in TARGETS.items():
        rows = ResponseTarget.objects.filter(plan=engagement.support_plan, severity=severity)
        rows.update(minutes=minutes, calendar=ResponseTarget.CalendarKind.ALWAYS)
    Objective.objects.all().delete()
    Objective.objects.create(kind=Objective.Kind.UPDATE, severity="high", minutes=UPDATE_MIN)
    body = {
        "rules": [
            {"stage": stage, "who": [_TOKENS[name] for name in who], "way": "first"}
            for stage, who in TOLD.items()
        ],
        "terms": [
            {
                "again_min": AGAIN_MIN,
                "again_times": AGAIN_TIMES,
                "ack_min": ACK_MIN,
                "needs": "any",
                "quiet": "",
            }
        ],
    }
    LadderPolicy.objects.create(engagement=engagement, version=1, body=body, saved_at=now, by_name="Chaos")


def _moments(count: int, bursts_s: list[float]) -> Iterator[float]:
    each = -(-count // len(bursts_s))
    for number in range(count):
        yield bursts_s[number // each] + 0.002 * (number % each)


def _opened(engagement: Engagement, tam: User, instants: list[datetime]) -> list[Escalation]:
    numbered = list(enumerate(instants, 1001))
    ordinary = [pair for pair in numbered if pair[0] % HIGH_IN]
    high = [pair for pair in numbered if not pair[0] % HIGH_IN]
    # The verbs give the next number: both first ones are opened before anything else.
    firsts = [
        (_open(engagement, severity, tam, mine[0][1]), mine[1:])
        for severity, mine in (("critical", ordinary), ("high", high))
        if mine
    ]
    found = [one for first, others in firsts for one in (first, *_copies(first, others))]
    return sorted(found, key=lambda escalation: escalation.declared_at)


def _open(engagement: Engagement, severity: str, tam: User, at: datetime) -> Escalation:
    escalation = actions.open_escalation(
        engagement=engagement,
        title="It stands still",
        symptom="Since a moment ago",
        severity=severity,
        lane="technical",
        detected_at=at,
        by=tam,
        now=at,
    )
    return actions.case_opened(escalation=escalation, case_id="7741", by=tam, now=at)


def _copies(first: Escalation, others: list[tuple[int, datetime]]) -> list[Escalation]:
    """The same problem again, by number and instant, with its clocks, their events and deadlines, and its path."""
    shifts = [at - first.declared_at for _number, at in others]
    made = Escalation.objects.bulk_create(
        _shifted(first, shift, number=number, title=f"It stands still {number}")
        for shift, (number, _at) in zip(shifts, others, strict=True)
    )
    pairs = list(zip(made, shifts, strict=True))
    Hop.objects.bulk_create(
        _shifted(hop, shift, escalation_id=one.pk) for one, shift in pairs for hop in first.hops.all()
    )
    for clock in first.clocks.all():
        clocks = Clock.objects.bulk_create(
            _shifted(clock, shift, escalation_id=one.pk) for one, shift in pairs
        )
        for model in (ClockEvent, Deadline):
            rows = list(model.objects.filter(clock=clock))
            model.objects.bulk_create(
                _shifted(row, shift, clock_id=one.pk)
                for one, shift in zip(clocks, shifts, strict=True)
                for row in rows
            )
    return made


def _shifted(row: Model, shift: timedelta, **changed) -> Model:
    """A row that is not stored yet, all of whose instants come so much later."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields[1:]}
    moved = {name: value + shift for name, value in values.items() if isinstance(value, datetime)}
    return type(row)(**(values | moved | changed))


def bursts(seconds: float, count: int, luck: random.Random) -> list[float]:
    """When escalations are opened, in seconds of the world after the start, oldest first."""
    return sorted(luck.uniform(0.5, 0.5 + seconds) for _ in range(count))
