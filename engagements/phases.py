"""Moves the engagement through its phases; the gate's conditions are frozen with every decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from engagements import access, gates
from engagements.errors import Conflict, InvalidValue, Refused
from engagements.models import Engagement, GateDecision, Phase
from engagements.timeline import record
from iem_portal.live.announce import announce

TILES = ("clock", "timeline")
#: What a condition says, as opposed to what it is.
WORDS = ("label", "detail")


def move_phase(
    *, engagement: Engagement, by, now: datetime, base_version: int, reason: str = ""
) -> GateDecision:
    """Take the engagement into its next phase.

    With every condition met the person needs MOVE_PHASE. With one unmet they need OVERRIDE_GATE and
    a reason: raises PermissionDenied, InvalidValue on "reason", Refused after the last phase, or
    Conflict when the engagement changed since ``base_version``.
    """
    current = Engagement.objects.select_related("customer").get(pk=engagement.pk)
    to_phase = gates.NEXT.get(current.phase)
    if to_phase is None:
        raise Refused(_("The engagement is closed."))
    if current.standing == Engagement.Standing.CANCELLED:
        raise Refused(_("The engagement is cancelled."))
    conditions = frozen(current, now)
    is_override = any(not condition["is_met"] for condition in conditions)
    _may(by, current, is_override, reason)
    with transaction.atomic():
        rows = Engagement.objects.filter(pk=current.pk, version=base_version, phase=current.phase).update(
            phase=to_phase, phase_entered_at=now, version=F("version") + 1
        )
        if not rows:
            raise Conflict(current)
        decision = GateDecision.objects.create(
            engagement=current, from_phase=current.phase, to_phase=to_phase, is_override=is_override,
            reason=reason.strip() if is_override else "", conditions=conditions,
            by_name=by.name, at=now,
        )  # fmt: skip
        _told(current, decision, by, now)
        current.phase, current.phase_entered_at, current.version = to_phase, now, current.version + 1
        gates.passed(current, decision.from_phase, by=by, now=now)
        announce(current.topic, *TILES)
    return decision


def _may(by, engagement: Engagement, is_override: bool, reason: str) -> None:
    if not is_override:
        access.check(by, engagement, access.Permission.MOVE_PHASE)
        return
    access.check(by, engagement, access.Permission.OVERRIDE_GATE)
    if len(reason.strip()) < 10:
        raise InvalidValue({"reason": _("Say why the phase starts although conditions are open.")})


def frozen(engagement: Engagement, now: datetime) -> list[dict]:
    """The conditions as plain data, their words in every language: who reads the decision later reads their own."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = [condition.frozen() for condition in gates.conditions(engagement, now)]
    known = {code: {one["key"]: one for one in conditions} for code, conditions in said.items()}
    return [
        one | {name: {code: known[code].get(one["key"], one)[name] for code in known} for name in WORDS}
        for one in said[settings.LANGUAGE_CODE]
    ]


def _unmet_words(conditions: list[dict]) -> dict[str, str]:
    """The conditions that are open, in every language."""
    labels = [one["label"] for one in conditions if not one["is_met"]]
    return {code: "; ".join(label[code] for label in labels) for code, _name in settings.LANGUAGES}


def _told(engagement: Engagement, decision: GateDecision, by, now: datetime) -> None:
    record(
        engagement, "phase.overridden" if decision.is_override else "phase.moved", by=by, now=now,
        kind="decision", text=decision.reason,
        params={
            "from": decision.from_phase,
            "to": decision.to_phase,
            "to_label": in_every_language(lambda: Phase(decision.to_phase).label),
            "reason": decision.reason,
            "unmet": _unmet_words(decision.conditions) if decision.is_override else "",
            "count": sum(not condition["is_met"] for condition in decision.conditions),
        },
        subject_type="gate", subject_id=decision.pk,
    )  # fmt: skip


def in_every_language(say: Callable[[], object]) -> dict[str, str]:
    """What ``say`` answers, as {"en": …, "ko": …}: history keeps it for readers of either language."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = str(say())
    return words


def set_standing(
    *, engagement: Engagement, standing: str, reason: str, base_version: int, by, now: datetime
) -> None:
    """Postpone, cancel or resume; answers are kept. A new date is set by moving the window.

    Raises InvalidValue on "reason" for a standstill without one, and Conflict.
    """
    if standing not in Engagement.Standing.values:
        raise InvalidValue({"standing": _("Choose one of the list.")})
    if standing != Engagement.Standing.ACTIVE and not reason.strip():
        raise InvalidValue({"reason": _("Say why.")})
    access.check(by, engagement, access.Permission.DRIVE)
    with transaction.atomic():
        rows = Engagement.objects.filter(pk=engagement.pk, version=base_version).update(
            standing=standing, version=F("version") + 1
        )
        if not rows:
            raise Conflict(Engagement.objects.get(pk=engagement.pk))
        record(
            engagement, f"engagement.{standing}", by=by, now=now, kind="decision", text=reason.strip(),
            params={"reason": reason.strip()},
        )  # fmt: skip
        announce(engagement.topic, *TILES)
