"""Roll calls that open by rule: so many minutes before each shift and each gate, once each.

Nothing is planned ahead: every turn asks which shift or gate comes within its minutes, so that a shift that is moved
moves its roll call along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from engagements.phases import in_every_language
from iem_portal.accounts.actors import SYSTEM_CLOCK
from iem_portal.numbers import whole
from warroom.models import RollRule, Step
from warroom.outlook import outlook
from warroom.people import duty, rolls

#: What the page proposes before anybody has chosen. Source: the hour before the event, checklist of the plan.
PROPOSED_MIN = {"before_shift_min": 10, "before_gate_min": 15}
LONGEST_MIN = 240


class RuleChanged(Exception):
    """Somebody else saved the rule since this page was read."""


@dataclass(frozen=True)
class Occasion:
    """What a roll call is for: `key` names it once and for all, `words` are {"en": …, "ko": …}."""

    key: str
    words: dict[str, str]


def rule_of(engagement: Engagement) -> RollRule:
    """The rule, or an unsaved one of version 0 that opens nothing. One query."""
    return RollRule.objects.filter(engagement=engagement).first() or RollRule(engagement=engagement)


def minutes(text: str, field: str) -> int | None:
    """The minutes that a person typed; None when left empty. Raises RollError."""
    text = text.strip()
    if not text:
        return None
    found = whole(text)
    if not found or found > LONGEST_MIN:
        raise rolls.RollError(
            _("A whole number of minutes from 1 to %(limit)d, or nothing.") % {"limit": LONGEST_MIN}, field
        )
    return found


def set_rule(
    *,
    engagement: Engagement,
    before_shift_min: int | None,
    before_gate_min: int | None,
    version: int,
    by,
    now: datetime,
) -> None:
    """Say how many minutes before a shift and a gate a roll call opens by itself; None: not. Raises RuleChanged."""
    access.check(by, engagement, access.Permission.POST_UPDATE)
    words = {"before_shift_min": before_shift_min, "before_gate_min": before_gate_min}
    stamp = {"by_name": by.name, "at": now, "version": version + 1}
    try:
        with transaction.atomic():
            mine = RollRule.objects.filter(engagement=engagement, version=version)
            if not version:
                RollRule.objects.create(engagement=engagement, **words, **stamp)
            elif not mine.update(**words, **stamp):
                raise RuleChanged
            params = {"shift": before_shift_min or 0, "gate": before_gate_min or 0}
            timeline.record(engagement, "roll.rule", by=by, now=now, params=params)
    except IntegrityError:
        raise RuleChanged from None


def open_due(now: datetime) -> int:
    """Open the roll calls that are due while a war room is open; how many. One that is open already goes first."""
    rules = RollRule.objects.exclude(before_shift_min=None, before_gate_min=None).filter(
        engagement__war_room__closed_at=None, engagement__war_room__opened_at__lte=now
    )
    return sum(_open(rule, now) for rule in rules.select_related("engagement"))


def _open(rule: RollRule, now: datetime) -> int:
    engagement = rule.engagement
    if engagement.roll_calls.filter(closed_at=None).exists():
        return 0
    done = set(engagement.roll_calls.exclude(key="").values_list("key", flat=True))
    due = next((one for one in _due(rule, now) if one.key not in done), None)
    if due is None:
        return 0
    try:
        rolls.open_by_rule(engagement=engagement, key=due.key, words=due.words, by=SYSTEM_CLOCK, now=now)
    except rolls.RollError:  # somebody opened one in this very moment
        return 0
    return 1


def _due(rule: RollRule, now: datetime) -> Iterator[Occasion]:
    engagement = rule.engagement
    if rule.before_shift_min:
        soon = now + timedelta(minutes=rule.before_shift_min)
        for at in duty.beginnings(rolls.shifts(engagement), now, soon):
            yield _shift(at, engagement)
    view = outlook(engagement, now) if rule.before_gate_min else None
    if view is None or view.runbook.status != "running":
        return
    soon = now + timedelta(minutes=rule.before_gate_min)
    for step in view.upcoming:
        if step.kind == Step.Kind.GATE and view.of(step).start_at <= soon:
            yield _gate(view.runbook.number, step)


def _shift(at: datetime, engagement: Engagement) -> Occasion:
    local = at.astimezone(ZoneInfo(engagement.time_zone))
    time = f"{local:%H:%M} {local.tzname()}"
    words = in_every_language(lambda: _("the shift from %(time)s") % {"time": time})
    return Occasion(f"shift:{at.astimezone(UTC):%Y-%m-%dT%H:%M}", words)


def _gate(number: int, step: Step) -> Occasion:
    words = in_every_language(lambda: _("gate %(code)s") % {"code": step.code})
    return Occasion(f"gate:{number}:{step.code}", words)
