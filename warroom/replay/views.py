"""The page that plays a past event, and the board's state at one of its instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from engagements.access import Permission, requires
from warroom.replay import reading, span
from warroom.replay.acts import fold
from warroom.replay.rows import Said
from warroom.replay.state import WINDOW, state_at

WHY = {
    "unreadable": gettext_lazy("Enter a date and time, such as 2026-11-28 23:00."),
    "order": gettext_lazy("The end must be after the beginning."),
    "long": gettext_lazy("A replay is seven days long at most."),
    "future": gettext_lazy("This time is in the future."),
}
SPEEDS = (1, 10, 60, 300)
#: A mark above the slider for what people look for first.
MARKED = frozenset({"bad", "watch"})


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `errors` by field, and the instant and span that are shown all the same."""

    span: span.Span
    instant: datetime
    errors: dict[str, str]


@requires(Permission.VIEW)
@require_GET
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The replay: slider, moments, and the board as it stood. 422 for an instant that is none."""
    engagement, now = request.engagement, timezone.now()
    asked = _asked(request, now)
    is_staff = Permission.SEE_INTERNAL in request.permissions
    inside = Q(at__gte=asked.span.start, at__lte=asked.span.end)
    older = reading.STANDING & Q(recorded_at__lte=asked.instant)
    entries = reading.said(
        engagement, is_staff=is_staff, which=inside | older | Q(phrase__in=reading.GAMEDAYS)
    )
    lines = reading.lines(engagement, entries)
    moments = [one for one in lines if asked.span.start <= one.at <= asked.span.end]
    shown = state_at(reading.record(engagement, asked.instant, is_staff=is_staff, said=lines), asked.instant)
    context = {
        "state": shown,
        "span": asked.span,
        "errors": asked.errors,
        "typed": {name: request.GET.get(name, "") for name in ("at", "from", "to")},
        "local": _local(asked.instant, engagement.time_zone),
        "moments": moments,
        "marks": [(asked.span.share(one.at), one.look) for one in moments if one.look in MARKED],
        "is_cut": len(entries) == reading.MOST_LINES,
        "choices": _choices(engagement, entries, now),
        "speeds": SPEEDS,
        "zone": engagement.time_zone,
        "engagement": engagement,
        "now": now,
    }
    return render(request, "warroom/replay/page.html", context, status=422 if asked.errors else 200)


@requires(Permission.VIEW)
@require_GET
def state(request: HttpRequest, reference: str) -> HttpResponse:
    """The board as it stood at `?at=`, as a part of the page."""
    engagement, now = request.engagement, timezone.now()
    asked = _asked(request, now)
    if asked.errors:
        return HttpResponse(
            " ".join(asked.errors.values()), status=422, content_type="text/plain; charset=utf-8"
        )
    is_staff = Permission.SEE_INTERNAL in request.permissions
    recent = Q(at__gt=asked.instant - WINDOW, at__lte=asked.instant)
    which = (recent | reading.STANDING) & Q(recorded_at__lte=asked.instant)
    lines: list[Said] = reading.lines(engagement, reading.said(engagement, is_staff=is_staff, which=which))
    record = reading.record(engagement, asked.instant, is_staff=is_staff, said=lines)
    context = {"state": state_at(record, asked.instant), "zone": engagement.time_zone, "now": now}
    answer = render(request, "warroom/replay/_state.html", context | {"engagement": engagement})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(request: HttpRequest, now: datetime) -> Asked:
    """What is wrong with the address is said beside its field; the page then shows the whole event."""
    engagement, errors, found = request.engagement, {}, {}
    for name in ("at", "from", "to"):
        try:
            found[name] = span.read(request.GET.get(name, ""), ZoneInfo(engagement.time_zone), name)
            if found[name] and found[name] > now:
                raise span.BadInstant(name, "future")
        except span.BadInstant as error:
            found[name], errors[error.field] = None, str(WHY[error.why])
    whole = span.of_event(engagement.starts_at, engagement.ends_at, _over_at(engagement, now), now)
    try:
        played = span.asked(found["from"], found["to"], whole, now)
    except span.BadInstant as error:
        played, errors[error.field] = whole, str(WHY[error.why])
    return Asked(played, played.clamped(found["at"] or played.start), errors)


def _over_at(engagement, now: datetime) -> datetime | None:
    """When the runbook of the event was over."""
    real = [one for one in reading.books(engagement) if one.rehearsal_of_id is None]
    ends = [fold(one.acts, now).ended_at for one in real]
    return max((at for at in ends if at), default=None)


def _choices(engagement, entries: list, now: datetime) -> list[dict]:
    """What else can be played: each rehearsal and each game day with its span."""
    found = []
    for book in reading.books(engagement):
        run = fold(book.acts, now)
        if book.rehearsal_of_id and run.started_at:
            words = {"label": _("Rehearsal"), "title": book.header["title"]}
            found.append(words | {"start": run.started_at, "end": run.ended_at or now})
    began = None
    for entry in entries:
        if entry.phrase == "gameday.began":
            began = entry
        elif entry.phrase == "gameday.ended" and began:
            words = {"label": _("Game day"), "title": began.params.get("title", "")}
            found.append(words | {"start": began.at, "end": entry.at + timedelta(minutes=1)})
            began = None
    return [one for one in found if one["end"] - one["start"] <= span.LONGEST]


def _local(instant: datetime, zone: str) -> str:
    """The instant as a field of date and time wants it."""
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}"
