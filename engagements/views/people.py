"""The team of an engagement, and the page on which an invited person joins."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from engagements import overview, team
from engagements.access import Permission, public, requires
from engagements.errors import InvalidValue, Refused
from engagements.models import Membership
from engagements.row_forms import MemberForm
from engagements.views.shared import see_other
from iem_portal.accounts import invitations
from iem_portal.accounts.forms import JoinForm as NameAndPassword
from iem_portal.accounts.models import User


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD"])
def team_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody by side, and for those who manage the team the means to change it."""
    return _page(request)


@requires(Permission.MANAGE_TEAM)
@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Add somebody with an account, or invite somebody without."""
    form = _member_form(request, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        member = team.add_member(
            engagement=request.engagement, new=form.wanted(), by=request.user, now=timezone.now()
        )
    except InvalidValue as invalid:
        for name, message in invalid.errors.items():
            form.add_error(name, message)
        return _page(request, form=form, status=422)
    words = _("%(email)s is in the team") if member.user else _("An invitation goes to %(email)s")
    messages.success(request, words % {"email": form.cleaned_data["email"]})
    return see_other(reverse("engagements:team", args=[reference]))


@requires(Permission.MANAGE_TEAM)
@require_POST
def change(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Another role or title."""
    member = _member(request, pk)
    try:
        team.change_role(
            member=member, role=request.POST.get("role", member.role), title=request.POST.get("title", ""),
            by=request.user, by_role=request.role, now=timezone.now(),
        )  # fmt: skip
    except InvalidValue as invalid:
        return _page(request, status=422, at=pk, error=" ".join(invalid.errors.values()))
    except Refused as refusal:
        return _page(request, status=422, at=pk, error=str(refusal))
    return see_other(reverse("engagements:team", args=[reference]))


@requires(Permission.MANAGE_TEAM)
@require_POST
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Out of the team; the timeline remembers."""
    try:
        team.remove_member(
            member=_member(request, pk), by=request.user, by_role=request.role, now=timezone.now()
        )
    except Refused as refusal:
        return _page(request, status=422, at=pk, error=str(refusal))
    return see_other(reverse("engagements:team", args=[reference]))


def _member(request, pk: int) -> Membership:
    rows = Membership.objects.filter(engagement=request.engagement)
    return get_object_or_404(rows.select_related("user", "invitation", "engagement__customer"), pk=pk)


def _member_form(request, data=None) -> MemberForm:
    roles = team.roles_for(request.role)
    return MemberForm(data, roles=roles, customer=request.engagement.customer, initial={"role": roles[0]})


def _page(request, *, form: MemberForm | None = None, status: int = 200, at=None, error="") -> HttpResponse:
    members = overview.team(request.engagement)
    roles = team.roles_for(request.role) if Permission.MANAGE_TEAM in request.permissions else ()
    if roles and form is None:
        form = _member_form(request)
    context = {
        "sides": [
            (gettext_lazy("AWS"), [m for m in members if team.side_of(m.role) == "aws"]),
            (gettext_lazy("Customer"), [m for m in members if team.side_of(m.role) == "customer"]),
        ],
        "form": form,
        "roles": roles,
        "customer_roles": team.CUSTOMER_ROLES,
        "at": at,
        "error": error,
    }
    return render(request, "engagements/team.html", context, status=status)


class JoinForm(NameAndPassword):
    """Name, password and the language the portal speaks with this person."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=User.Language.choices)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: makes the account, binds the roles, signs in."""
    now = timezone.now()
    try:
        invitation = invitations.find(token=token, now=now)
    except invitations.InvitationError as error:
        return render(request, "engagements/join_closed.html", {"reason": error.text}, status=410)
    # Somebody new has no language yet but that of the letter.
    chosen = request.POST.get("language")
    with translation.override(chosen if chosen in User.Language.values else invitation.language):
        form = JoinForm(
            request.POST or None, initial={"name": invitation.name, "language": invitation.language}
        )
        if request.method != "POST" or not form.is_valid():
            return _join_page(request, form, invitation, 422 if form.is_bound else 200)
        return _join(request, form, token, now)


def _join_page(request, form, invitation, status: int) -> HttpResponse:
    engagements = [
        member.engagement
        for member in Membership.objects.filter(invitation=invitation).select_related("engagement")
    ]
    context = {"form": form, "invitation": invitation, "engagements": engagements}
    return render(request, "engagements/join.html", context, status=status)


def _join(request, form, token: str, now) -> HttpResponse:
    try:
        user = team.join(token=token, now=now, **form.cleaned_data)
    except invitations.InvitationError as error:
        return render(request, "engagements/join_closed.html", {"reason": error.text}, status=410)
    login(request, user)
    mine = Membership.objects.filter(user=user).select_related("engagement").first()
    if mine is None:
        return see_other(reverse("engagements:portfolio"))
    return see_other(reverse("engagements:overview", args=[mine.engagement.reference]))
