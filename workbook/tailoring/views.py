"""The page on which the workbook is fitted to an engagement, and the line above the list of sections."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from iem_portal.templatetags.portal import pick
from workbook import editions
from workbook.tailoring import reading, seeding, switching


@require_safe
@requires(Permission.VIEW)
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Every section of the template, asked or not and why, and the rows that this type of event usually needs."""
    return _page(request)


def _page(request: HttpRequest, refused: dict | None = None) -> HttpResponse:
    engagement = request.engagement
    begun = editions.started(engagement)
    context = {
        "lines": reading.lines(engagement, begun),
        "offers": seeding.offers(engagement, _asked(engagement, begun)),
        "refused": refused or {},
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "can_switch": Permission.REVIEW_WORKBOOK in request.permissions,
        "longest": switching.MAX_REASON,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "workbook/tailoring/page.html", context, status=status)


def _asked(engagement, begun: editions.Started) -> list:
    return editions.chosen([engagement], {engagement.pk: begun})[engagement.pk]


@require_safe
@requires(Permission.VIEW)
def line(request: HttpRequest, reference: str) -> HttpResponse:
    """The calm line above the list of sections; empty when every row of the preset was added."""
    found = seeding.offers(request.engagement, editions.sections(request.engagement))
    can_fill = Permission.FILL_WORKBOOK in request.permissions
    return render(request, "workbook/tailoring/_line.html", {"offers": found, "can_fill": can_fill})


@require_POST
@requires(Permission.FILL_WORKBOOK)
def add_rows(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the ticked rows of the preset, or all of them, each once."""
    made = seeding.add_rows(
        engagement=request.engagement,
        sections=editions.sections(request.engagement),
        keys=None if request.POST.get("all") else request.POST.getlist("row"),
        by=request.user,
        now=timezone.now(),
    )
    words = ngettext("%(count)s row added.", "%(count)s rows added.", len(made)) % {"count": len(made)}
    messages.success(request, words)
    return _see(
        reverse(
            "workbook:tailor" if request.POST.get("from") == "page" else "workbook:index", args=[reference]
        )
    )


@require_POST
@requires(Permission.REVIEW_WORKBOOK)
def switch(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Put a section into the workbook of this engagement or take it out, with a reason."""
    is_on, reason = request.POST.get("to") == "on", request.POST.get("reason", "")
    try:
        found = switching.switch(
            engagement=request.engagement,
            section=section,
            is_on=is_on,
            reason=reason,
            by=request.user,
            now=timezone.now(),
        )
    except switching.UnknownSection:
        raise Http404 from None
    except switching.BadReason as error:
        return _page(request, {"section": section.lower(), "reason": reason, "error": str(error)})
    except switching.CannotSwitch:
        messages.error(request, _("This changed in the meantime. Look at it again."))
        return _see(reverse("workbook:tailor", args=[reference]))
    words = _("Put in: %(section)s") if is_on else _("Taken out: %(section)s")
    messages.success(request, words % {"section": pick(found.label)})
    return _see(reverse("workbook:tailor", args=[reference]))


def _see(url: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(url, status=HTTPStatus.SEE_OTHER)
