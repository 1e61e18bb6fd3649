"""The log of a runbook as people read it: a sentence for each act, the latest first, fifty at a time.

Acts stand where they happened, also those that were written down later; the page says when that was.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements import timeline
from engagements.models import TimelineEntry
from iem_portal.numbers import whole
from iem_portal.registry import phrases
from warroom.models import Runbook, RunbookEntry, Step
from warroom.runbook.cells import BY_KEY

PAGE = 50
_EDITS = {
    "edit.cell": _("%(code)s, %(column)s: %(old)s → %(new)s"),
    "edit.added": _("Row %(code)s added"),
    "edit.moved": _("Row %(code)s moved"),
    "edit.removed": _("Row %(code)s removed"),
}


def entries(runbook: Runbook, *, code: str = "", before: str = "") -> dict:
    """A page of the log; `before` is the key of the entry below which it goes on. Four queries."""
    mine = RunbookEntry.objects.filter(runbook=runbook)
    rows = mine.order_by("-at", "-pk")
    if code:
        rows = rows.filter(code=code.upper())
    if (last := whole(before)) is not None:
        at = mine.filter(pk=last).values_list("at", flat=True).first()
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=last)) if at else rows.none()
    found = list(rows[: PAGE + 1])
    zone = ZoneInfo(runbook.engagement.time_zone)
    titles = dict(Step.objects.filter(runbook=runbook).values_list("code", "title"))
    return {
        "entries": [_line(runbook, one, titles, zone) for one in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "code": code,
        "count": mine.count(),
    }


def _line(runbook: Runbook, one: RunbookEntry, titles: dict, zone: ZoneInfo) -> dict:
    phrase = phrases.get(one.act) if one.act in phrases else None
    text = _text(runbook, one, titles, zone)
    return {
        "entry": one,
        "text": text,
        "is_named": one.code in text,
        "icon": getattr(phrase, "icon", "pencil"),
        "look": getattr(phrase, "status", "todo"),
        "is_late": (one.recorded_at - one.at).total_seconds() > 60,
    }


def _text(runbook: Runbook, one: RunbookEntry, titles: dict, zone: ZoneInfo) -> str:
    if one.act in _EDITS:
        column = BY_KEY.get(one.params.get("field", ""))
        words = {"code": one.code, "column": column.label if column else ""}
        words |= {key: _short(one.params.get(key)) for key in ("old", "new")}
        return str(_EDITS[one.act]) % words
    params = {"code": one.code, "title": _title(runbook, one, titles), "number": runbook.number} | one.params
    entry = TimelineEntry(phrase=one.act, params=params, text="")
    return timeline.sentence(entry, zone)


def _title(runbook: Runbook, one: RunbookEntry, titles: dict):
    """The step's title as it reads now; a step that is gone keeps its code, an act of the whole the runbook's title."""
    return titles.get(one.code, one.code) if one.code else runbook.title


def _short(value) -> str:
    if isinstance(value, dict):
        value = value.get("en", "")
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    return str("—" if value in (None, "") else value)[:80]
