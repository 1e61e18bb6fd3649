"""The page that says whether the clocks can be trusted."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from engagements.access import signed_in
from escalation.models import Audit, EngineBeat, Finding, Lag
from escalation.watching import keeping, lag
from iem_portal.accounts.models import User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_SHOWN = 50
# Findings of other people's engagements are nobody's business but theirs.
OVER_ALL = {User.PortalRole.MANAGER, User.PortalRole.ADMINISTRATOR}


@signed_in
@require_GET
def engine(request):
    """Beat, lateness, audit and findings; for AWS's side. Eight queries."""
    if not request.user.is_aws:
        raise PermissionDenied
    now = timezone.now()
    findings = Finding.objects.all()
    if request.user.portal_role not in OVER_ALL:
        findings = findings.filter(engagement_id__isnull=True)
    context = {
        "now": now,
        "zone": request.user.time_zone,
        "beats": list(EngineBeat.objects.order_by("-beat_at")),
        "hour": lag.since(now - HOUR),
        "day": lag.since(now - DAY),
        "slow_minutes": list(Lag.objects.filter(minute__gte=now - DAY, later__gt=0)[:MOST_SHOWN]),
        "audit": Audit.objects.filter(name=keeping.NAME).first(),
        "open": list(findings.filter(gone_at__isnull=True)[:MOST_SHOWN]),
        "past": list(findings.filter(gone_at__isnull=False)[:MOST_SHOWN]),
    }
    return render(request, "escalation/watching/engine.html", context)
