"""Open items: asking somebody about a cell, closing a question, and the list of what still waits."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook import editions
from workbook.models import OpenItem
from workbook.talk import questions, reading
from workbook.talk.places import PlaceMissing
from workbook.talk.questions import Asked, InvalidPart, ItemMissing
from workbook.talk.views import done, place_or_404, posted_place, refuse

_STATES = {"answered": OpenItem.State.ANSWERED, "withdraw": OpenItem.State.WITHDRAWN}


@require_safe
@requires(Permission.VIEW)
def listing(request: HttpRequest, reference: str) -> HttpResponse:
    """Every question of the workbook that still waits, one's own first."""
    items = reading.open_items(request.engagement, editions.sections(request.engagement), reader=request.user)
    context = {
        "mine": [item for item in items if item.item.asked_id == request.user.pk],
        "others": [item for item in items if item.item.asked_id != request.user.pk],
        "now": timezone.now(),
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
    }
    return render(request, "workbook/talk/open_items.html", context)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def ask(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """ "I don't know, ask X": make the cell wait for a member or for somebody outside."""
    place = posted_place(request, section)
    post = request.POST
    asked = Asked(
        person=whole(post.get("person", "")),
        name=post.get("name", ""),
        question=post.get("question", ""),
        due_on=post.get("due_on", ""),
    )
    try:
        item = questions.ask(place=place, asked=asked, by=request.user, now=timezone.now())
    except InvalidPart as error:
        return refuse(request, place, error.part, str(error))
    except PlaceMissing:
        raise Http404 from None
    return done(request, place, _("%(name)s was asked.") % {"name": item.asked_name})


@require_POST
@requires(Permission.FILL_WORKBOOK)
def close(request: HttpRequest, reference: str, section: str, item: int, verb: str) -> HttpResponse:
    """Say that a question is answered, or withdraw it."""
    found = OpenItem.objects.filter(pk=item, engagement=request.engagement, section=section.lower()).first()
    if found is None or verb not in _STATES:
        raise Http404
    place = place_or_404(request, section, str(found.row_id), found.field)
    try:
        questions.close(
            engagement=request.engagement,
            item=item,
            state=_STATES[verb],
            by=request.user,
            now=timezone.now(),
        )
    except ItemMissing:
        pass  # closed already by somebody quicker: the panel says by whom
    return done(request, place)
