"""Everything the page of one escalation shows, and its forms as the person left them."""

from __future__ import annotations

from datetime import datetime

from engagements.access import Permission, audience
from escalation import faces, forms, panels
from escalation.models import Clock, Escalation
from escalation.views.offers import offers
from iem_portal.registry import modules
from iem_portal.templatetags.portal import instant_text

FACTS = forms.FactsForm.Meta.fields


def fragment_of(request, escalation: Escalation, now: datetime) -> dict:
    """What others change while the page is open: clocks and path."""
    hops = faces.hops_of(escalation, audience=audience(request.user))
    zone = request.engagement.time_zone
    return panels.card(escalation, now) | {
        "now": now,
        "zone": zone,
        "lanes": faces.path(escalation, hops, now=now),
        "clocks": clocks_of(escalation, zone, now),
        "open_s": round(((escalation.resolved_at or now) - escalation.declared_at).total_seconds()),
    }


def said_of(request, escalation: Escalation, now: datetime) -> dict:
    """What was said, newest first."""
    said = faces.communications(escalation, audience=audience(request.user))
    return {"said": said, "zone": request.engagement.time_zone}


def facts_of(request, escalation: Escalation, now: datetime) -> dict:
    """What is known."""
    return {"escalation": escalation, "zone": request.engagement.time_zone}


def clocks_of(escalation: Escalation, zone: str, now: datetime) -> list[dict]:
    """The four clocks: face, why the deadline is where it is, and the strip of when it ran."""
    states = faces.states_of(escalation)

    def printed(instant: datetime) -> str:
        return instant_text(instant, zone, "time")

    return [
        {
            "face": face,
            "why": faces.why(states.get(face.kind), printed, kind=face.kind),
            "strip": _placed(faces.strip(states.get(face.kind), now)),
        }
        for face in faces.clock_faces(escalation, now)
    ]


def _placed(strip: list) -> list[dict]:
    """Each stretch with where it begins, in percent, for the picture."""
    placed, at = [], 0.0
    for stretch in strip:
        placed.append({"at": f"{at:.3f}", "width": f"{stretch.percent:.3f}", "stretch": stretch})
        at += stretch.percent
    return placed


def context_of(request, escalation: Escalation, now: datetime, *, bound: dict | None = None, **extra) -> dict:
    """The whole page; ``bound`` holds the form that was refused, by name, with what was typed."""
    bound = bound or {}
    return {
        **fragment_of(request, escalation, now),
        **said_of(request, escalation, now),
        **acts_of(request, escalation, now, bound=bound),
        **forms_of(escalation, bound),
        "modules": modules_of(escalation.engagement_id) if Permission.ESCALATE in request.permissions else [],
        **extra,
    }


def acts_of(request, escalation: Escalation, now: datetime, *, bound: dict | None = None) -> dict:
    """What this person may do now, in forms."""
    return {"escalation": escalation, "offers": offers(request, escalation, now, bound or {})}


def forms_of(escalation: Escalation, bound: dict) -> dict:
    """The forms that are always on the page."""
    base = {"base_version": escalation.version}
    chosen = base | {"severity": escalation.severity}
    return {
        "severity_form": bound.get("severity") or forms.SeverityForm(initial=chosen, prefix="severity"),
        "say_form": bound.get("say") or forms.SayForm(initial={"audience": "all"}, prefix="say"),
        "facts_form": bound.get("facts") or _facts(escalation),
        "refused": next(iter(bound), ""),
        "severities": panels.severity_rows(escalation.policy),
        "owes_update": any(clock.kind == Clock.Kind.UPDATE for clock in escalation.timed),
    }


def _facts(escalation: Escalation):
    values = {name: getattr(escalation, name) for name in FACTS}
    return forms.FactsForm(initial=values | {"base_version": escalation.version}, prefix="facts")


def modules_of(engagement_id: int) -> list:
    """The modules of the planning workbook, with what each is allowed: for the lists of forms. One query."""
    part = modules.get("workbook")
    return part.of(engagement_id) if hasattr(part, "of") else []
