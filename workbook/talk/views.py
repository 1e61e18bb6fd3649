"""The panel of one place, and what is said in it: comments, AWS's notes."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook.talk import comments, notes, places, reading
from workbook.talk.comments import CommentMissing, Stale
from workbook.talk.notes import NoteMissing
from workbook.talk.places import Place, PlaceMissing
from workbook.types import InvalidValue
from workbook.views.finding import sees_internal


def place_or_404(request: HttpRequest, section: str, row: str, field: str) -> Place:
    """The place that an address or a form names."""
    try:
        return places.find(request.engagement, section, row=row, field=field)
    except PlaceMissing:
        raise Http404 from None


def posted_place(request: HttpRequest, section: str) -> Place:
    """The place that a form names in ``row`` and ``field``."""
    return place_or_404(request, section, request.POST.get("row", ""), request.POST.get("field", ""))


@require_safe
@requires(Permission.VIEW)
def cell(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The panel of a cell (?row=&field=), a row or the section: a part of the page for htmx, else a page."""
    place = place_or_404(request, section, request.GET.get("row", ""), request.GET.get("field", ""))
    return draw(request, place)


def draw(request: HttpRequest, place: Place, *, status: int = HTTPStatus.OK, **refused) -> HttpResponse:
    """The panel; ``refused`` holds what was typed and why it was not kept, as ``typed`` and ``errors``."""
    context = {
        "panel": reading.panel(
            place, reader=request.user, sees_internal=sees_internal(request), now=timezone.now()
        ),
        "place": place,
        "section": place.section,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "sees_internal": sees_internal(request),
        "typed": {},
        "errors": {},
    }
    is_part = request.headers.get("HX-Request") == "true"
    template = "workbook/talk/_panel.html" if is_part else "workbook/talk/cell.html"
    return render(request, template, context | refused, status=status)


def done(request: HttpRequest, place: Place, words: str = "") -> HttpResponse:
    """After something was kept: the panel as it is now, or the way back to its page."""
    if request.headers.get("HX-Request") == "true":
        return draw(
            request, places.within(place.engagement, place.section, row=place.row, field=place.field_key)
        )
    if words:
        messages.success(request, words)
    return HttpResponseRedirect(place.panel_path, status=HTTPStatus.SEE_OTHER)


def refuse(request: HttpRequest, place: Place, part: str, message: str) -> HttpResponse:
    """422 with the message beside the part, and everything that was typed."""
    return draw(
        request,
        place,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        typed=request.POST,
        errors={part: message},
    )


@require_POST
@requires(Permission.VIEW)
def say(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Add a comment to a cell, a row or the section."""
    place = posted_place(request, section)
    try:
        comments.say(place=place, text=request.POST.get("text", ""), by=request.user, now=timezone.now())
    except InvalidValue as error:
        return refuse(request, place, "text", str(error))
    except PlaceMissing:
        raise Http404 from None
    return done(request, place, _("Comment added."))


@require_POST
@requires(Permission.VIEW)
def change(request: HttpRequest, reference: str, section: str, comment: int, verb: str) -> HttpResponse:
    """Edit or delete one's own comment; another's answers 403."""
    found = comments.find(request.engagement, comment)
    if found is None or found.thread.section != section.lower() or verb not in {"edit", "delete"}:
        raise Http404
    place = _place_of(request, section, found.thread)
    try:
        if verb == "delete":
            comments.delete(
                engagement=request.engagement, comment=comment, by=request.user, now=timezone.now()
            )
        else:
            _edit(request, place, comment)
    except InvalidValue as error:
        return refuse(request, place, f"edit-{comment}", str(error))
    except Stale:
        return refuse(
            request, place, f"edit-{comment}", _("This comment was changed meanwhile. Load it again.")
        )
    except CommentMissing:
        raise Http404 from None
    return done(request, place)


def _edit(request: HttpRequest, place: Place, comment: int) -> None:
    comments.edit(
        engagement=request.engagement,
        comment=comment,
        place=place,
        text=request.POST.get("text", ""),
        version=whole(request.POST.get("version", "")) or 0,
        by=request.user,
        now=timezone.now(),
    )


def _place_of(request: HttpRequest, section: str, thing) -> Place:
    return place_or_404(request, section, str(thing.row_id or ""), thing.field)


@require_POST
@requires(Permission.VIEW)
def thread(request: HttpRequest, reference: str, section: str, thread: int, verb: str) -> HttpResponse:
    """Resolve a talk or open it again."""
    try:
        found = comments.thread_of(request.engagement, thread)
        acts = {"resolve": comments.resolve, "reopen": comments.reopen}
        if found.section != section.lower() or verb not in acts:
            raise Http404
        place = _place_of(request, section, found)
        acts[verb](thread=found, by=request.user, now=timezone.now())
    except CommentMissing:
        raise Http404 from None
    except InvalidValue as error:
        return refuse(request, place, "text", str(error))
    return done(request, place)


@require_POST
@requires(Permission.SEE_INTERNAL)
def note(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Write a note that only AWS's side can read."""
    place = posted_place(request, section)
    try:
        notes.write(place=place, text=request.POST.get("note", ""), by=request.user, now=timezone.now())
    except InvalidValue as error:
        return refuse(request, place, "note", str(error))
    except PlaceMissing:
        raise Http404 from None
    return done(request, place, _("Note added."))


@require_POST
@requires(Permission.SEE_INTERNAL)
def delete_note(request: HttpRequest, reference: str, section: str, note: int) -> HttpResponse:
    """Take one's own note back; another's answers 403."""
    found = notes.find(request.engagement, note)
    if found is None or found.section != section.lower():
        raise Http404
    place = _place_of(request, section, found)
    try:
        notes.delete(engagement=request.engagement, note=note, by=request.user, now=timezone.now())
    except NoteMissing:
        raise Http404 from None
    return done(request, place)
