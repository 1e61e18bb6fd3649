"""The door through which a screen comes in, and the wall that it shows: public, each known by its link."""

from __future__ import annotations

import ipaddress
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
        link = links.enter(token=token, address=_address(request), now=timezone.now())
    except links.LinkClosed as closed:
        return _closed(request, closed)
    known = [number for number in request.session.get(SESSION_KEY, []) if number != link.pk]
    request.session[SESSION_KEY] = [*known, link.pk][-MAX_LINKS:]
    return HttpResponseRedirect(reverse("walls:screen", args=[link.pk]), status=HTTPStatus.SEE_OTHER)


@require_safe
@public
@never_cache
def screen(request: HttpRequest, link: int) -> HttpResponse:
    """The wall itself, in the language and on the ground chosen when its link was issued.

    A screen asks with HEAD whether a new version answers before it loads it; that is no opening.
    """
    now, numbers = timezone.now(), request.session.get(SESSION_KEY, [])
    words = {"numbers": numbers, "address": _address(request), "is_noted": request.method == "GET"}
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


def _address(request: HttpRequest) -> str | None:
    """Where the request came from; None for what is no address, such as a socket. PostgreSQL keeps no zone of one."""
    text = request.META.get("REMOTE_ADDR", "").partition("%")[0]
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return None
    return text


app_name = "walls"
urlpatterns = [
    path("wall/<str:token>/", enter, name="enter"),
    path("walls/<int:link>/", screen, name="screen"),
]
