"""What is known of a signal: everything an escalation would ask about it, filled in from the board and the workbook."""

from __future__ import annotations

import re
from datetime import datetime

from engagements.models import Engagement
from escalation import matrix, promises
from iem_portal.registry import modules
from warroom import healthwords
from warroom.models import AlarmState, HealthEvent
from workbook.watches import Watch, alarm_matrix, watches

FALLBACK = ("high", "urgent", "normal", "critical", "low")


def of_alarm(alarm: AlarmState, *, engagement: Engagement, by, now: datetime) -> dict:
    """An alarm as the words of `escalation.actions.open_escalation`; severity by its module's class, else WB12's."""
    watch = _watch_of(alarm, watches(engagement))
    row = next((one for one in alarm_matrix(engagement) if _is_named(one.ref, alarm.name)), None)
    known = _module(engagement, watch.module if watch else "")
    wish = (known.severity if known else "") or (row.severity if row else "")
    found = _common(engagement, by, now=now, wish=wish)
    if row and row.first:
        found["owner_name"] = row.first[:120]
    return found | {
        "title": alarm.name[:200],
        "symptom": alarm.reason,
        "detected_at": min(alarm.changed_at or now, now),
        "module": known.name if known else "",
        "restore_target_min": known.restore_min if known else None,
        "signal": {"type": "alarm", "id": alarm.name[:200], "label": alarm.name[:200]},
        "facts": {
            "service": watch.namespace.removeprefix("AWS/")[:80] if watch else "",
            "region": alarm.region[:20],
            "account_id": alarm.account_id,
            "resources": ", ".join(value for _name, value in watch.dimensions) if watch else "",
        },
    }


def of_health(event: HealthEvent, *, engagement: Engagement, by, now: datetime) -> dict:
    """An AWS Health event, likewise."""
    title = healthwords.title(event.code)[:200]
    return _common(engagement, by, wish="", now=now) | {
        "title": title,
        "symptom": event.text[:4000],
        "detected_at": min(event.started_at or now, now),
        "module": "",
        "restore_target_min": None,
        "signal": {"type": "health", "id": event.arn[:200], "label": title},
        "facts": {
            "service": event.service[:80],
            "region": event.region[:20],
            "account_id": event.account_id,
            "resources": ", ".join(str(entity[0]) for entity in event.entities[:20] if entity),
        },
    }


def _common(engagement: Engagement, by, *, wish: str, now: datetime) -> dict:
    """Lane, owner and a severity that the plan offers."""
    offered = promises.offered(promises.freeze(engagement, now=now))
    severity = next(code for code in (wish, *FALLBACK, *offered) if code in offered)
    first = matrix.read(engagement.pk).at("technical", 0)
    return {
        "lane": "technical",
        "severity": severity,
        "owner_name": (first[0].who if first else by.name)[:120],
        "offered": offered,
    }


def _module(engagement: Engagement, name: str):
    part = modules.get("workbook")
    rows = part.of(engagement.pk) if name and hasattr(part, "of") else []
    return next((one for one in rows if one.name == name), None)


def _watch_of(alarm: AlarmState, found: list[Watch]) -> Watch | None:
    """The watched metric that the alarm's name speaks of: by title or metric, in its own account and Region."""
    here = [one for one in found if (one.account_id, one.region) == (alarm.account_id, alarm.region)]
    name = _plain(alarm.name)
    by_title = next((one for one in here if (title := _plain(one.title)) and title in name), None)
    return by_title or next((one for one in here if (metric := _plain(one.metric)) and metric in name), None)


def _is_named(reference: str, name: str) -> bool:
    """The matrix names an alarm by its name or its ARN."""
    return reference == name or reference.endswith(f":alarm:{name}")


def _plain(text: str) -> str:
    return re.sub(r"\W|_", "", text).casefold()
