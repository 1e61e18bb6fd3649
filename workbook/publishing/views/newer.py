"""The page that shows what a newer version of the workbook's sections would change, and takes one."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from iem_portal.templatetags.portal import pick
from workbook import editions
from workbook.publishing import offers, taking


@require_safe
@requires(Permission.REVIEW_WORKBOOK)
def newer(request: HttpRequest, reference: str) -> HttpResponse:
    """Every section that has a newer version; with ?section= what it changes and what becomes of the answers."""
    found = offers.offers(request.engagement)
    key = request.GET.get("section", "")
    offer = next((each for each in found if each.new.key == key), None)
    kept = editions.frozen(request.engagement)
    context = {"offers": found, "offer": offer, "kept": kept, "kept_name": offers.name_of(kept.template)}
    if offer:
        context |= {"told": offers.told(offer), "answers": offers.answers(request.engagement, offer)}
    return render(request, "workbook/publishing/newer.html", context)


@require_safe
@requires(Permission.REVIEW_WORKBOOK)
def line(request: HttpRequest, reference: str) -> HttpResponse:
    """The calm line above the list of sections; empty while there is nothing newer."""
    found = offers.offers(request.engagement)
    return render(request, "workbook/publishing/_offer.html", {"offers": found})


@require_POST
@requires(Permission.REVIEW_WORKBOOK)
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the newer version of one section, as it was shown."""
    words = request.POST
    try:
        offer = taking.take(
            engagement=request.engagement,
            section=words.get("section", ""),
            from_version=_number(words.get("from", "")),
            to_version=_number(words.get("to", "")),
            by=request.user,
            now=timezone.now(),
        )
    except taking.Gone:
        messages.error(request, _("This changed in the meantime. Look at it again."))
        return _see(reverse("workbook:newer", args=[reference]))
    messages.success(
        request, _("The workbook has the newer version of: %(section)s") % {"section": pick(offer.new.label)}
    )
    return _see(reverse("workbook:newer", args=[reference]))


def _number(text: str) -> int:
    """A version from the form; nonsense fits no version."""
    number = whole(text)
    return -1 if number is None else number


def _see(place: str) -> HttpResponse:
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)
