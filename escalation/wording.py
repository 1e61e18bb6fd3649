"""Clocks in words: why a deadline is where it is, and when the clock ran, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from escalation import clock as pure
from escalation import why as parts
from escalation.models import Clock, Escalation

Printed = Callable[[datetime], str]


@dataclass(frozen=True)
class Stretch:
    """One stretch of a clock's strip; the percents of a strip add up to 100.

    ``kind`` is running, paused, closed (outside hours), rested (restored, before it broke again), late (after the
    deadline) or ahead (not come yet); ``word`` says so, ``reason`` why it stood still.
    """

    kind: str
    word: str
    since: datetime
    to: datetime
    percent: float
    reason: str = ""


def strip(state: pure.State | None, now: datetime) -> list[Stretch]:
    """When did the clock run and stand still, from its start to its stop, or its deadline or `now`, the later one?"""
    if state is None:
        return []
    words = {
        parts.RAN: pgettext("clock", "Running"),
        parts.PAUSED: pgettext("clock", "Paused"),
        parts.CLOSED: pgettext("clock", "Outside working hours"),
        parts.RESTED: pgettext("clock", "Service worked"),
        parts.LATE: pgettext("clock", "Past the deadline"),
        parts.AHEAD: pgettext("clock", "Still to come"),
    }
    return [
        Stretch(
            span.kind, words[span.kind], span.since, span.to, span.percent, _cause(span.label, span.reason)
        )
        for span in parts.spans(state, now)
    ]


def why(state: pure.State | None, zone_text: Printed, *, kind: str = Clock.Kind.FIRST_RESPONSE) -> str:
    """Why is the deadline where it is, in one sentence; ``zone_text(instant)`` prints an instant."""
    if state is None or state.started_at is None:
        return _not_started(kind)
    values = {"at": zone_text(state.started_at), "what": _began(kind)}
    if state.target is None:
        return _("Counts from %(at)s (%(what)s) and has no deadline.") % values
    due = pure.due_at(state)
    values |= {"span": _span(state.target.total_seconds()), "hours": _hours(state.calendar.as_json())}
    pauses = [one for one in state.segments if not one.is_running and one.reason != pure.RESTING]
    held = sum(((one.to or one.since) - one.since).total_seconds() for one in pauses)
    if due is None:
        since = zone_text(state.segments[-1].since)
        return _("Stands still since %(since)s: %(span)s from %(at)s (%(what)s), %(hours)s.") % (
            values | {"since": since}
        )
    values |= {"due": zone_text(due), "held": _span(held)}
    if held:
        return _("Due %(due)s: %(span)s from %(at)s (%(what)s), %(hours)s, %(held)s paused.") % values
    return _("Due %(due)s: %(span)s from %(at)s (%(what)s), %(hours)s.") % values


def reasons(
    state: pure.State | None, zone_text: Printed, *, kind: str = Clock.Kind.FIRST_RESPONSE
) -> list[str]:
    """The same in full, one sentence a part."""
    if state is None or state.started_at is None:
        return [_not_started(kind)]
    return [text for part in parts.explain(state) if (text := _sentence(part, kind, zone_text))]


def _sentence(part: dict, kind: str, zone_text: Printed) -> str:
    match part["part"]:
        case "start":
            return _start(kind) % {"at": zone_text(part["at"])}
        case "free":
            return _("Nothing is promised here, so there is no deadline.")
        case "target":
            return _target(kind) % part
        case "hours":
            return _("It counts %(hours)s.") % {"hours": _hours(part)}
        case "held":
            return _held(part, zone_text)
        case "was" if part["minutes"] is None:
            return _("Until %(until)s nothing was promised.") % {"until": zone_text(part["until"])}
        case "was":
            values = {"until": zone_text(part["until"]), "minutes": part["minutes"]}
            return _("Until %(until)s another target was set, with %(minutes)d minutes.") % values
        case "due" if part["at"]:
            return _("So it is due by %(at)s.") % {"at": zone_text(part["at"])}
    return _("While it stands still there is no deadline.")


def _not_started(kind: str) -> str:
    if kind == Clock.Kind.FIRST_RESPONSE:
        return _("The clock starts when the support case is opened, not when the problem is seen.")
    if kind == Clock.Kind.UPDATE:
        return _("At this severity no regular update is owed.")
    return _("This clock has not started.")


def _start(kind: str) -> str:
    return {
        Clock.Kind.FIRST_RESPONSE: _("The case was opened at %(at)s."),
        Clock.Kind.UPDATE: _("The time to the next update counts from %(at)s."),
        Clock.Kind.LEVEL: _("It came to this level at %(at)s."),
        Clock.Kind.RESTORE: _("The problem was detected at %(at)s."),
    }[kind]


def _began(kind: str) -> str:
    return {
        Clock.Kind.FIRST_RESPONSE: pgettext("clock start", "case opened"),
        Clock.Kind.UPDATE: pgettext("clock start", "last update"),
        Clock.Kind.LEVEL: pgettext("clock start", "level entered"),
        Clock.Kind.RESTORE: pgettext("clock start", "detected"),
    }[kind]


def _target(kind: str) -> str:
    return {
        Clock.Kind.FIRST_RESPONSE: _(
            "For this severity the support plan promises a first answer within %(minutes)d minutes."
        ),
        Clock.Kind.UPDATE: _("At this severity the customer hears at least every %(minutes)d minutes."),
        Clock.Kind.LEVEL: _(
            "At this severity this level has %(minutes)d minutes before the next one takes it."
        ),
        Clock.Kind.RESTORE: _(
            "The customer's objective is to have the service back within %(minutes)d minutes."
        ),
    }[kind]


def _held(part: dict, zone_text: Printed) -> str:
    values = {"since": zone_text(part["since"]), "reason": _cause(part["label"], part["reason"])}
    if part["reason"] == pure.RESTING:
        return _("The service worked from %(since)s to %(to)s.") % (values | {"to": zone_text(part["to"])})
    if part["to"] is None:
        return _("It stands still since %(since)s: %(reason)s.") % values
    return _("It stood still from %(since)s to %(to)s: %(reason)s.") % (
        values | {"to": zone_text(part["to"])}
    )


def _cause(label: str, reason: str) -> str:
    """The code of a wait in words with what was written to it."""
    if reason == pure.RESTING:
        return ""
    word = str(Escalation.Waiting(label).label) if label in Escalation.Waiting.values else ""
    return ", ".join(text for text in (word, reason) if text)


def _hours(calendar: dict) -> str:
    if calendar["kind"] == "24x7":
        return _("round the clock")
    pairs = calendar.get("segments") or [[calendar["opens"], calendar["closes"]]]
    values = {"hours": ", ".join("–".join(pair) for pair in pairs), "zone": calendar["zone"]}
    return _("working hours only (%(hours)s, %(zone)s)") % values


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    long = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else ""
    short = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest} if rest or not hours else ""
    return " ".join(text for text in (long, short) if text)
