"""Does reading AWS stay within the day's budget? Checked once a minute, said on the timeline when it cuts something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from engagements import timeline
from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import spending
from iem_portal.live import announce
from warroom.models import PollBudget
from warroom.setup import tiers

CHECKED_EVERY = timedelta(seconds=55)
TILES = ("metrics", "alarms", "sources", "quotas")
LARGEST = Decimal("100000")


def day_of(now: datetime) -> datetime:
    """The beginning of the day (UTC) that the budget is for; AWS bills by UTC days."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def usual_budget(engagement: Engagement, *, now: datetime) -> PollBudget:
    """The budget of an engagement for which nobody has set one; not stored."""
    return PollBudget(
        engagement=engagement,
        usd_per_day=tiers.DEFAULT_USD,
        changed_at=now,
        changed_by_name=SYSTEM_POLLER.name,
        spent_usd=Decimal(0),
    )


def budget_of(engagement: Engagement, *, now: datetime) -> PollBudget:
    """The budget of this engagement, the usual one until somebody sets another."""
    usual = usual_budget(engagement, now=now)
    fields = {name: getattr(usual, name) for name in ("usd_per_day", "changed_at", "changed_by_name")}
    return PollBudget.objects.get_or_create(engagement=engagement, defaults=fields)[0]


def check(engagements: Iterable[Engagement], *, now: datetime) -> None:
    """Compare what was spent today with the budget of each engagement; one worker does it, once a minute."""
    for engagement in engagements:
        found = getattr(engagement, "poll_budget", None) or budget_of(engagement, now=now)
        engagement.poll_budget = found
        is_today = found.checked_at is not None and found.checked_at >= day_of(now)
        if is_today and now - found.checked_at < CHECKED_EVERY:
            continue
        mine = PollBudget.objects.filter(pk=found.pk, checked_at=found.checked_at)
        with transaction.atomic():
            if mine.update(checked_at=now):
                found.checked_at = now
                _judge(found, now=now)


def set_budget(*, engagement: Engagement, usd_per_day: Decimal, by, now: datetime) -> PollBudget:
    """Change what a day may cost; what was cut back for the old one is judged again at once. Raises ValueError for
    an amount that is not above zero, or absurd."""
    if not usd_per_day.is_finite() or not Decimal("0.01") <= usd_per_day <= LARGEST:
        raise ValueError("usd_per_day")
    with transaction.atomic():
        budget_of(engagement, now=now)
        found = PollBudget.objects.select_for_update().get(engagement=engagement)
        before, found.usd_per_day = found.usd_per_day, usd_per_day.quantize(Decimal("0.01"))
        found.changed_at, found.changed_by_name = now, by.name
        found.save(update_fields=["usd_per_day", "changed_at", "changed_by_name"])
        if before != found.usd_per_day:
            timeline.record(
                engagement,
                "budget.set",
                by=by,
                now=now,
                params={"usd": f"{found.usd_per_day:.2f}", "before": f"{before:.2f}"},
            )
        _judge(found, now=now)
    return found


def _judge(found: PollBudget, *, now: datetime) -> None:
    """Store what was spent, and tell when a level begins or ends."""
    day = day_of(now)
    found.spent_usd = spending.spent(
        since=day, until=day + timedelta(days=1), engagement_id=found.engagement_id
    )
    level = tiers.level_of(found.spent_usd, found.usd_per_day)
    is_news = level != found.level
    if is_news:
        found.level, found.level_since_at = level, now
    found.save(update_fields=["spent_usd", "level", "level_since_at"])
    if not is_news:
        return
    timeline.record(
        found.engagement,
        f"budget.level{level}",
        by=SYSTEM_POLLER,
        now=now,
        kind="system",
        params={"spent": f"{found.spent_usd:.2f}", "usd": f"{found.usd_per_day:.2f}"},
    )
    announce(found.engagement.topic, *TILES)
