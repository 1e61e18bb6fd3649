"""Where something was said a moment ago: names and versions that an open page compares with what it shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string

from iem_portal.registry import tiles
from workbook.models import Note, OpenItem, SectionState, Thread
from workbook.talk.places import TILE

#: A page that slept longer asks for everything anew.
RECENT = timedelta(minutes=10)
LIMIT = 40


@tiles.register
class TalkTile:
    """No words: they are fetched by an ordinary, permission-checked GET. A customer's tile knows no notes."""

    key = TILE
    audiences = ("staff", "customer")

    def render(self, engagement_id: int, *, audience: str, now: datetime) -> str:
        """A hidden list of the places where something was said, asked or moved. Four queries at most."""
        since = {"engagement_id": engagement_id, "changed_at__gt": now - RECENT}
        news = _news("talk", Thread.objects.filter(**since), F("changed_at"))
        news += _news("item", OpenItem.objects.filter(**since), F("changed_at"))
        states = SectionState.objects.filter(**since).order_by("-changed_at")
        news += [
            {"kind": "state", "pk": pk, "section": section, "row": "", "field": "", "when": at}
            for pk, section, at in states.values_list("pk", "section", "changed_at")[:LIMIT]
        ]
        if audience == "staff":
            news += _note_news(engagement_id, now)
        return render_to_string("workbook/talk/_news.html", {"news": news})


def _news(kind: str, found: QuerySet, when) -> list[dict]:
    """The newest of one kind with their places; a fixed row is on pages under its key."""
    rows = found.annotate(when=when, row_key=F("row__key")).order_by("-when")
    columns = rows.values("pk", "section", "row_id", "row_key", "field", "when")
    return [{"kind": kind, **row, "row": row["row_key"] or row["row_id"] or ""} for row in columns[:LIMIT]]


def _note_news(engagement_id: int, now: datetime) -> list[dict]:
    when = Coalesce("deleted_at", "at")
    notes = Note.objects.filter(engagement_id=engagement_id).alias(last=when)
    return _news("note", notes.filter(last__gt=now - RECENT), when)
