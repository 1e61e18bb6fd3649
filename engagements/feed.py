"""The newest timeline entries in the reader's words, without what their side must not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engagements.margins import NOTHING, Margin, margins_of, with_margins
from engagements.models import Engagement, TimelineEntry
from engagements.timeline import sentence
from iem_portal.accounts.actors import shown
from iem_portal.registry import phrases

#: Filters of the timeline by the word in the address.
KINDS = {
    "decisions": (TimelineEntry.Kind.DECISION,),
    "people": (TimelineEntry.Kind.HUMAN,),
    "communication": (TimelineEntry.Kind.COMMUNICATION,),
    "aws": (TimelineEntry.Kind.AWS,),
    "system": (TimelineEntry.Kind.SYSTEM,),
}


@dataclass(frozen=True)
class Line:
    """One entry as it is printed; ``is_internal`` marks what only AWS's side reads."""

    pk: int
    at: datetime
    on: date  # in the zone of the event
    text: str
    by: str
    icon: str
    status: str
    is_internal: bool
    kind: str = ""  # who or what spoke, in words
    is_starred: bool = False
    corrected_by: str = ""


def entries(engagement: Engagement, *, audience: str, kind: str = ""):
    """The entries this audience ("staff" or "customer") may read, newest first."""
    rows = with_margins(TimelineEntry.objects.filter(engagement=engagement))
    if audience != "staff":
        rows = rows.filter(audience=TimelineEntry.Audience.ALL)
    if kind in KINDS:
        rows = rows.filter(kind__in=KINDS[kind])
    return rows


def lines(engagement: Engagement, *, audience: str, limit: int, kind: str = "") -> list[Line]:
    """The newest ``limit`` entries as lines, in the active language and the event's zone. One query."""
    return as_lines(engagement, entries(engagement, audience=audience, kind=kind)[:limit])


def as_lines(engagement: Engagement, rows) -> list[Line]:
    """Entries as lines, in the active language and the event's zone."""
    zone, found = ZoneInfo(engagement.time_zone), list(rows)
    written = margins_of(found)
    return [_line(entry, zone, written.get(entry.pk, NOTHING)) for entry in found]


def _line(entry: TimelineEntry, zone: ZoneInfo, margin: Margin) -> Line:
    phrase = phrases.get(entry.phrase)
    return Line(
        pk=entry.pk,
        at=entry.at,
        on=entry.at.astimezone(zone).date(),
        text=margin.text or sentence(entry, zone),
        by=shown(entry.actor_name),
        icon=getattr(phrase, "icon", "s-info"),
        status=getattr(phrase, "status", "todo"),
        is_internal=entry.audience == TimelineEntry.Audience.AWS,
        kind=entry.get_kind_display(),
        is_starred=margin.is_starred,
        corrected_by=margin.corrected_by,
    )
