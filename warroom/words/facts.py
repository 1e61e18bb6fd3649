"""What has happened since the last status update, as one side may know it?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from engagements.models import Engagement, TimelineEntry
from escalation.models import Escalation
from warroom.models import AlarmChange, AlarmState, StatusUpdate, Step
from warroom.outlook import Outlook, outlook

#: Without an update before, or with a very old one, nobody wants to hear of more than this.
LONGEST_BACK = timedelta(hours=12)
MOST = 12
STOPPED = ("blocked", "failed")
GRAVE = ("critical", "urgent")


@dataclass(frozen=True)
class Facts:
    """Everything a draft may say. Rows are model instances; instants are aware UTC."""

    engagement: Engagement
    since: datetime
    now: datetime
    view: Outlook | None
    done: list[Step] = field(default_factory=list)
    decided: list[Step] = field(default_factory=list)
    running: list[Step] = field(default_factory=list)
    stopped: list[Step] = field(default_factory=list)
    coming: list[Step] = field(default_factory=list)
    alarms: list[AlarmState] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    resolved: list[Escalation] = field(default_factory=list)
    notes: list[TimelineEntry] = field(default_factory=list)  # AWS only; empty for everybody else

    @property
    def late_min(self) -> int:
        """Minutes the forecast end is behind the plan; negative is ahead."""
        return self.view.forecast.late_min if self.view else 0

    @property
    def state(self) -> str:
        """The state the facts suggest: a proposal, a person chooses."""
        down = self.view.forecast.downtime if self.view else None
        if self.stopped or self.late_min >= 30 or (down and down.is_over):
            return StatusUpdate.State.OFF_PLAN
        is_grave = any(one.severity in GRAVE for one in self.escalations)
        if self.late_min >= 5 or self.alarms or is_grave:
            return StatusUpdate.State.AT_RISK
        return StatusUpdate.State.ON_PLAN


def since_last(engagement: Engagement, *, audience: str, now: datetime) -> Facts:
    """The facts for an update to "all" or "aws", since the last one its receivers got. About seven queries."""
    rows = StatusUpdate.objects.filter(engagement=engagement)
    rows = rows if audience == "aws" else rows.filter(audience=StatusUpdate.Audience.ALL)
    last_at = rows.values_list("sent_at", flat=True).first()
    since = max(last_at or now - LONGEST_BACK, now - LONGEST_BACK)
    view = outlook(engagement, now)
    alarms, cleared = _alarms(engagement, since)
    opened, resolved = _escalations(engagement, since)
    return Facts(
        engagement=engagement,
        since=since,
        now=now,
        view=view,
        alarms=alarms,
        cleared=cleared,
        escalations=opened,
        resolved=resolved,
        notes=_notes(engagement, since) if audience == "aws" else [],
        **(_steps(view, since) if view else {}),
    )


def _steps(view: Outlook, since: datetime) -> dict[str, list[Step]]:
    ended = [step for step in view.steps if step.actual_end_at and step.actual_end_at > since]
    ended.sort(key=lambda step: step.actual_end_at)
    return {
        "done": [step for step in ended if not step.is_gate][-MOST:],
        "decided": [step for step in ended if step.is_gate and step.decision],
        "running": [step for step in view.running if step.status == "running"],
        "stopped": [step for step in view.steps if step.status in STOPPED],
        "coming": view.upcoming[:2],
    }


def _alarms(engagement: Engagement, since: datetime) -> tuple[list[AlarmState], list[str]]:
    """Alarms that are on, and the names of those that cleared since. Two queries."""
    states = AlarmState.objects.filter(engagement=engagement, gone_at=None, state=AlarmState.State.ALARM)
    on = list(states)
    changes = AlarmChange.objects.filter(engagement=engagement, at__gt=since, old_state="ALARM", state="OK")
    names = dict.fromkeys(changes.values_list("name", flat=True))
    still = {alarm.name for alarm in on}
    return on[:MOST], [name for name in names if name not in still][:MOST]


def _escalations(engagement: Engagement, since: datetime) -> tuple[list[Escalation], list[Escalation]]:
    """Those that are open, and those that ended since. One query."""
    rows = Escalation.objects.filter(Q(resolved_at=None) | Q(resolved_at__gt=since), engagement=engagement)
    found = list(rows.order_by("number"))
    return [one for one in found if one.is_open], [one for one in found if not one.is_open]


def _notes(engagement: Engagement, since: datetime) -> list[TimelineEntry]:
    """What AWS's side noted for itself. One query."""
    rows = TimelineEntry.objects.filter(
        engagement=engagement, audience=TimelineEntry.Audience.AWS, phrase="note.posted", at__gt=since
    )
    return list(rows.order_by("at")[:MOST])
