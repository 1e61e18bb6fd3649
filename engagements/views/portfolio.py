"""The start page: every engagement this person may see, by how near the event is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagements.access import signed_in
from engagements.models import Phase
from engagements.portfolio import portfolio
from engagements.views.opening import OPENERS


@signed_in
@require_safe
def portfolio_page(request: HttpRequest) -> HttpResponse:
    """The portfolio; htmx asks for the part below the filters only."""
    now = timezone.now()
    filters = {
        name: request.GET.get(name, "").strip() for name in ("scope", "phase", "customer", "escalated", "q")
    }
    if filters["phase"] not in Phase.values:
        filters["phase"] = ""
    context = {"portfolio": portfolio(request.user, filters, now), "filters": filters, "now": now}
    if request.htmx:
        return render(request, "engagements/_portfolio_swap.html", context)
    context |= {
        "phases": Phase.choices,
        "may_open": request.user.is_aws and request.user.portal_role in OPENERS,
        "is_filtered": any(filters.values()),
    }
    return render(request, "engagements/portfolio.html", context)
