"""The page behind a link in a message: says what will happen, and does it at the press of one button."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from iem_portal.accounts.rules import public
from iem_portal.notifications import links

STATUS = {"unknown": 410, "expired": 410, "used": 410, "forbidden": 403}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing, as mail scanners follow links; POST acts once."""
    now = timezone.now()
    try:
        link = links.open_link(token, now=now)
        user = links.person(link, request.user)
    except links.LinkError as error:
        return _closed(request, error)
    if user is None:
        return redirect_to_login(request.get_full_path())
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        response = _answer(request, link, user, now)
        response.headers["Content-Language"] = user.language
        return response


def _answer(request: HttpRequest, link: links.Link, user, now) -> HttpResponse:
    try:
        if request.method == "POST":
            words = {"done": links.follow(link, user, now=now), "url": links.page_of(link, user)}
        else:
            words = links.describe(link, user)
    except links.LinkError as error:
        return _closed(request, error)
    if getattr(link.act, "is_open", False) and words["url"]:
        return redirect(words["url"])
    return render(request, "notifications/act.html", {"words": words, "person": user})


def _closed(request: HttpRequest, error: links.LinkError) -> HttpResponse:
    return render(request, "notifications/act.html", {"error": error.text}, status=STATUS[error.code])
