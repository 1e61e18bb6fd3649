"""The head of a section: its state, who has it in hand, and the steps of its review."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from workbook.catalogue import Section
from workbook.models import SectionMove
from workbook.talk import desk, heads, people, questions, steps
from workbook.talk.desk import AssignmentMissing, Stale
from workbook.talk.heads import Head
from workbook.talk.places import Place
from workbook.talk.questions import InvalidPart
from workbook.views.finding import section_or_404


@require_safe
@requires(Permission.VIEW)
def state(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """The state of a section, whose hands it is in, and its steps so far: a part for htmx, else a page."""
    return _draw(request, section_or_404(request.engagement, section))


def _draw(request: HttpRequest, section: Section, *, status: int = HTTPStatus.OK, **refused) -> HttpResponse:
    engagement, now = request.engagement, timezone.now()
    head = heads.of(engagement, section.key).get(section.key, Head())
    is_reviewer = Permission.REVIEW_WORKBOOK in request.permissions
    can_fill = Permission.FILL_WORKBOOK in request.permissions
    moves = SectionMove.objects.filter(
        section_state__engagement=engagement, section_state__section=section.key
    )
    context = {
        "section": section,
        "head": head,
        "own_steps": steps.possible(head.state, is_changed=head.is_changed, is_reviewer=False)
        if can_fill
        else [],
        "review_steps": steps.possible(head.state, is_changed=head.is_changed, is_reviewer=True)
        if is_reviewer
        else [],
        "moves": list(moves[:10]),
        "people": [person for person in people.of(engagement).values() if person.can_fill]
        if can_fill
        else [],
        "due_at": questions.default_due(Place(engagement, section), now),
        "can_fill": can_fill,
        "now": now,
        "typed": {},
        "errors": {},
    }
    is_part = request.headers.get("HX-Request") == "true"
    template = "workbook/talk/_state.html" if is_part else "workbook/talk/state.html"
    return render(request, template, context | refused, status=status)


def _refuse(request: HttpRequest, section: Section, part: str, message: str, status: int) -> HttpResponse:
    return _draw(request, section, status=status, typed=request.POST, errors={part: message})


def _done(request: HttpRequest, section: Section, words: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return _draw(request, section)
    messages.success(request, words)
    place = reverse("workbook:section", args=[request.engagement.reference, section.key])
    return HttpResponseRedirect(place, status=HTTPStatus.SEE_OTHER)


@require_POST
@requires(Permission.FILL_WORKBOOK)
def assign(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Put the section into a member's hands until a day."""
    found = section_or_404(request.engagement, section)
    try:
        desk.assign(
            engagement=request.engagement,
            section=found,
            person=whole(request.POST.get("person", "")),
            due_on=request.POST.get("due_on", ""),
            by=request.user,
            now=timezone.now(),
        )
    except InvalidPart as error:
        return _refuse(request, found, error.part, str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(request, found, _("Section assigned."))


@require_POST
@requires(Permission.FILL_WORKBOOK)
def unassign(request: HttpRequest, reference: str, section: str, assignment: int) -> HttpResponse:
    """Take the section out of somebody's hands."""
    found = section_or_404(request.engagement, section)
    try:
        desk.unassign(
            engagement=request.engagement,
            section=found,
            assignment=assignment,
            by=request.user,
            now=timezone.now(),
        )
    except AssignmentMissing:
        raise Http404 from None
    return _done(request, found, _("No longer assigned."))


@require_POST
@requires(Permission.FILL_WORKBOOK)
def submit(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Hand the section in for review, or take it back."""
    return _move(request, section, is_reviewers=False)


@require_POST
@requires(Permission.REVIEW_WORKBOOK)
def review(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """Mark the section reviewed, accept it, or return it with words why."""
    return _move(request, section, is_reviewers=True)


def _move(request: HttpRequest, section: str, *, is_reviewers: bool) -> HttpResponse:
    found = section_or_404(request.engagement, section)
    step = steps.STEPS.get(request.POST.get("step", ""))
    if step is None or step.is_reviewers != is_reviewers:
        message = _("Choose what to do with the section.")
        return _refuse(request, found, "step", message, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        desk.move(
            engagement=request.engagement,
            section=found,
            step=step.key,
            words=request.POST.get("words", ""),
            version=whole(request.POST.get("version", "")),
            by=request.user,
            now=timezone.now(),
        )
    except InvalidPart as error:
        return _refuse(request, found, error.part, str(error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Stale:
        message = _("Somebody moved this section a moment ago. Look at its state first.")
        return _refuse(request, found, "step", message, HTTPStatus.CONFLICT)
    return _done(request, found, _("The state of the section changed."))
