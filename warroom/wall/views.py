"""The page on which links of screens are issued and ended."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import Permission, requires
from warroom.models import WallLink
from warroom.wall import links
from warroom.wall.forms import WallForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.DRIVE)
@never_cache
@sensitive_variables("token")
def walls(request: HttpRequest, reference: str) -> HttpResponse:
    """The screens of an engagement; a new link is shown in the answer that makes it, and never again."""
    now = timezone.now()
    empty = {"language": get_language()}
    form = WallForm(request.POST or None, initial=empty)
    made = None
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        link, token = links.issue(engagement=request.engagement, by=request.user, now=now, **fields)
        made = {"link": link, "url": f"{settings.BASE_URL}{reverse('walls:enter', args=[token])}"}
        form = WallForm(initial=empty)
    context = {"form": form, "made": made, "links": links.of(request.engagement, now), "now": now}
    is_refused = request.method == "POST" and made is None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "warroom/wall/links.html", context, status=status)


@require_POST
@requires(Permission.DRIVE)
def revoke(request: HttpRequest, reference: str, link: int) -> HttpResponse:
    """End a link at once."""
    mine = WallLink.objects.select_related("engagement")
    found = get_object_or_404(mine, pk=link, engagement=request.engagement)
    if links.revoke(link=found, by=request.user, now=timezone.now()):
        messages.success(request, _("The link of the screen %(name)s has ended.") % {"name": found.name})
    return HttpResponseRedirect(reverse("warroom:walls", args=[reference]), status=HTTPStatus.SEE_OTHER)
