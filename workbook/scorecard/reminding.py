"""Sends one reminder a person and day at most; driven by a look at the rows, so nothing waits in the broker."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from engagements import access
from engagements.models import Engagement
from engagements.workdays import working_days_of
from iem_portal.accounts.models import User
from iem_portal.notifications.outbox import Message, enqueue
from workbook.models import Digest, Quiet
from workbook.scorecard import digests, rhythm
from workbook.scorecard.digests import Reminder
from workbook.scorecard.freezing import OPEN_PHASES

logger = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Write the reminders that are due into the outbox; how many. Twice at one instant sends once."""
    waiting = _waiting(now)
    found: dict[int, list[Reminder]] = defaultdict(list)
    wanted = {engagement.pk: engagement for each in waiting.values() for engagement in each}
    for engagement in wanted.values():
        for reminder in _of(engagement, now):
            user = reminder.member.user_id
            if engagement in waiting.get(user, ()) and not reminder.is_empty:
                found[user].append(reminder)
    return sum(_send(user, found[user], now) for user in waiting)


def _of(engagement: Engagement, now: datetime) -> list[Reminder]:
    """What its people are reminded of; an engagement that cannot be read keeps nobody else's mail back."""
    try:
        with transaction.atomic():
            return list(digests.of_engagement(engagement, now))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("nobody is reminded of %s", engagement.reference)
        return []


def _waiting(now: datetime) -> dict[int, list[Engagement]]:
    """The people whose hour it is, who were told nothing today, with their engagements. Three queries."""
    members = (
        access.members()
        .filter(
            engagement__phase__in=OPEN_PHASES,
            engagement__standing=Engagement.Standing.ACTIVE,
            # The rhythm is silent outside of this; the database need not hand out closed years.
            engagement__starts_at__range=(now - timedelta(days=15), now + timedelta(days=75)),
        )
        .select_related("engagement__customer")
    )
    told = set(Digest.objects.filter(day__gte=now - timedelta(days=2)).values_list("user_id", "day"))
    quiet = set(Quiet.objects.values_list("user_id", "engagement_id"))
    waiting: dict[int, list[Engagement]] = defaultdict(list)
    for member in members:
        local = now.astimezone(ZoneInfo(member.user.time_zone))
        is_open = (member.user_id, local.date()) not in told and rhythm.is_time(local)
        if not is_open or (member.user_id, member.engagement_id) in quiet:
            continue
        if is_day_of(member.engagement, member.user, local.date()):
            waiting[member.user_id].append(member.engagement)
    return waiting


def is_day_of(engagement: Engagement, user: User, day: date) -> bool:
    """Whether this person is reminded of this engagement on this day of theirs."""
    t0_day = engagement.starts_at.astimezone(ZoneInfo(user.time_zone)).date()
    return rhythm.is_reminder_day(day, t0_day, working_days_of(engagement.customer.country))


def _send(user_id: int, reminders: list[Reminder], now: datetime) -> int:
    """One mail, or only the mark that there was nothing to say; nothing when another worker was quicker."""
    user = reminders[0].member.user if reminders else User.objects.get(pk=user_id)
    day = now.astimezone(ZoneInfo(user.time_zone)).date()
    try:
        with transaction.atomic():
            Digest.objects.create(
                user=user,
                day=day,
                made_at=now,
                engagements=[reminder.engagement.reference for reminder in reminders],
            )
            if reminders:
                enqueue([message(user, day, reminders, now)], now=now)
    except IntegrityError:
        return 0
    return int(bool(reminders))


def message(user: User, day: date, reminders: list[Reminder], now: datetime) -> Message:
    """The mail of one person; the nearest event comes first."""
    ordered = sorted(reminders, key=lambda reminder: reminder.engagement.starts_at)
    return Message(
        key=f"workbook:digest:user:{user.pk}:{day}:email",
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template="workbook/mail/digest",
        params={
            "late": sum(reminder.late for reminder in ordered),
            "engagements": [reminder.plain(now) for reminder in ordered],
        },
        engagement_id=ordered[0].engagement.pk if len(ordered) == 1 else None,
    )


def preview(engagement: Engagement, now: datetime) -> list[tuple[Reminder, date, bool, bool]]:
    """What would go out tomorrow: each member's reminder as of now, their day, whether it is one, and their silence."""
    quiet = set(Quiet.objects.filter(engagement=engagement).values_list("user_id", flat=True))
    lines = []
    for reminder in digests.of_engagement(engagement, now + timedelta(days=1)):
        user = reminder.member.user
        day = now.astimezone(ZoneInfo(user.time_zone)).date() + timedelta(days=1)
        lines.append((reminder, day, is_day_of(engagement, user, day), user.pk in quiet))
    return lines


def be_quiet(*, engagement: Engagement, user: User, is_quiet: bool, now: datetime) -> None:
    """Stop or start the reminders of one person about one engagement."""
    if is_quiet:
        Quiet.objects.get_or_create(engagement=engagement, user=user, defaults={"since": now})
    else:
        Quiet.objects.filter(engagement=engagement, user=user).delete()
