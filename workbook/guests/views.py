"""The page where links of a section are made and ended, and the door through which a guest comes in."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, public, requires
from iem_portal.visitors import address_of, remember
from workbook.guests import links
from workbook.guests.forms import GuestForm
from workbook.guests.middleware import SESSION_KEY
from workbook.models import GuestLink
from workbook.views.finding import section_or_404

#: A browser keeps its newest links; nobody fills more sections as a guest.
MAX_LINKS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_TEAM)
@never_cache
@sensitive_variables("token")
def page(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The links of a section; a new one is shown in the answer that makes it, and never again."""
    found = section_or_404(request.engagement, section)
    form = GuestForm(request.POST or None, initial={"language": get_language()})
    made = None
    if request.method == "POST" and form.is_valid():
        link, token = links.create(
            engagement=request.engagement,
            section=found,
            by=request.user,
            now=timezone.now(),
            **form.cleaned_data,
        )
        made = {"link": link, "url": f"{settings.BASE_URL}{reverse('guests:enter', args=[token])}"}
        form = GuestForm(initial={"language": get_language()})
    context = {"section": found, "form": form, "made": made, "links": _links(request, found.key)}
    is_refused = request.method == "POST" and made is None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "workbook/guests/page.html", context, status=status)


def _links(request: HttpRequest, section: str) -> list[tuple[GuestLink, bool]]:
    """Every link of the section with whether it still opens, how often it was used and when last. One query."""
    found = GuestLink.objects.filter(engagement=request.engagement, section=section).annotate(
        opened=Count("visits", filter=Q(visits__what="opened")), last_at=Max("visits__at")
    )
    now = timezone.now()
    return [(link, links.is_open(link, now)) for link in found]


@require_POST
@requires(Permission.MANAGE_TEAM)
def revoke(request: HttpRequest, reference: str, section: str, link: int) -> HttpResponse:
    """End a link at once."""
    found = section_or_404(request.engagement, section)
    row = get_object_or_404(
        GuestLink.objects.select_related("engagement"),
        pk=link,
        engagement=request.engagement,
        section=found.key,
    )
    if links.revoke(link=row, section=found, by=request.user, now=timezone.now()):
        messages.success(request, _("The link of %(name)s has ended.") % {"name": row.name})
    place = reverse("workbook:guests", args=[reference, found.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


@require_GET
@public
@never_cache
@sensitive_variables("token")
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Open the section of a link: the browser's session remembers its number, the address loses the secret."""
    try:
        link = links.enter(token=token, address=address_of(request), now=timezone.now())
    except links.LinkClosed as closed:
        context = {"reason": closed.text}
        return render(request, "workbook/guests/closed.html", context, status=HTTPStatus.GONE)
    remember(request, SESSION_KEY, link.pk, most=MAX_LINKS, until=link.expires_at)
    place = reverse("workbook:section", args=[link.engagement.reference, link.section])
    answer = HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)
    if not request.user.is_authenticated:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, link.language, samesite="Lax")
    return answer
