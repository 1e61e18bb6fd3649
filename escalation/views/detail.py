"""Everything the page of one escalation shows, and its forms as the person left them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language

from engagements.access import AWS_ROLES, audience
from escalation import catalog, faces, panels
from escalation.forms import (
    AnswerForm,
    CaseForm,
    HandOverForm,
    LaneForm,
    ResolveForm,
    RestoredForm,
    SayForm,
    SeverityForm,
)
from escalation.models import Escalation
from iem_portal.templatetags.portal import instant_text


def fragment_of(request, escalation: Escalation, now: datetime) -> dict:
    """What others change while the page is open: clock, path and log."""
    side = audience(request.user)
    hops = faces.hops_of(escalation, audience=side)
    zone = request.engagement.time_zone
    state = faces.state_of(escalation)
    return panels.card(escalation, now) | {
        "now": now,
        "zone": zone,
        "lanes": faces.path(escalation, hops, now=now),
        "hops": hops,
        "said": faces.communications(escalation, audience=side),
        "reasons": faces.reasons(state, lambda instant: instant_text(instant, zone, "time")),
        "open_s": round(((escalation.resolved_at or now) - escalation.declared_at).total_seconds()),
        "at_level_since": hops[-1].entered_at if hops else escalation.declared_at,
    }


def context_of(request, escalation: Escalation, now: datetime, *, bound: dict | None = None, **extra) -> dict:
    """The whole page; ``bound`` holds the form that was refused, by name, with what was typed."""
    forms = forms_of(request, escalation) | (bound or {})
    return fragment_of(request, escalation, now) | {
        "forms": forms,
        "refused": next(iter(bound), "") if bound else "",
        "severities": panels.severity_rows(escalation.policy),
        "other_lane": next(code for code in catalog.lanes() if code != escalation.lane),
        **extra,
    }


def forms_of(request, escalation: Escalation) -> dict:
    """One fresh form for each act."""
    base = {"base_version": escalation.version}
    other = next(code for code in catalog.lanes() if code != escalation.lane)
    return {
        "case": CaseForm(initial=base | {"case_id": escalation.case_id}, prefix="case"),
        "answer": AnswerForm(initial=base | {"how": "case"}, prefix="answer"),
        "hand_over": HandOverForm(
            initial=base | {"level": _next_level(escalation), "owner_name": escalation.owner_name},
            levels=levels_of(request, escalation),
            prefix="hand_over",
        ),
        "lane": LaneForm(initial=base | {"lane": other}, prefix="lane"),
        "severity": SeverityForm(initial=base | {"severity": escalation.severity}, prefix="severity"),
        "restored": RestoredForm(initial=base, prefix="restored"),
        "resolve": ResolveForm(initial=base, prefix="resolve"),
        "say": SayForm(initial={"audience": "all"}, prefix="say"),
    }


def levels_of(request, escalation: Escalation) -> list[tuple[int, str]]:
    """The levels this person may set: those inside AWS are for AWS's people."""
    language = get_language() or "en"
    is_aws = request.role in AWS_ROLES or request.user.is_aws
    return [
        (level["level"], f"{level['level'] + 1} · {level['label'].get(language) or level['label']['en']}")
        for level in catalog.lanes()[escalation.lane]["levels"]
        if is_aws or not catalog.is_internal(level["level"])
    ]


def _next_level(escalation: Escalation) -> int:
    return min(escalation.level + 1, catalog.highest_level(escalation.lane))
