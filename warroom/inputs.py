"""What the portal itself knows when a gate is decided: alarms, Health, escalations, quotas, forecast, readiness.

Each input is plain data, so that it can be frozen with the decision: a key, a state (ok, watch, bad,
unknown), and numbers and names. Words are put to it when it is read. Nothing here is for AWS alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models import Engagement, SuccessCriterion
from engagements.verdict import is_met
from escalation.models import Escalation
from iem_portal.spans import minutes_text
from iem_portal.templatetags.portal import instant_text
from warroom import gatebook, healthwords
from warroom.models import AlarmState, HealthEvent, PollTarget, Step
from warroom.outlook import Outlook, outlook
from warroom.panels import telemetry
from workbook.models import QuotaIncrease
from workbook.readiness import outline
from workbook.scorecard import board

NAMES = 5
#: Alarms and Health that were last read longer ago than this are not known.
SILENT = timedelta(minutes=10)
#: Params that are whole minutes.
LENGTHS = ("left", "length", "late")
LABELS = {
    "alarms": _("Alarms"),
    "health": _("AWS Health"),
    "escalations": _("Escalations"),
    "quotas": _("Quota increases"),
    "forecast": pgettext_lazy("of a plan", "Forecast"),
    "abort": _("Latest safe abort"),
    "readiness": _("Readiness"),
    "metrics": _("Watched metrics"),
    "steps": _("Steps"),
    "criteria": _("Success criteria"),
}
WORDS = {
    "alarms": _("%(count)s in ALARM %(names)s"),
    "alarms_none": _("None in ALARM"),
    "silent": _("Not read since %(at)s"),
    "never_read": _("Never read"),
    "health": _("%(count)s open, %(upcoming)s scheduled %(names)s"),
    "health_none": _("Nothing open or scheduled"),
    "escalations": _("%(count)s open, %(severe)s of them critical or urgent"),
    "escalations_none": _("None open"),
    "quotas": _("%(count)s still open"),
    "quotas_none": _("None open"),
    "forecast": _("Ends %(end)s, limit %(limit)s, %(late)s late"),
    "forecast_early": _("Ends %(end)s, limit %(limit)s, %(late)s early"),
    "no_forecast": _("No forecast"),
    "abort": _("%(at)s, %(left)s left; rollback takes %(length)s"),
    "abort_past": _("%(at)s has passed; rollback takes %(length)s"),
    "no_rollback": _("No rollback plan"),
    "readiness": _("%(red)s red, %(yellow)s yellow, %(green)s green"),
    "metrics": _("%(over)s beyond their limit, %(stale)s without new data %(names)s"),
    "metrics_ok": _("%(count)s within their limits"),
    "metrics_none": _("Nothing is watched"),
    "steps": _("%(failed)s failed or blocked %(names)s"),
    "steps_ok": _("None failed or blocked"),
    "criteria": _("%(missed)s missed, %(met)s met, %(open)s not measured"),
}


def read(view: Outlook, keys: Iterable[str], now: datetime) -> list[dict]:
    """The inputs a gate asks for, as they are at this second."""
    return [_READERS[key](view, now) | {"key": key} for key in keys if key in _READERS]


def at_gate(step: Step, now: datetime) -> list[dict]:
    """The inputs of one gate at this second; empty when the plan cannot be forecast."""
    view = outlook(step.runbook.engagement, now, step.runbook.number)
    return read(view, gatebook.gate(step.gate_key)["inputs"], now) if view else []


def words(one: dict, zone: ZoneInfo) -> str:
    """An input in the reader's language; instants in the zone of the event."""
    values = {
        key: instant_text(datetime.fromisoformat(value["at"]), zone.key, "time")
        if isinstance(value, dict)
        else value
        for key, value in one["params"].items()
    }
    values |= {key: minutes_text(values[key]) for key in LENGTHS if isinstance(values.get(key), int)}
    if one["words"] == "health":
        values["names"] = healthwords.read_out(str(values.get("names", "")))
    return (str(WORDS[one["words"]]) % values).strip()


def _said(state: str, words: str, **params) -> dict:
    return {"state": state, "words": words, "params": params}


def _named(names: list[str]) -> str:
    more = f", +{len(names) - NAMES}" if len(names) > NAMES else ""
    return f"({', '.join(names[:NAMES])}{more})" if names else ""


def _silence(engagement: Engagement, source: str, now: datetime) -> dict | None:
    """What is said instead of "none" when AWS was not heard: missing is never zero."""
    reads = PollTarget.objects.filter(engagement=engagement, source=source, is_active=True)
    oldest = list(reads.values_list("last_ok_at", flat=True))
    if not oldest or any(at is None for at in oldest):
        return _said("unknown", "never_read")
    if now - min(oldest) > SILENT:
        return _said("unknown", "silent", at={"at": min(oldest).isoformat()})
    return None


def _alarms(view: Outlook, now: datetime) -> dict:
    rows = AlarmState.objects.filter(engagement=view.engagement, state="ALARM", gone_at=None)
    names = list(rows.order_by("name").values_list("name", flat=True))
    if names:
        return _said("bad", "alarms", count=len(names), names=_named(names))
    return _silence(view.engagement, "alarms", now) or _said("ok", "alarms_none")


def _health(view: Outlook, now: datetime) -> dict:
    rows = HealthEvent.objects.filter(engagement=view.engagement, status__in=["open", "upcoming"])
    found = list(rows.values_list("code", "status"))
    if not found:
        return _silence(view.engagement, "health", now) or _said("ok", "health_none")
    is_open = sum(status == "open" for _code, status in found)
    names = _named(sorted({code for code, _status in found}))
    state = "bad" if is_open else "watch"
    return _said(state, "health", count=is_open, upcoming=len(found) - is_open, names=names)


def _escalations(view: Outlook, now: datetime) -> dict:
    rows = Escalation.objects.filter(engagement=view.engagement, resolved_at=None)
    found = list(rows.values_list("severity", flat=True))
    severe = sum(severity in ("critical", "urgent") for severity in found)
    if not found:
        return _said("ok", "escalations_none")
    return _said("bad" if severe else "watch", "escalations", count=len(found), severe=severe)


def _quotas(view: Outlook, now: datetime) -> dict:
    count = QuotaIncrease.objects.filter(engagement=view.engagement, ended_at=None).count()
    return _said("watch", "quotas", count=count) if count else _said("ok", "quotas_none")


def _forecast(view: Outlook, now: datetime) -> dict:
    seen, limit = view.forecast, view.runbook.window_end
    if seen.end_at is None:
        return _said("unknown", "no_forecast")
    state = "bad" if seen.end_at > limit else "watch" if seen.late_min > 0 else "ok"
    words = {"end": {"at": seen.end_at.isoformat()}, "limit": {"at": limit.isoformat()}}
    key = "forecast" if seen.late_min >= 0 else "forecast_early"
    return _said(state, key, late=abs(seen.late_min), **words)


def _abort(view: Outlook, now: datetime) -> dict:
    seen = view.forecast.abort
    if seen is None:
        return _said("unknown", "no_rollback")
    words = {"at": {"at": seen.latest_at.isoformat()}, "length": seen.rollback_min}
    if seen.is_past:
        return _said("bad", "abort_past", **words)
    is_late = view.forecast.end_at is not None and view.forecast.end_at > seen.latest_at
    return _said("watch" if is_late else "ok", "abort", left=seen.left_min, **words)


def _readiness(view: Outlook, now: datetime) -> dict:
    found = board.counts(board.lines(view.engagement, outline(view.engagement), now))
    red, yellow, green = (found.get(colour, 0) for colour in ("RED", "YELLOW", "GREEN"))
    state = "bad" if red else "watch" if yellow else "ok"
    return _said(state, "readiness", red=red, yellow=yellow, green=green)


def _metrics(view: Outlook, now: datetime) -> dict:
    board = telemetry.metrics(view.engagement, now)
    drawn = [*board["tiles"], *board["hidden"]]  # put away on the board, but not out of the world
    over = [tile["watch"].title for tile in drawn if tile["state"] == "over"]
    stale = [tile["watch"].title for tile in drawn if tile["state"] in ("stale", "never")]
    if not drawn:
        return _said("unknown", "metrics_none")
    if not over and not stale:
        return _said("ok", "metrics_ok", count=len(drawn))
    words = {"over": len(over), "stale": len(stale), "names": _named(over + stale)}
    return _said("bad" if over else "unknown", "metrics", **words)


def _steps(view: Outlook, now: datetime) -> dict:
    codes = [step.code for step in view.steps if step.status in ("failed", "blocked")]
    return _said("bad", "steps", failed=len(codes), names=_named(codes)) if codes else _said("ok", "steps_ok")


def _criteria(view: Outlook, now: datetime) -> dict:
    rows = SuccessCriterion.objects.filter(engagement=view.engagement, removed_at=None)
    found = [is_met(one.operator, one.target, one.target_high, one.actual) for one in rows]
    missed, met = found.count(False), found.count(True)
    state = "bad" if missed else "watch" if len(found) > met else "ok"
    return _said(state, "criteria", missed=missed, met=met, open=len(found) - met - missed)


_READERS = {
    "alarms": _alarms,
    "health": _health,
    "escalations": _escalations,
    "quotas": _quotas,
    "forecast": _forecast,
    "abort": _abort,
    "readiness": _readiness,
    "metrics": _metrics,
    "steps": _steps,
    "criteria": _criteria,
}
