"""The page on which the board's metric tiles are put in order or away, for everybody."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements.access import Permission, requires
from warroom import arranging
from warroom.models import BoardLayout
from workbook.watches import Watch, watches

MOST_DIGITS = 18


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest, reference: str) -> HttpResponse:
    """Each button saves what the page shows, with one row moved; what somebody else saved meanwhile is never lost."""
    found = watches(request.engagement)
    if request.method == "GET":
        layout = arranging.layout_of(request.engagement)
        return _page(request, layout, arranging.in_order(found, layout), set(layout.hidden))
    known = {watch.row_id: watch for watch in found}
    order, hidden, row = _asked(request, known)
    version = _number(request.POST.get("version", "")) or 0
    try:
        arranging.arrange(
            engagement=request.engagement,
            order=order,
            hidden=hidden,
            version=version,
            by=request.user,
            now=timezone.now(),
        )
    except arranging.Conflict as conflict:
        mine = [known[one] for one in order]
        return _page(request, conflict.layout, mine, set(hidden), theirs=conflict.layout, status=409)
    place = reverse("warroom:arrange", args=[reference])
    return HttpResponseRedirect(f"{place}#tile-{row}" if row else place, status=HTTPStatus.SEE_OTHER)


def _page(
    request: HttpRequest, layout: BoardLayout, rows: list[Watch], hidden: set[int], *, theirs=None, status=200
) -> HttpResponse:
    tiles = [(watch, watch.row_id in hidden) for watch in rows]
    context = {"layout": layout, "tiles": tiles, "theirs": theirs, "now": timezone.now()}
    return render(request, "warroom/arrange.html", context, status=status)


def _asked(request: HttpRequest, known: dict[int, Watch]) -> tuple[list[int], list[int], int | None]:
    """Order and what is put away as the form has them with its button's act, and the row it was about.

    Rows that are no watches are left out, watches that the form lacks follow at the end and stay as they are shown.
    """
    named = [_number(text) for text in request.POST.getlist("row")]
    order = list(dict.fromkeys(one for one in named if one in known))
    order += [one for one in known if one not in order]
    hidden = [one for one in map(_number, request.POST.getlist("hidden")) if one in known]
    for act, places in (("up", -1), ("down", 1), ("first", -len(order))):
        if (row := _number(request.POST.get(act, ""))) in known:
            return arranging.moved(order, row, places), list(set(hidden)), row
    if (row := _number(request.POST.get("hide", ""))) in known:
        return order, sorted({*hidden, row}), row
    if (row := _number(request.POST.get("show", ""))) in known:
        return order, sorted({*hidden} - {row}), row
    return order, sorted(set(hidden)), _number(request.POST.get("dropped", ""))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
