"""Which targets read AWS for a board, how they stand, and from when on what they brought is old."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement
from iem_portal.registry import sources as registered
from warroom import faults, series
from warroom.models import PollTarget
from warroom.setup import tiers


def fault_of(target: PollTarget | None, now: datetime) -> dict | None:
    """The fault of a target in words, or None when it is read well.

    Polling has stopped when the last attempt is older than three intervals and none is due yet.
    """
    if target is None:
        return None
    source = registered.get(target.source)
    interval_s = getattr(source, "interval_s", 60)
    reference = max(filter(None, (target.last_attempt_at, target.next_poll_at)))
    if (now - reference).total_seconds() > series.MISSED_INTERVALS * interval_s:
        return {"kind": "stopped", "words": faults.words("stopped"), "since_at": target.last_attempt_at}
    if target.last_error_kind:
        actions = faults.missing(getattr(source, "iam_actions", ()), target.last_error_message)
        words = faults.words(target.last_error_kind, actions)
        return {
            "kind": target.last_error_kind,
            "words": words,
            "since_at": target.failing_since_at,
            "clocks": faults.clocks(target.last_error_message),
        }
    return None


def of_engagement(engagement: Engagement) -> list[PollTarget]:
    """The active targets; kept on the instance, so that one page asks once."""
    kept = getattr(engagement, "_poll_targets", None)
    if kept is None:
        kept = engagement._poll_targets = list(
            PollTarget.objects.filter(engagement=engagement, is_active=True)
        )
    return kept


def stale_after_s(engagement: Engagement, targets: list[PollTarget]) -> int:
    """Seconds without a good read from which a list is old: three intervals of the slowest source behind it."""
    slowest = max((getattr(registered.get(one.source), "interval_s", 60) for one in targets), default=60)
    budget = getattr(engagement, "poll_budget", None)
    if budget is not None and targets and targets[0].source == "alarms":
        slowest = tiers.alarms_interval_s(budget.level, slowest)
    return slowest * series.MISSED_INTERVALS


def standing(engagement: Engagement, source: str, now: datetime) -> dict:
    """How a list read by this source stands: as old as the oldest of its targets, for one account that is not read
    makes the whole list old; and the faults behind it."""
    mine = [target for target in of_engagement(engagement) if target.source == source]
    read_at = [target.data_until for target in mine if target.data_until]
    return {
        "targets": mine,
        "is_read": any(target.last_ok_at for target in mine),
        "data_until": min(read_at, default=None),
        "stale_after_s": stale_after_s(engagement, mine),
        "faults": [(target, fault) for target in mine if (fault := fault_of(target, now))],
    }
