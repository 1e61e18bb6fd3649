"""The gate of the present phase: its conditions, the move, and what was decided before."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from engagements import gates, phases
from engagements.access import Permission, requires
from engagements.errors import Conflict, InvalidValue, Refused
from engagements.models import GateDecision, Phase
from engagements.views.shared import base_version, see_other


@requires(Permission.VIEW)
@require_safe
def gate_panel(request: HttpRequest, reference: str) -> HttpResponse:
    """The conditions in short, for the overview."""
    return render(request, "engagements/_gate.html", _context(request))


@requires(Permission.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def phase_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The gate with the means to go through it; who may is checked by the verb."""
    if request.method != "POST":
        return _page(request)
    reason = request.POST.get("reason", "")
    try:
        decision = phases.move_phase(
            engagement=request.engagement, by=request.user, now=timezone.now(),
            base_version=base_version(request), reason=reason,
        )  # fmt: skip
    except InvalidValue as invalid:
        return _page(request, status=422, reason=reason, error=invalid.errors["reason"])
    except Refused as refusal:
        return _page(request, status=422, reason=reason, error=str(refusal))
    except Conflict:
        request.engagement.refresh_from_db()
        words = _("Somebody changed the engagement meanwhile. Look at the conditions again.")
        return _page(request, status=409, reason=reason, error=words)
    messages.success(request, _("Phase %(phase)s begins") % {"phase": Phase(decision.to_phase).label})
    return see_other(reverse("engagements:phase", args=[reference]))


def _page(request, *, status: int = 200, reason: str = "", error: str = "") -> HttpResponse:
    context = _context(request) | {
        "reason": reason,
        "error": error,
        "decisions": [
            (decision, [one for one in decision.conditions if not one["is_met"]])
            for decision in GateDecision.objects.filter(engagement=request.engagement)
        ],
        "phase_labels": dict(Phase.choices),
    }
    return render(request, "engagements/phase.html", context, status=status)


def _context(request) -> dict:
    engagement, now = request.engagement, timezone.now()
    conditions = gates.conditions(engagement, now)
    unmet = [condition for condition in conditions if not condition.is_met]
    next_phase = gates.NEXT.get(engagement.phase)
    needed = Permission.OVERRIDE_GATE if unmet else Permission.MOVE_PHASE
    return {
        "conditions": conditions,
        "unmet_count": len(unmet),
        "met_count": len(conditions) - len(unmet),
        "next_label": Phase(next_phase).label if next_phase else "",
        "may_move": bool(next_phase) and needed in request.permissions,
        "now": now,
    }
