"""Can everybody on the path be reached? A test page before the event, and who answered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.access import Permission, check
from engagements.models import Engagement, TimelineEntry
from escalation.firing import TILES
from escalation.ladder import casting, policies, reading, rules, sending, words
from escalation.models import Drill, DrillPage
from iem_portal import live
from iem_portal.accounts.reach import ways_of
from iem_portal.notifications import outbox
from iem_portal.notifications.models import Notification
from iem_portal.registry import channels

# Two drills within a minute are one that somebody sent twice.
APART = timedelta(minutes=1)


@dataclass(frozen=True)
class Answer:
    """How one person fared: by which channels, whether the messages left, and when they answered."""

    page: DrillPage
    sent_at: datetime | None
    is_dead: bool

    @property
    def channels(self) -> str:
        """The channels they were paged by, in words."""
        return ", ".join(str(channels.get(key).label) for key in self.page.channels.split())

    @property
    def state(self) -> str:
        """answered, failed, sent or waiting."""
        if self.page.answered_at:
            return "answered"
        if self.is_dead:
            return "failed"
        return "sent" if self.sent_at else "waiting"


def about(pk: int) -> str:
    """How the outbox names a drill."""
    return f"drill:{pk}"


def path_of(engagement: Engagement, *, now: datetime) -> tuple[list[casting.Told], list[str]]:
    """Everybody whom the rules in force could mean, on whichever shift, and who is on a shift without access here."""
    cast = reading.casts([engagement.pk], at=now)[engagement.pk]
    cast, absent = reading.whole_roster(engagement.pk, cast)
    found = policies.in_force(engagement)
    policy = rules.policy_of(found.body if found else policies.shipped())
    return casting.on_path(policy, cast), absent


@transaction.atomic
def start(*, engagement: Engagement, by, now: datetime, note: str = "") -> Drill:
    """Page everybody on the path by every channel they have, plainly marked as a test.

    Raises PermissionDenied, and ValidationError when there is nobody, or a drill began less than a minute ago.
    """
    check(by, engagement, Permission.HANDLE_ESCALATION)
    engagement = Engagement.objects.select_for_update(of=("self",), no_key=True).get(pk=engagement.pk)
    last = Drill.objects.filter(engagement=engagement).aggregate(number=Max("number"), at=Max("started_at"))
    if last["at"] and now - last["at"] < APART:
        raise ValidationError(_("A drill has begun less than a minute ago."))
    people, _absent = path_of(engagement, now=now)
    if not people:
        raise ValidationError(_("The rules mean nobody yet. Add people to the team first."))
    drill = Drill.objects.create(
        engagement=engagement,
        number=(last["number"] or 0) + 1,
        note=note.strip(),
        started_at=now,
        by_id=by.pk,
        by_name=by.name,
    )
    _page(drill, people, now)
    _say(drill, "drill_started", by=by, now=now, params={"count": len(people)})
    return drill


def _page(drill: Drill, people: list[casting.Told], now: datetime) -> None:
    engagement = drill.engagement
    params = {
        "number": drill.number,
        "engagement": engagement.name,
        "engagement_reference": engagement.reference,
        "started_at": words.instant(drill.started_at),
        "by": drill.by_name,
        "note": drill.note,
    }
    fact = sending.Fact(f"drill:{drill.pk}", words.DRILL, params, engagement.pk, about(drill.pk))
    ways = ways_of(one.person.user_id for one in people)
    messages, rows = [], []
    for one in people:
        alone = casting.Told(one.person, one.rule, rules.EVERY)
        sent = sending.to_person(fact, alone, rules.EVERY, ways)
        messages += sent
        rows.append(
            DrillPage(
                drill=drill,
                user_id=one.person.user_id,
                name=one.person.name,
                role=one.person.role,
                rule=one.rule,
                channels=sending.channels_of(sent),
            )
        )
    DrillPage.objects.bulk_create(rows)
    outbox.enqueue(messages, now=now)


@transaction.atomic
def answered(*, page: DrillPage, now: datetime) -> None:
    """The message reached them; the first time counts."""
    if DrillPage.objects.filter(pk=page.pk, answered_at=None).update(answered_at=now):
        live.announce(page.drill.engagement.topic, *TILES)


def answers(drill: Drill) -> list[Answer]:
    """Everybody who was paged, with what became of it; those who did not answer first. Two queries."""
    messages = Notification.objects.filter(about=about(drill.pk)).order_by("pk")
    sent: dict[int, datetime] = {}
    dead: set[int] = set()
    for user_id, sent_at, dead_at in messages.values_list("user_id", "sent_at", "dead_at"):
        if sent_at:
            sent[user_id] = min(sent_at, sent.get(user_id, sent_at))
        elif dead_at:
            dead.add(user_id)
    found = [
        Answer(page, sent.get(page.user_id), page.user_id in dead and page.user_id not in sent)
        for page in drill.pages.all()
    ]
    return sorted(found, key=lambda one: (one.page.answered_at is not None, not one.is_dead, one.page.pk))


def latest(engagement: Engagement) -> tuple[Drill, int, int] | None:
    """The newest drill, how many answered it, and how many it paged; None before the first."""
    drill = Drill.objects.filter(engagement=engagement).prefetch_related("pages").first()
    if drill is None:
        return None
    pages = drill.pages.all()
    return drill, sum(page.answered_at is not None for page in pages), len(pages)


def _say(drill: Drill, phrase: str, *, by, now: datetime, params: dict) -> None:
    timeline.record(
        drill.engagement,
        f"escalation.{phrase}",
        by=by,
        now=now,
        kind=TimelineEntry.Kind.HUMAN,
        params={"number": drill.number} | params,
        subject_type="drill",
        subject_id=drill.pk,
    )
