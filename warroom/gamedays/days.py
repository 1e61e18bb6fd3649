"""Beginning a game day, noting when the team saw a moment, and ending it; each is on the timeline."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from engagements import timeline
from engagements.models import Engagement
from warroom.models import GameDay


class UnderWay(Exception):
    """Another game day of this event has not ended."""


def under_way(engagement: Engagement) -> GameDay | None:
    """The game day that has not ended. One query."""
    return GameDay.objects.filter(engagement=engagement, ended_at=None).first()


def is_last_there(day: GameDay) -> bool:
    """Whether no other game day, of whichever event, is under way in its account. One query."""
    return not GameDay.objects.filter(account_id=day.account_id, ended_at=None).exclude(pk=day.pk).exists()


def reserve(*, engagement: Engagement, told: dict, account_id: str, by, now: datetime) -> GameDay:
    """Keep the place of a game day before the simulated AWS is asked to begin it; UnderWay when one is taken.

    Of two that begin at once only one asks: what is recorded is what is played.
    """
    words = {"key": told["key"], "title": told["title"], "story": told["story"], "moments": told["moments"]}
    try:
        with transaction.atomic():
            return GameDay.objects.create(
                engagement=engagement,
                account_id=account_id,
                minutes=told["minutes"],
                began_at=now,
                began_by_name=by.name,
                **words,
            )
    except IntegrityError as error:
        raise UnderWay from error


def begun(*, day: GameDay, began: datetime, by, now: datetime) -> GameDay:
    """The simulated AWS began it at ``began``: the moments count from there."""
    day.began_at = began
    with transaction.atomic():
        day.save(update_fields=["began_at"])
        timeline.record(day.engagement, "gameday.began", by=by, now=now, params={"title": day.title})
    return day


def give_back(day: GameDay) -> None:
    """The place of a game day that did not begin."""
    day.delete()


def note(*, day: GameDay, moment: int, by, now: datetime) -> bool:
    """Somebody saw on the board what this moment says; the first to say so counts. False: it was said before."""
    if not 0 <= moment < len(day.moments) or day.ended_at:
        return False
    with transaction.atomic():
        found = GameDay.objects.select_for_update(no_key=True).get(pk=day.pk)
        if found.ended_at or str(moment) in found.seen:
            return False
        found.seen[str(moment)] = {"at": now.isoformat(), "by": by.name}
        found.save(update_fields=["seen"])
    return True


def end(*, day: GameDay, by, now: datetime) -> bool:
    """Record its end; False when somebody else has ended it."""
    mine = GameDay.objects.filter(pk=day.pk, ended_at=None)
    with transaction.atomic():
        ended = mine.update(ended_at=now, ended_by_name=by.name, version=F("version") + 1)
        if ended:
            seen, of = len(GameDay.objects.get(pk=day.pk).seen), len(day.moments)
            params = {"title": day.title, "seen": seen, "of": of}
            timeline.record(day.engagement, "gameday.ended", by=by, now=now, params=params)
    return bool(ended)
