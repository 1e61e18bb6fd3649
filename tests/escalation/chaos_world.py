"""What a chaos run tells of: short promises, and escalations whose every date is known beforehand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from engagements.models import Engagement
from escalation import actions
from escalation.models import Clock, Escalation, LadderPolicy, Objective, ResponseTarget
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
HIGH_IN = 5
TAM, HOOK = "tam", "hook"
# Who is told of which stage: the rules of this run, and what its verdict expects.
TOLD = {
    "warn50": (HOOK,),
    "warn80": (HOOK, TAM),
    "breach": (HOOK, TAM),
    "again": (HOOK, TAM),
}
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
    """An engagement at `now`, and `count` escalations opened by the real verbs at the instants of the bursts.

    `bursts_s` are seconds of the world after the start; each escalation of a burst comes a moment after the last.
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
        opened = [
            _open(engagement, number, tam, now + timedelta(seconds=at_s * speed))
            for number, at_s in enumerate(_moments(count, bursts_s))
        ]
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


def _open(engagement: Engagement, number: int, tam: User, at: datetime) -> Escalation:
    severity = "high" if number % HIGH_IN == HIGH_IN - 1 else "critical"
    escalation = actions.open_escalation(
        engagement=engagement,
        title=f"Trouble {number + 1}",
        symptom="It stands still",
        severity=severity,
        lane="technical",
        detected_at=at,
        by=tam,
        now=at,
    )
    return actions.case_opened(escalation=escalation, case_id=f"77{number}", by=tam, now=at)


def bursts(seconds: float, count: int, luck: random.Random) -> list[float]:
    """When escalations are opened, in seconds of the world after the start, oldest first."""
    return sorted(luck.uniform(0.5, 0.5 + seconds) for _ in range(count))
