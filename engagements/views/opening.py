"""The form that opens an engagement, and the two fragments that help to fill it in."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements import actions, catalog, plan, schedule
from engagements.access import portal
from engagements.errors import InvalidValue
from engagements.forms import OpenForm
from engagements.row_forms import ROW_SETS, silenced, silenced_rows
from engagements.views.shared import see_other
from iem_portal.numbers import whole

OPENERS = ("tam", "manager", "administrator")
UNITS = ("%", "ms", "s", "min", "h", "rps", "rows", "USD")


@portal(*OPENERS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """Ask for everything an engagement starts with, and open it."""
    now = timezone.now()
    if request.method != "POST":
        form = OpenForm(initial={"time_zone": request.user.time_zone}, now=now)
        return _page(request, form, {name: rows(prefix=name) for name, rows in ROW_SETS.items()})
    if wanted := request.POST.get("add_row"):
        return _with_one_more_row(request, wanted, now)
    form = OpenForm(request.POST, now=now)
    is_valid = form.is_valid()
    row_sets = _row_sets(request.POST, form.cleaned_data.get("customer"))
    if not all([is_valid, *(rows.is_valid() for rows in row_sets.values())]):
        return _page(request, form, row_sets, status=422)
    return _open(request, form, row_sets, now)


def _open(request, form: OpenForm, row_sets: dict, now) -> HttpResponse:
    data = form.cleaned_data
    facts = {name: data[name] for name in actions.EDITABLE}
    try:
        # One transaction: a refused engagement must not leave its new customer behind.
        with transaction.atomic():
            customer = data["customer"] or actions.create_customer(
                name=data["new_customer"], country=data["new_customer_country"] or "KR"
            )
            engagement = actions.open_engagement(
                by=request.user, now=now, customer=customer, **facts, **vars(data["window"]),
                **{name: rows.wanted() for name, rows in row_sets.items()},
                choices=form.opening_choices(),
            )  # fmt: skip
    except InvalidValue as invalid:
        form.add_error(None, " ".join(invalid.errors.values()))
        return _page(request, form, row_sets, status=422)
    messages.success(request, _("%(reference)s is open") % {"reference": engagement.reference})
    return see_other(reverse("engagements:overview", args=[engagement.reference]))


def _row_sets(data, customer) -> dict:
    return {
        name: rows(data, prefix=name, **({"form_kwargs": {"customer": customer}} if name == "team" else {}))
        for name, rows in ROW_SETS.items()
    }


def _with_one_more_row(request, name: str, now) -> HttpResponse:
    """Without JavaScript the button posts the whole form; what was typed comes back with one row more."""
    if name not in ROW_SETS:
        raise Http404
    data = request.POST.copy()
    key = f"{name}-TOTAL_FORMS"
    data[key] = str(min(int(data.get(key) or 0) + 1, ROW_SETS[name].max_num))
    row_sets = {key: silenced_rows(rows) for key, rows in _row_sets(data, None).items()}
    return _page(request, silenced(OpenForm(data, now=now)), row_sets)


def _page(request, form: OpenForm, row_sets: dict, status: int = 200) -> HttpResponse:
    context = {"form": form, "programmes": catalog.PROGRAMMES, "units": UNITS,
               "checked_on": catalog.support_plans_checked_on(), **row_sets}  # fmt: skip
    if form.is_bound and form.errors is not None:
        context["error_count"] = len(form.errors) + sum(
            len(errors) for rows in row_sets.values() for errors in rows.errors
        )
    return render(request, "engagements/open.html", context, status=status)


@portal(*OPENERS)
@require_GET
def row(request: HttpRequest, kind: str) -> HttpResponse:
    """One more empty row, and the count of rows beside it."""
    if kind not in ROW_SETS:
        raise Http404
    text = request.GET.get(f"{kind}-TOTAL_FORMS", "0")
    index = min(whole(text) or 0, ROW_SETS[kind].max_num - 1)
    rows = ROW_SETS[kind](prefix=kind)
    form = rows.empty_form
    form.prefix = f"{kind}-{index}"
    return render(request, "engagements/_row_added.html", {"kind": kind, "form": form, "count": index + 1})


@portal(*OPENERS)
@require_GET
def dates(request: HttpRequest) -> HttpResponse:
    """What the typed window means: days left, length of the plan, a late request."""
    now = timezone.now()
    form = OpenForm(request.GET, now=now)
    form.is_valid()
    window = form.cleaned_data.get("window")
    context = {"window": window}
    if window and "ends_at" not in form.errors:
        days_left = schedule.days_between(now, window.starts_at, window.time_zone)
        context |= {
            "days_left": days_left,
            "plan_days": plan.plan_days(schedule.preset_days(request.GET.get("event_type", "")), days_left),
            "is_late": plan.is_late_request(days_left),
            "is_past": window.ends_at <= now,
        }
    return render(request, "engagements/_dates.html", context)
