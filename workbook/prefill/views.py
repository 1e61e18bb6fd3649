"""The button "From AWS" with its progress, the preview of a quota increase, and the customer's consent."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.texts import can_be_kept
from workbook.catalogue import Section
from workbook.models import QuotaIncrease, Row
from workbook.prefill import asking, consent, faults, reading, running
from workbook.prefill.readers import of_section
from workbook.prefill.readers.tags import DEFAULT_KEY
from workbook.readiness import progress
from workbook.views.finding import section_or_404
from workbook.views.pages import find

#: Source: AWS tagging: a key has at most 128 characters, a value 256.
MAX_KEY, MAX_VALUE = 128, 256


def _section(request: HttpRequest, key: str) -> Section:
    """A section that asks for something AWS knows; 404 for others."""
    found = section_or_404(request.engagement, key)
    if not of_section(found):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@requires(Permission.FILL_WORKBOOK)
def page(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """What can be read, what was read last and how it went; posting reads."""
    found = _section(request, section)
    if request.method == "GET":
        return _page(request, found)
    key, value = request.POST.get("tag_key", "").strip(), request.POST.get("tag_value", "").strip()
    problem = _tag_problem(key, value) if _has_tags(found) else ""
    if problem:
        return _page(
            request, found, problem=problem, tag=(key, value), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    choices = {"tag_key": key, "tag_value": value} if _has_tags(found) else {}
    try:
        running.start(
            engagement=request.engagement,
            section=found,
            choices=choices,
            by=request.user,
            now=timezone.now(),
        )
    except running.NothingToRead:
        problem = _("Add an AWS account and a Region to the event first.")
        return _page(request, found, problem=problem, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    place = reverse("workbook:from-aws", args=[reference, found.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


def _has_tags(section: Section) -> bool:
    return any(reader.key == "tags" for reader in of_section(section))


def _tag_problem(key: str, value: str) -> str:
    if not key:
        return _("Name the tag that the event's resources carry.")
    if len(key) > MAX_KEY or len(value) > MAX_VALUE or not can_be_kept(key + value):
        return _("This is no tag of AWS: at most 128 characters in its name, 256 in its value.")
    return ""


def _page(
    request: HttpRequest, section: Section, *, problem: str = "", tag=None, status: int = HTTPStatus.OK
) -> HttpResponse:
    now = timezone.now()
    whole = progress(request.engagement, now)
    last = reading.newest(request.engagement, section)
    chosen = last.reading.choices if last else {}
    key, value = tag or (
        chosen.get("tag_key") or DEFAULT_KEY,
        chosen.get("tag_value", request.engagement.reference),
    )
    context = {
        "progress": whole,
        "part": find(whole, section.key),
        "section": section,
        "now": now,
        "can_fill": True,
        "last": last,
        "readers": of_section(section),
        "has_tags": _has_tags(section),
        "tag_key": key,
        "tag_value": value,
        "problem": problem,
    }
    return render(request, "workbook/prefill/page.html", context, status=status)


@require_GET
@requires(Permission.FILL_WORKBOOK)
def state(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The parts of the last reading, asked for again while it runs."""
    found = _section(request, section)
    context = {"section": found, "last": reading.newest(request.engagement, found)}
    return render(request, "workbook/prefill/_state.html", context)


@require_GET
@requires(Permission.FILL_WORKBOOK)
def bar(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The button of the section's bar, with progress while something is read and the time of the last reading."""
    found = _section(request, section)
    context = {"section": found, "last": reading.newest(request.engagement, found)}
    return render(request, "workbook/prefill/_button.html", context)


@require_GET
@requires(Permission.VIEW)
def increases(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Every request for more that was made from this section, newest first."""
    found = _quotas(request, section)
    now = timezone.now()
    whole = progress(request.engagement, now)
    made = QuotaIncrease.objects.filter(engagement=request.engagement, section=found.key)[:100]
    context = {
        "progress": whole,
        "part": find(whole, found.key),
        "section": found,
        "now": now,
        "can_fill": Permission.FILL_WORKBOOK in request.permissions,
        "increases": [_shown(found, one) for one in made],
        "is_switched_on": consent.is_switched_on(),
        "consent": consent.of(request.engagement),
        "may_agree": Permission.MANAGE_TEAM in request.permissions,
    }
    return render(request, "workbook/prefill/increases.html", context)


def _quotas(request: HttpRequest, key: str) -> Section:
    """The section that holds quotas; 404 for others."""
    found = section_or_404(request.engagement, key)
    if found.field(asking.FIELD) is None:
        raise Http404
    return found


def _shown(section: Section, one: QuotaIncrease) -> dict:
    """A request with its state as shape and words, and its fault, if it has one."""
    ours = {
        QuotaIncrease.State.RECORDED: ("todo", _("About to be sent")),
        QuotaIncrease.State.SENT: ("run", _("Being sent")),
        QuotaIncrease.State.UNKNOWN: ("watch", _("Sent, no answer came: looking whether AWS has it")),
        QuotaIncrease.State.FAILED: ("bad", _("Not taken by AWS")),
    }
    choice = section.field("q_status").choice(one.state)
    status, words = ours.get(one.state) or (choice.status or "todo", choice.label)
    fault = faults.words(one.error_kind, one.error_message, one.service) if one.error_kind else ""
    if one.error_kind == "not_found" and one.request_id:
        fault = _("AWS no longer has this request.")
    return {"one": one, "status": status, "words": words, "fault": fault}


@require_http_methods(["GET", "POST"])
@requires(Permission.REVIEW_WORKBOOK)
def increase(request: HttpRequest, reference: str, section: str, row: int) -> HttpResponse:
    """What would be asked of AWS, with exact numbers; posting them back writes the request down."""
    found = _quotas(request, section)
    line = get_object_or_404(
        Row,
        pk=row,
        engagement=request.engagement,
        section=found.key,
        table=found.table_of[asking.FIELD].key,
        deleted_at=None,
    )
    problem, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            asking.ask(
                engagement=request.engagement,
                section=found,
                row=line,
                desired=request.POST.get("desired", ""),
                by=request.user,
                now=timezone.now(),
            )
        except asking.CannotAsk as error:
            problem = str(error)
            is_late = isinstance(error, asking.AlreadyAsked)
            status = HTTPStatus.CONFLICT if is_late else HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            messages.success(request, _("The request is written down and goes to AWS within seconds."))
            place = reverse("workbook:increases", args=[reference, found.key])
            return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)
    context = {
        "section": found,
        "preview": asking.preview(request.engagement, found, line),
        "problem": problem,
        "may_agree": Permission.MANAGE_TEAM in request.permissions,
    }
    return render(request, "workbook/prefill/increase.html", context, status=status)


@require_POST
@requires(Permission.MANAGE_TEAM)
def agree(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer's consent to requests from the portal, given or taken back."""
    is_given = request.POST.get("consent") == "given"
    consent.record(
        engagement=request.engagement,
        is_given=is_given,
        words=request.POST.get("words", ""),
        by=request.user,
        now=timezone.now(),
    )
    if is_given:
        messages.success(request, _("Quota increases may be asked of AWS from here now."))
    else:
        messages.success(request, _("Quota increases are no longer asked of AWS from here."))
    key = request.POST.get("section", "")
    section = section_or_404(request.engagement, key if key else "wb08")
    place = reverse("workbook:increases", args=[reference, section.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)
