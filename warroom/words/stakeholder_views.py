"""The page of stakeholders: how the event stands, without an account; and the page where its links are made."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, public, requires
from iem_portal.visitors import remember
from warroom.models import StakeholderLink, StatusUpdate
from warroom.outlook import outlook
from warroom.panels import room, steps, targets
from warroom.views import see_other
from warroom.words import stakeholders

SESSION_KEY = "stakeholder_links"
MOST_LINKS = 20
LAST_UPDATES = 5


class LinkForm(forms.Form):
    """Whom a link is for, in which language it opens, and for how long."""

    name = forms.CharField(label=gettext_lazy("Who it is for"), max_length=80)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=gettext_lazy("Opens for (days)"),
        min_value=1,
        max_value=stakeholders.MAX_DAYS,
        initial=stakeholders.DEFAULT_DAYS,
    )


@requires(Permission.MANAGE_TEAM)
@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_variables("token")
def links(request: HttpRequest, reference: str) -> HttpResponse:
    """The links of an engagement; a new one is shown in the answer that makes it, and never again."""
    now = timezone.now()
    form = LinkForm(request.POST or None, initial={"language": get_language()})
    made = None
    if request.method == "POST" and form.is_valid():
        words = {"engagement": request.engagement, "by": request.user, "now": now}
        link, token = stakeholders.create(**words, **form.cleaned_data)
        made = {"link": link, "url": f"{settings.BASE_URL}{reverse('stakeholder:enter', args=[token])}"}
        form = LinkForm(initial={"language": get_language()})
    rows = StakeholderLink.objects.filter(engagement=request.engagement)
    found = [(link, stakeholders.is_open(link, now)) for link in rows]
    is_refused = request.method == "POST" and made is None
    return render(
        request,
        "warroom/stakeholder/links.html",
        {"tab_of": "engagements", "form": form, "made": made, "links": found},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK,
    )


@requires(Permission.MANAGE_TEAM)
@require_POST
def revoke(request: HttpRequest, reference: str, link: int) -> HttpResponse:
    """End a link at once."""
    rows = StakeholderLink.objects.select_related("engagement")
    row = get_object_or_404(rows, pk=link, engagement=request.engagement)
    if stakeholders.revoke(link=row, by=request.user, now=timezone.now()):
        messages.success(request, _("The link of %(name)s has ended.") % {"name": row.name})
    return see_other("warroom:stakeholders", reference)


@require_GET
@public
@never_cache
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link: the browser's session remembers its number, the address loses the secret."""
    try:
        link = stakeholders.enter(token=token, now=timezone.now())
    except stakeholders.LinkClosed as closed:
        return _closed(request, closed)
    remember(request, SESSION_KEY, link.pk, most=MOST_LINKS, until=link.expires_at)
    place = reverse("stakeholder:page", args=[link.pk])
    answer = HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)
    if not request.user.is_authenticated:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, link.language, samesite="Lax")
    return answer


@require_GET
@public
@never_cache
def page(request: HttpRequest, number: int) -> HttpResponse:
    """How the event stands, for a browser that has opened the link; asked for again every few seconds."""
    now = timezone.now()
    try:
        if number not in request.session.get(SESSION_KEY, []):
            raise stakeholders.LinkClosed("unknown")
        link = stakeholders.find(number, now)
    except stakeholders.LinkClosed as closed:
        # A part of a page is never replaced by a refusal: the page is read anew, and says why.
        if request.htmx:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return _closed(request, closed)
    template = "warroom/stakeholder/_state.html" if request.htmx else "warroom/stakeholder/page.html"
    return render(request, template, {"link": link} | standing(link.engagement, now))


def standing(engagement, now: datetime) -> dict:
    """What anybody may know: phase, clock, minutes behind, updates for everyone. Four queries.

    No person's name, no step, account, alarm or escalation is in it, and nothing that is for AWS only.
    """
    view = outlook(engagement, now)
    updates = StatusUpdate.objects.filter(engagement=engagement, audience=StatusUpdate.Audience.ALL)
    rows = [(update, room.LOOKS[update.state]) for update in updates[:LAST_UPDATES]]
    read_at = [one.data_until for one in targets.of_engagement(engagement) if one.data_until]
    return {
        "engagement": engagement,
        "now": now,
        "zone": engagement.time_zone,
        "pace": steps.pace(view.forecast.late_min) if view else None,
        "forecast": view.forecast if view else None,
        "done": view.count("done", "skipped", "cancelled") if view else 0,
        "total": len(view.steps) if view else 0,
        "updates": rows,
        "next_due_at": rows[0][0].next_due_at if rows else None,
        "is_due": bool(rows and rows[0][0].next_due_at <= now),
        "data_until": min(read_at, default=None),
    }


def _closed(request: HttpRequest, closed: stakeholders.LinkClosed) -> HttpResponse:
    context = {"reason": closed.text}
    return render(request, "warroom/stakeholder/closed.html", context, status=HTTPStatus.GONE)
