"""A person's own pages: profile, and the switches for language and theme."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from iem_portal.accounts import tokens
from iem_portal.accounts.context import THEME_COOKIE
from iem_portal.accounts.forms import ProfileForm
from iem_portal.accounts.models import User
from iem_portal.accounts.rules import public, signed_in

YEAR_S = 365 * 24 * 3600


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, theme and keys of the signed-in person."""
    form = ProfileForm(request.POST or None, instance=request.user, now=timezone.now())
    if request.method != "POST":
        return profile_page(request, form)
    if not form.is_valid():
        # The header shows the person as saved, not as typed.
        request.user.refresh_from_db()
        return profile_page(request, form, status=422)
    user = form.save(commit=False)
    user.save(update_fields=form.Meta.fields)
    with translation.override(user.language):
        messages.success(request, _("Profile saved"))
    return see_other("accounts:profile")


def profile_page(
    request: HttpRequest, form: ProfileForm, *, new_token: str = "", status: int = 200
) -> HttpResponse:
    """The profile; ``new_token`` is shown on this answer and never again."""
    context = {"form": form, "new_token": new_token, "token_made_at": tokens.made_at(request.user)}
    return render(request, "accounts/profile.html", context, status=status)


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: on the account when signed in, else in a cookie."""
    code = request.POST.get("language")
    if code not in User.Language.values:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=code)
    response = see_other(safe_next(request))
    return set_wish(response, settings.LANGUAGE_COOKIE_NAME, code)


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Switch the theme likewise; a script that has already shown it gets an empty 204."""
    code = request.POST.get("theme")
    if code not in User.Theme.values:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(theme=code)
    is_script = request.headers.get("Accept") == "application/json"
    response = HttpResponse(status=204) if is_script else see_other(safe_next(request))
    return set_wish(response, THEME_COOKIE, code)


def see_other(to: str) -> HttpResponse:
    """A redirect that a browser follows with GET, so that reloading never posts again."""
    response = redirect(to)
    response.status_code = 303
    return response


def safe_next(request: HttpRequest) -> str:
    """The page the reader came from, or the start page when the address is not one of ours."""
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if is_ours else "/"


def set_wish(response: HttpResponse, name: str, value: str) -> HttpResponse:
    """Remember a visitor's wish for a year."""
    response.set_cookie(
        name, value, max_age=YEAR_S, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response
