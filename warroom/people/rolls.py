"""Roll calls: opened before a shift or a gate, answered with one tap, closed with who was missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement, TimelineEntry
from iem_portal.live import announce
from iem_portal.registry import rosters
from warroom.models import RollAnswer, RollCall
from warroom.people import duty

TILE = "duty"
LONGEST_OCCASION = 80


class RollError(ValueError):
    """The roll call cannot be opened or answered; `field` says which input is wrong."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Standing:
    """A roll call as it is read: who answered when, and who is missing."""

    call: RollCall
    here: list[RollAnswer]
    missing: list[dict]

    @property
    def total(self) -> int:
        """Everybody who was expected, and who came besides."""
        return len(self.here) + len(self.missing)

    def has(self, user) -> bool:
        """Whether this person has answered."""
        return any(answer.user_id == user.pk for answer in self.here)


def shifts(engagement: Engagement) -> list:
    """The shifts of the planning workbook, in its order. One query for each roster."""
    return [shift for roster in rosters.all() for shift in roster.shifts({engagement.pk})]


def open_roll(*, engagement: Engagement, occasion: str, by, now: datetime) -> RollCall:
    """Ask everybody on duty whether they are here; with an empty roster, every member. Raises RollError."""
    access.check(by, engagement, access.Permission.POST_UPDATE)
    occasion = occasion.strip()
    if not occasion:
        raise RollError(_("Say what the roll call is for."), "occasion")
    if len(occasion) > LONGEST_OCCASION:
        raise RollError(_("At most %(limit)d characters.") % {"limit": LONGEST_OCCASION}, "occasion")
    return _open(engagement, by, now, occasion=occasion)


def open_by_rule(*, engagement: Engagement, key: str, words: dict[str, str], by, now: datetime) -> RollCall:
    """The same without anybody's press; `key` names the shift or gate, of which it opens once. Raises RollError."""
    return _open(engagement, by, now, key=key, words=words)


def _open(engagement: Engagement, by, now: datetime, **what) -> RollCall:
    with transaction.atomic():
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        in_the_way = Q(closed_at=None) | Q(key=what["key"]) if what.get("key") else Q(closed_at=None)
        if engagement.roll_calls.filter(in_the_way).exists():
            raise RollError(_("A roll call is open already."))
        last = engagement.roll_calls.aggregate(last=Max("number"))["last"] or 0
        call = RollCall.objects.create(
            engagement=engagement,
            number=last + 1,
            expected=_expected(engagement, now),
            opened_at=now,
            opened_by_name=by.name,
            **what,
        )
        _say(call, "roll.opened", by, now, occasion=call.purpose, count=len(call.expected))
    return call


def _expected(engagement: Engagement, now: datetime) -> list[dict]:
    members = list(access.members().filter(engagement=engagement))
    by_address = {member.user.email.lower(): member.user for member in members}
    found = duty.expected(shifts(engagement), now)
    if not found:
        return [
            {"name": one.user.name, "role": one.role, "org": "", "user_id": one.user_id} for one in members
        ]
    return [
        {
            "name": shift.name,
            "role": shift.role,
            "org": shift.org,
            "user_id": getattr(by_address.get(shift.email), "pk", None),
        }
        for shift in found
    ]


def here(*, call: RollCall, by, now: datetime) -> bool:
    """This person is here; False when they had said so. Raises RollError when the call is closed."""
    access.check(by, call.engagement, access.Permission.VIEW)
    with transaction.atomic():
        held = RollCall.objects.select_for_update(no_key=True).get(pk=call.pk)
        if held.closed_at:
            raise RollError(_("This roll call is closed."))
        was_complete = not standing(held).missing
        try:
            with transaction.atomic():
                RollAnswer.objects.create(call=held, user_id=by.pk, name=by.name, at=now)
        except IntegrityError:
            return False
        announce(call.engagement.topic, TILE)
        if not was_complete and not standing(held).missing:
            _say(held, "roll.complete", by, now, occasion=held.purpose)
    return True


def close_roll(*, call: RollCall, by, now: datetime) -> bool:
    """End a roll call and keep who was missing; False when it was closed already."""
    access.check(by, call.engagement, access.Permission.POST_UPDATE)
    with transaction.atomic():
        mine = RollCall.objects.filter(pk=call.pk, closed_at=None)
        if not mine.update(closed_at=now, closed_by_name=by.name):
            return False
        found = standing(call)
        names = ", ".join(one["name"] for one in found.missing)
        words = {"occasion": call.purpose, "here": len(found.here), "total": found.total, "names": names}
        _say(call, "roll.closed_missing" if names else "roll.closed", by, now, **words)
    return True


def standing(call: RollCall) -> Standing:
    """Who answered and who is missing. One query, or none with answers prefetched.

    Somebody whom the roster names without an address is known by name.
    """
    answers = list(call.answers.all())
    ids = {answer.user_id for answer in answers}
    names = {answer.name.casefold() for answer in answers}
    missing = [
        one
        for one in call.expected
        if one["user_id"] not in ids and not (one["user_id"] is None and one["name"].casefold() in names)
    ]
    return Standing(call, answers, missing)


def _say(call: RollCall, phrase: str, by, now: datetime, **params) -> None:
    timeline.record(
        call.engagement,
        phrase,
        by=by,
        now=now,
        kind=TimelineEntry.Kind.HUMAN,
        params=params,
        subject_type="roll_call",
        subject_id=call.pk,
    )
    announce(call.engagement.topic, TILE)
