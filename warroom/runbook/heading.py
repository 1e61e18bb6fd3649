"""Changing the header of a runbook: times, budgets, people, streams, the point of no return, the way back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from engagements import access
from warroom.models import Runbook
from warroom.runbook._base import StepError, atomic, change_runbook, tell
from warroom.runbook.life import HEADER_FIELDS

#: What belongs to the plan and is frozen with it.
PLANNED = frozenset(HEADER_FIELDS) | {"rollback_id"}
#: What may be changed at any time, because people change at night: who commands, and how a stream stands.
ALWAYS = frozenset({"commander_id", "deputy_id", "scribe_id", "comms_id"})


def change_header(*, runbook: Runbook, version: int, by, now: datetime, **fields) -> Runbook:
    """Write the given fields; those of the plan only while it may be changed. Nothing changed writes nothing."""
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    changed = {name: value for name, value in fields.items() if getattr(runbook, name) != value}
    if not changed:
        return runbook
    if runbook.is_over:
        raise StepError(_("The runbook is closed."))
    if not runbook.is_editable and changed.keys() & PLANNED - {"streams"}:
        raise StepError(_frozen())
    with atomic():
        after = change_runbook(runbook, version, None, **changed)
        words = {"fields": sorted(changed), "old": {k: _plain(getattr(runbook, k)) for k in changed}}
        tell(after, "runbook.header_changed", by=by, now=now, **words)
    return after


def set_stream(
    *, runbook: Runbook, version: int, by, now: datetime, key: str, rag: str, message: str, lead: str = ""
) -> Runbook:
    """How one stream stands, in its lead's words: green, amber, red or nothing said."""
    if rag not in _RAGS or key not in {stream["key"] for stream in runbook.streams}:
        raise StepError(_("Choose one of the list."), "rag")
    streams = [
        stream | {"rag": rag, "message": message[:300], "lead": lead[:120]}
        if stream["key"] == key
        else stream
        for stream in runbook.streams
    ]
    label = next(stream["label"] for stream in streams if stream["key"] == key)
    with atomic():
        after = change_runbook(runbook, version, None, streams=streams)
        tell(after, "stream.said", by=by, now=now, stream=label, rag=_RAGS[rag], message=message[:300])
    return after


_RAGS = {
    "": {"en": "nothing said", "ko": "미정"},
    "green": {"en": "green", "ko": "녹색"},
    "amber": {"en": "amber", "ko": "황색"},
    "red": {"en": "red", "ko": "적색"},
}


def _frozen() -> str:
    return _("This version is frozen. Open a new version to change it.")


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value
