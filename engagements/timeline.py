"""What happened and who said so: writes timeline entries and puts them into the reader's words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

from engagements.models import Engagement, TimelineEntry
from iem_portal import rows
from iem_portal.live.announce import announce, announce_many
from iem_portal.registry import phrases
from iem_portal.templatetags.portal import day_text

TILE = "timeline"


def draft(
    engagement: Engagement,
    phrase: str,
    *,
    by,
    now: datetime,
    at: datetime | None = None,
    kind: str = TimelineEntry.Kind.HUMAN,
    params: dict | None = None,
    text: str = "",
    audience: str = TimelineEntry.Audience.ALL,
    subject_type: str = "",
    subject_id: int | None = None,
    client_id: str = "",
) -> TimelineEntry:
    """An unsaved entry; ``at`` (when it happened, UTC) defaults to ``now`` (when it is recorded)."""
    return TimelineEntry(
        engagement=engagement,
        phrase=phrase,
        params=params or {},
        at=at or now,
        recorded_at=now,
        kind=kind,
        text=text,
        audience=audience,
        actor_id=by.pk,
        actor_name=by.name,
        subject_type=subject_type,
        subject_id=subject_id,
        client_id=client_id,
    )


def record(engagement: Engagement, phrase: str, **words) -> TimelineEntry:
    """Write one entry (see :func:`draft`) in the caller's transaction and announce it."""
    entry = draft(engagement, phrase, **words)
    entry.save(force_insert=True)
    announce(engagement.topic, TILE)
    return entry


def record_many(entries: list[TimelineEntry]) -> None:
    """Write many drafted entries with one statement and announce each engagement once."""
    rows.insert(entries)
    announce_many({f"engagement:{entry.engagement_id}": [TILE] for entry in entries})


def sentence(entry: TimelineEntry, zone: ZoneInfo) -> str:
    """The entry in the active language; times in its params are printed in ``zone``."""
    phrase = phrases.get(entry.phrase)
    text = getattr(phrase, "text", None)
    if text is None:
        return entry.text or phrase.label
    values = {key: _shown(value, zone) for key, value in entry.params.items()}
    values |= {
        key: read(values[key]) for key, read in phrase.reads.items() if isinstance(values.get(key), str)
    }
    try:
        return str(text) % values
    except (KeyError, ValueError, TypeError):
        # An entry older than its phrase's wording: its own words beat an error page.
        return entry.text or entry.phrase


def _shown(value, zone: ZoneInfo):
    """A param as text: bilingual values by language, {"at": …} as a time in the zone."""
    if isinstance(value, dict) and "at" in value:
        instant = timezone.localtime(datetime.fromisoformat(value["at"]), zone)
        return f"{day_text(instant)} {instant:%H:%M} {instant.tzname()}"
    if isinstance(value, dict):
        return value.get(get_language() or "en") or value.get("en", "")
    return value
