"""What several pages of engagements do alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from engagements.models import Engagement
from iem_portal.numbers import whole


class SeeOther(HttpResponseRedirect):
    """A redirect that a browser follows with GET, so that reloading never posts again."""

    status_code = 303


def see_other(to: str) -> HttpResponse:
    """Answer a post of a form with the page to look at next."""
    return SeeOther(to)


def base_version(request: HttpRequest) -> int:
    """The version the person read, from the form; nonsense counts as never read."""
    text = request.POST.get("version", "")
    return whole(text) or 0


def can(request: HttpRequest, permission) -> bool:
    """Whether the person of this request has a permission in its engagement."""
    return permission in request.permissions


def engagement_of(request: HttpRequest) -> Engagement:
    """The engagement the middleware let the person into."""
    return request.engagement
