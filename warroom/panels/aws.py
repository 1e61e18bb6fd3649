"""What the board says about alarms, Health events, the use of quotas, and how well each source is read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count

from engagements.models import Engagement
from iem_portal.registry import sources as registered
from warroom import series
from warroom.models import AlarmChange, AlarmState, HealthEvent, QuotaUse
from warroom.noise import muting, rules
from warroom.panels import targets
from workbook import services

CLEARED_FOR = timedelta(minutes=30)
CLOSED_FOR = timedelta(hours=6)
QUOTA_NEAR, QUOTA_FULL = 0.8, 0.95


def alarms(engagement: Engagement, now: datetime) -> dict:
    """Alarms that speak, those that cleared in the last half hour, and how many are normal."""
    rows = list(AlarmState.objects.filter(engagement=engagement, gone_at__isnull=True))
    speaking = [row for row in rows if row.state != AlarmState.State.OK]
    speaking, muted = muting.split(engagement, speaking)
    speaking.sort(key=lambda row: (row.state != AlarmState.State.ALARM, -_stamp(row.changed_at)))
    normal = [row for row in rows if row.state == AlarmState.State.OK]
    cleared = [
        row
        for row in normal
        if row.previous_state == AlarmState.State.ALARM
        and row.changed_at
        and now - row.changed_at < CLEARED_FOR
    ]
    cleared.sort(key=lambda row: -_stamp(row.changed_at))
    stand = targets.standing(engagement, "alarms", now)
    often = _raised_often(engagement, now) if rows else {}
    for row in (*speaking, *cleared):
        row.raised = often.get((row.account_id, row.region, row.name), 0)
    return stand | {
        "engagement": engagement,
        "now": now,
        "speaking": speaking,
        "muted": muted,
        "cleared": cleared,
        "normal": len(normal),
        # Rows that nobody reads any more are history, and must not look like now.
        "is_stopped": bool(rows) and not stand["targets"],
    }


def _raised_often(engagement: Engagement, now: datetime) -> dict[tuple[str, str, str], int]:
    """How often each alarm went off in the last half hour; those that did so more than once. One query."""
    raised = AlarmChange.objects.filter(
        engagement=engagement, state=AlarmState.State.ALARM, at__gt=now - CLEARED_FOR
    )
    counted = raised.values_list("account_id", "region", "name").annotate(times=Count("pk"))
    return {(account, region, name): times for account, region, name, times in counted if times > 1}


def health(engagement: Engagement, now: datetime) -> dict:
    """Open and coming Health events, and those closed in the last hours."""
    rows = HealthEvent.objects.filter(engagement=engagement)
    order = {"open": 0, "upcoming": 1, "closed": 2}
    shown = [
        row for row in rows if row.status != "closed" or not row.ended_at or now - row.ended_at < CLOSED_FOR
    ]
    shown, aside = _heard(engagement, _once(shown))
    for row in shown:
        row.is_in_window = _touches_window(row, engagement)
    shown.sort(
        key=lambda row: (
            order.get(row.status, 1),
            not row.is_in_window,
            row.scope == "PUBLIC",
            -_stamp(row.started_at),
        )
    )
    stand = targets.standing(engagement, "health", now)
    return stand | {
        "engagement": engagement,
        "events": shown,
        "aside": aside,
        "regions": engagement.regions,
        "is_stopped": bool(shown) and not stand["targets"],
    }


def _heard(engagement: Engagement, events: list[HealthEvent]) -> tuple[list, list[dict]]:
    """Events that say something to this one; and those that do not, by the reason: type, Region, service."""
    codes = muting.muted_codes(engagement) if events else {}
    used = services.used(engagement) if any(event.scope == "PUBLIC" for event in events) else set()
    shown: list[HealthEvent] = []
    aside: dict[str, list[HealthEvent]] = {"type": [], "region": [], "service": []}
    for event in events:
        place = {"region": event.region, "account_id": event.account_id, "regions": engagement.regions}
        if event.code in codes:
            aside["type"].append(event)
        elif rules.is_elsewhere(scope=event.scope, **place):
            aside["region"].append(event)
        elif rules.is_unused(scope=event.scope, service=event.service, used=used):
            aside["service"].append(event)
        else:
            shown.append(event)
    return shown, [{"why": why, "events": found} for why, found in aside.items() if found]


def _once(events: list[HealthEvent]) -> list[HealthEvent]:
    """A public event that several accounts tell is shown once, as it was told last."""
    found: dict[tuple, HealthEvent] = {}
    for event in sorted(events, key=lambda one: _stamp(one.updated_at)):
        found[(event.arn,) if event.scope == "PUBLIC" else (event.arn, event.account_id)] = event
    return list(found.values())


def _touches_window(event: HealthEvent, engagement: Engagement) -> bool:
    """Does a scheduled change fall into the event's window?"""
    if event.category != "scheduledChange" or event.started_at is None:
        return False
    return (
        event.started_at < engagement.ends_at and (event.ended_at or event.started_at) >= engagement.starts_at
    )


def quotas(engagement: Engagement, now: datetime) -> dict:
    """The quotas of the workbook with what is in use, the fullest first. Two queries."""
    rows = list(QuotaUse.objects.filter(engagement=engagement))
    rows.sort(key=lambda row: (row.share is None, -(row.share or 0), row.name))
    for row in rows:
        row.look = "todo" if row.share is None else _quota_look(row.share)
        row.percent = None if row.share is None else round(row.share * 100)
        row.bar = None if row.share is None else min(100.0, round(row.share * 100, 1))
        row.used_text = None if row.used is None else series.number(row.used)
        row.value_text = series.number(row.value)
    stand = targets.standing(engagement, "quotas", now)
    return stand | {
        "engagement": engagement,
        "used": [row for row in rows if row.share is not None],
        "unknown": [row for row in rows if row.share is None],
        "is_stopped": bool(rows) and not stand["targets"],
    }


def _quota_look(share: float) -> str:
    return "bad" if share >= QUOTA_FULL else "watch" if share >= QUOTA_NEAR else "ok"


def sources(engagement: Engagement, now: datetime) -> dict:
    """Every source by account and Region: when it was last read well, up to when its data goes, and faults."""
    rows = []
    for target in targets.of_engagement(engagement):
        source = registered.get(target.source)
        rows.append(
            {
                "target": target,
                "label": source.label,
                "fault": targets.fault_of(target, now),
                "stale_after_s": getattr(source, "interval_s", 60) * series.MISSED_INTERVALS,
            }
        )
    room = getattr(engagement, "war_room", None)
    budget = getattr(engagement, "poll_budget", None)
    return {"engagement": engagement, "rows": rows, "room": room, "budget": budget}


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
