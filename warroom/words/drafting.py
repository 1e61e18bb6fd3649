"""What the facts say in words: a draft of a status update in each language, to be edited before it is sent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from iem_portal.templatetags.portal import instant_text, pick
from warroom.models import Step
from warroom.plan import whole_minutes
from warroom.words.facts import Facts


def drafted(facts: Facts) -> dict[str, str]:
    """The draft by language code; the same facts in each, from the catalogue and never translated by machine."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = "\n".join(lines(facts))
    return found


def about(step: Step, facts: Facts) -> dict[str, str]:
    """The draft of what a step is to tell, by language code: its title first, and then what the facts say."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = "\n".join([pick(step.title), *lines(facts)])
    return found


def is_inside(text: str) -> bool:
    """Whether a line was drafted, in whichever language, from what AWS noted for itself."""
    said = [line.strip() for line in text.splitlines()]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            before, _note, after = (_("AWS only: %(note)s") % {"note": "\0"}).partition("\0")
        if any(line.startswith(before.strip()) and line.endswith(after.strip()) for line in said):
            return True
    return False


def lines(facts: Facts) -> list[str]:
    """The draft line by line, in the active language and the event's zone."""
    return [
        *_pace(facts),
        *_steps(facts),
        *_alarms(facts),
        *_escalations(facts),
        *[_("AWS only: %(note)s") % {"note": note.params.get("text") or note.text} for note in facts.notes],
    ]


def _pace(facts: Facts) -> list[str]:
    if facts.view is None or facts.view.forecast.end_at is None:
        return []
    forecast, zone = facts.view.forecast, facts.engagement.time_zone
    words = {"end": instant_text(forecast.end_at, zone, "time"), "n": abs(forecast.late_min)}
    if forecast.late_min > 0:
        found = [_("Behind the plan by %(n)s min; forecast end %(end)s.") % words]
    elif forecast.late_min < 0:
        found = [_("Ahead of the plan by %(n)s min; forecast end %(end)s.") % words]
    else:
        found = [_("On plan; forecast end %(end)s.") % words]
    down = forecast.downtime
    if down and down.started_at:
        amounts = {"used": down.used_min, "budget": down.budget_min}
        text = _("Downtime: %(used)s of %(budget)s min.") if down.budget_min else _("Downtime: %(used)s min.")
        found.append(text % amounts)
    return found


def _steps(facts: Facts) -> list[str]:
    zone = facts.engagement.time_zone
    found = [
        _("%(code)s: %(outcome)s, %(at)s.")
        % {
            "code": step.code,
            "outcome": step.get_decision_display(),
            "at": _clock(step.actual_end_at, zone),
        }
        for step in facts.decided
    ]
    found += [_done(facts, step) for step in facts.done]
    found += [
        pgettext("step", "Running: %(step)s, since %(at)s.")
        % {"step": _named(step), "at": _clock(step.actual_start_at, zone)}
        for step in facts.running
    ]
    found += [
        _("%(state)s: %(step)s. %(reason)s")
        % {"state": step.get_status_display(), "step": _named(step), "reason": step.reason}
        for step in facts.stopped
    ]
    found += [
        pgettext("step", "Next: %(step)s, %(at)s.")
        % {"step": _named(step), "at": _clock(facts.view.of(step).start_at, zone)}
        for step in facts.coming
    ]
    return found


def _done(facts: Facts, step: Step) -> str:
    """One closed step, with its delay when it had one."""
    if step.status != "done":
        return f"{step.get_status_display()}: {_named(step)}."
    late = whole_minutes(step.actual_end_at - facts.view.of(step).planned_end_at)
    words = {"step": _named(step), "at": _clock(step.actual_end_at, facts.engagement.time_zone), "n": late}
    if late > 0:
        return pgettext("step", "Done: %(step)s, %(at)s, %(n)s min late.") % words
    return pgettext("step", "Done: %(step)s, %(at)s.") % words


def _alarms(facts: Facts) -> list[str]:
    found = []
    if facts.alarms:
        found.append(_("In alarm: %(names)s.") % {"names": ", ".join(one.name for one in facts.alarms)})
    if facts.cleared:
        found.append(_("Alarms cleared: %(names)s.") % {"names": ", ".join(facts.cleared)})
    return found


def _escalations(facts: Facts) -> list[str]:
    opened = [
        _("Open escalation %(n)s, %(severity)s: %(title)s.")
        % {"n": one.number, "severity": one.get_severity_display(), "title": one.title.rstrip(".")}
        for one in facts.escalations
    ]
    ended = [
        _("Escalation %(n)s is resolved: %(title)s.") % {"n": one.number, "title": one.title.rstrip(".")}
        for one in facts.resolved
    ]
    return [*opened, *ended]


def _named(step: Step) -> str:
    return f"{step.code} {pick(step.title)}"


def _clock(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}"
