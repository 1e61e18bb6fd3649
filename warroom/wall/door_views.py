"""The door through which a screen comes in, and the wall that it shows: public, each known by its link."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_safe

from engagements.access import public
from iem_portal.registry import tiles
from iem_portal.visitors import address_of, remember
from warroom.wall import links
from warroom.wall.release import release

SESSION_KEY = "wall_links"
#: A browser keeps its newest links; nobody has more screens on one computer.
MAX_LINKS = 10


@require_GET
@public
@never_cache
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the link in the browser's session; the address loses the secret."""
    try:
        link = links.enter(token=token, address=address_of(request), now=timezone.now())
    except links.LinkClosed as closed:
        return _closed(request, closed)
    remember(request, SESSION_KEY, link.pk, most=MAX_LINKS, until=link.expires_at)
    return HttpResponseRedirect(reverse("walls:screen", args=[link.pk]), status=HTTPStatus.SEE_OTHER)


@require_safe
@public
@never_cache
def screen(request: HttpRequest, link: int) -> HttpResponse:
    """The wall itself, in the language and on the ground chosen when its link was issued.

    A screen asks with HEAD whether a new version answers before it loads it; that is no opening.
    """
    now, numbers = timezone.now(), request.session.get(SESSION_KEY, [])
    words = {"numbers": numbers, "address": address_of(request), "is_noted": request.method == "GET"}
    try:
        found = links.show(number=link, now=now, **words)
    except links.LinkClosed as closed:
        return _closed(request, closed)
    with translation.override(found.language):
        html = tiles.get(links.TILE).draw(found, now=now)
        context = {"link": found, "theme": found.theme, "wall": html, "release": release(), "now": now}
        return render(request, "warroom/wall/screen.html", context)


def _closed(request: HttpRequest, closed: links.LinkClosed) -> HttpResponse:
    return render(request, "warroom/wall/closed.html", {"reason": closed.text}, status=HTTPStatus.GONE)


app_name = "walls"
urlpatterns = [
    path("wall/<str:token>/", enter, name="enter"),
    path("walls/<int:link>/", screen, name="screen"),
]
