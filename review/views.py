"""The pages of the review: the report, its words, its measured values, and all reports."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import criteria
from engagements.access import Permission, audience, requires, signed_in
from engagements.errors import Conflict, InvalidValue
from engagements.models import Membership
from review import actions, facts, portfolio, reading
from review.forms import MeasureForm, WordsForm
from warroom.panels.lanes import lanes
from warroom.rehearsal import reading as rehearsal


@signed_in
@require_GET
def index(request):
    """Every event the person may see that has begun, and how it went."""
    return render(request, "review/index.html", {"lines": portfolio.lines(request.user, timezone.now())})


@requires(Permission.VIEW)
@require_GET
def report(request, reference):
    """The review report: reads on a screen and prints on A4."""
    return render(request, "review/report.html", _context(request))


@requires(Permission.EDIT_REVIEW)
@require_POST
def words(request, reference):
    """Save verdict and texts; on a conflict the page shows what stands beside what was typed."""
    form, status = WordsForm(request.POST), 422
    if form.is_valid():
        try:
            actions.save_words(
                request.engagement,
                form.cleaned_data,
                base_version=form.cleaned_data["base_version"],
                by=request.user,
                now=timezone.now(),
            )
            return redirect("review:report", reference)
        except Conflict as conflict:
            form, status = _retyped(form, conflict.current.version), 409
    return render(request, "review/report.html", _context(request, words=form), status=status)


@requires(Permission.EDIT_REVIEW)
@require_POST
def measure(request, reference, pk):
    """Save the measured value of one criterion."""
    criterion = get_object_or_404(criteria.of(request.engagement), pk=pk)
    form, status = MeasureForm(request.POST, prefix=f"m{pk}"), 422
    if form.is_valid():
        try:
            criteria.record_actual(
                criterion=criterion, by=request.user, now=timezone.now(), **form.cleaned_data
            )
            return redirect("review:report", reference)
        except InvalidValue as invalid:
            form.add_error("actual", " ".join(str(text) for text in invalid.errors.values()))
        except Conflict as conflict:
            form, status = _retyped(form, conflict.current.version), 409
    return render(request, "review/report.html", _context(request, measures={pk: form}), status=status)


def _retyped(form, version: int):
    """The form with everything typed, now on top of the version that is stored."""
    data = form.data.copy()
    data[form.add_prefix("base_version")] = version
    again = type(form)(data, prefix=form.prefix)
    again.full_clean()
    again.add_error(None, _("Somebody saved meanwhile. Their text stands in the report; yours is below."))
    return again


def _context(request: HttpRequest, *, words: WordsForm | None = None, measures: dict | None = None) -> dict:
    now = timezone.now()
    review = reading.of_engagement(request.engagement, audience=audience(request.user), now=now)
    if Permission.EDIT_REVIEW in request.permissions:
        base = {"base_version": review.report.version}
        words = words or WordsForm(instance=review.report, initial=base)
        for row in review.criteria:
            row["form"] = (measures or {}).get(row["criterion"].pk) or _measure_form(row)
    return {
        "review": review,
        "facts": facts.of_review(review),
        "lanes": lanes(request.engagement, now, review.runbook) if review.runbook else None,
        "rehearsal": rehearsal.brief(review.runbook, now) if review.runbook else None,
        "members": Membership.objects.filter(engagement=request.engagement).select_related(
            "user", "invitation"
        ),
        "words": words,
        "refused": bool(words and words.is_bound),
        "now": now,
        "zone": request.engagement.time_zone,
    }


def _measure_form(row: dict) -> MeasureForm:
    one = row["criterion"]
    initial = {
        "actual": reading.plain(one.actual),
        "note": one.actual_note,
        "base_version": one.version,
    }
    return MeasureForm(prefix=f"m{one.pk}", initial=initial)
