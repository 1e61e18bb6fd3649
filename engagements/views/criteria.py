"""The panel of success criteria: shared by the overview, the workbook and the review."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from engagements import criteria, verdict
from engagements.access import Permission, requires
from engagements.errors import Conflict, InvalidValue
from engagements.row_forms import CriterionForm
from engagements.views.opening import UNITS
from engagements.views.shared import base_version, see_other

#: Fields that are saved one at a time from the panel.
FIELDS = frozenset(
    {"name", "operator", "target", "target_high", "unit", "criterion_class", "window", "source", "baseline",
     "weight", "is_must"}
)  # fmt: skip


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD"])
def criteria_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The panel: a page of its own, or only itself when htmx asks (as the workbook does)."""
    return _panel(request)


@requires(Permission.FILL_WORKBOOK)
@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Put one more criterion at the end."""
    form = CriterionForm(request.POST)
    if not form.is_valid():
        return _panel(request, form=form, status=422)
    criteria.add_criterion(
        engagement=request.engagement, new=form.wanted(), by=request.user, now=timezone.now()
    )
    return _done(request)


@requires(Permission.FILL_WORKBOOK)
@require_POST
def save_field(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Save one field of one criterion; answers 409 with both values when somebody was faster."""
    field = request.POST.get("field", "")
    if field not in FIELDS:
        raise Http404
    value = request.POST.get("value", "")
    return _act(
        request, pk, field, value,
        lambda criterion, common: criteria.save_field(
            field=field, value=value, base_value=request.POST.get("base_value"), criterion=criterion, **common
        ),
    )  # fmt: skip


@requires(Permission.FILL_WORKBOOK)
@require_POST
def agree(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Say yes for one's own side."""
    return _act(
        request, pk, "agreed", "",
        lambda criterion, common: criteria.agree(criterion=criterion, role=request.role, **common),
    )  # fmt: skip


@requires(Permission.DRIVE)
@require_POST
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Take a criterion out of force."""
    return _act(
        request, pk, "", "",
        lambda criterion, common: criteria.remove_criterion(criterion=criterion, **common),
    )  # fmt: skip


@requires(Permission.EDIT_REVIEW)
@require_POST
def actual(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write the measured value."""
    value, note = request.POST.get("actual", ""), request.POST.get("note", "")
    return _act(
        request, pk, "actual", value,
        lambda criterion, common: criteria.record_actual(
            criterion=criterion, actual=value, note=note, **common
        ),
    )  # fmt: skip


def _act(request, pk: int, field: str, typed: str, verb) -> HttpResponse:
    """Run a verb on one criterion of this engagement and show what came of it."""
    criterion = get_object_or_404(criteria.of(request.engagement).select_related("engagement"), pk=pk)
    common = {"base_version": base_version(request), "by": request.user, "now": timezone.now()}
    try:
        verb(criterion, common)
    except InvalidValue as invalid:
        return _panel(
            request, status=422, at=pk, field=field, typed=typed, errors=list(invalid.errors.values())
        )
    except Conflict as conflict:
        theirs = getattr(conflict.current, field, "") if field in FIELDS | {"actual"} else ""
        shown = verdict.plain(theirs) if hasattr(theirs, "quantize") else theirs
        return _panel(
            request,
            status=409,
            at=pk,
            field=field,
            typed=typed,
            theirs=shown,
            is_conflict=True,
            can_keep=field in FIELDS,
        )
    return _done(request)


def _done(request) -> HttpResponse:
    if request.htmx:
        return _panel(request)
    return see_other(reverse("engagements:criteria", args=[request.engagement.reference]))


def _panel(request, *, status: int = 200, form: CriterionForm | None = None, **problem) -> HttpResponse:
    context = {
        "criteria": list(criteria.of(request.engagement)),
        "form": form or CriterionForm(),
        "is_adding": form is not None,
        "operators": [(key, verdict.SYMBOLS[key]) for key in verdict.OPERATORS],
        "classes": list(criteria.CLASSES.items()),
        "sources": list(criteria.SOURCES.items()),
        "agrees_for": criteria.AGREES_FOR.get(request.role, ""),
        "units": UNITS,
        "problem": problem,
        "now": timezone.now(),
    }
    template = "engagements/_criteria.html" if request.htmx else "engagements/criteria.html"
    return render(request, template, context, status=status)
