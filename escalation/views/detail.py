"""Everything the page of one escalation shows, and its forms as the person left them."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import pgettext

from engagements.access import Permission, audience
from escalation import ageing, faces, forms, lanes, panels
from escalation.cases import panel as cases
from escalation.ladder import panel as ladder
from escalation.models import Clock, Escalation, EscalationLink
from escalation.views.offers import MORE, offers
from escalation.watching import panel as watching
from iem_portal.registry import modules
from iem_portal.templatetags.portal import instant_text

FACTS = forms.FactsForm.Meta.fields


def read(request, escalation: Escalation, now: datetime) -> dict:
    """The path and everything that was said, for these eyes; read once for all parts of the page. Four queries."""
    side = audience(request.user)
    said = faces.communications(escalation, audience=side)
    material = lanes.read(escalation, audience=side, now=now, said=said)
    return {
        "now": now,
        "zone": request.engagement.time_zone,
        "escalation": escalation,
        "said": said,
        "picture": lanes.picture(escalation, material, now=now),
        "family": family_of(escalation, material.links),
    }


def head_of(request, escalation: Escalation, now: datetime) -> dict:
    """Title, state and the four clocks."""
    zone = request.engagement.time_zone
    return panels.card(escalation, now, is_staff=sees_inside(request)) | {
        "now": now,
        "zone": zone,
        "clocks": clocks_of(escalation, zone, now),
        "open_s": round(((escalation.resolved_at or now) - escalation.declared_at).total_seconds()),
    }


def sees_inside(request) -> bool:
    """Does the reader belong to AWS's side, who may know what happens inside AWS?"""
    return Permission.SEE_INTERNAL in request.permissions


def fragment_of(request, escalation: Escalation, now: datetime) -> dict:
    """What others change while the page is open: clocks, path and log."""
    return {**head_of(request, escalation, now), **read(request, escalation, now)}


def said_of(request, escalation: Escalation, now: datetime) -> dict:
    """What was said, newest first."""
    said = faces.communications(escalation, audience=audience(request.user))
    return {"said": said, "zone": request.engagement.time_zone}


def facts_of(request, escalation: Escalation, now: datetime) -> dict:
    """What is known."""
    return {"escalation": escalation, "zone": request.engagement.time_zone}


def side_of(request, escalation: Escalation, now: datetime) -> dict:
    """Support cases, and promises that broke; fetched after the page."""
    return {"escalation": escalation, **cases.context(escalation, request, now)}


def told_of(request, escalation: Escalation, now: datetime) -> dict:
    """Who was told and has it, what was sent, and how fresh the clocks are; fetched after the page."""
    return {
        "escalation": escalation,
        "about": f"escalation:{escalation.pk}",
        **ladder.context(escalation, request, now),
        **watching.context(now),
    }


def clocks_of(escalation: Escalation, zone: str, now: datetime) -> list[dict]:
    """The four clocks: face, why the deadline is where it is, and the strip of when it ran."""
    states = faces.states_of(escalation)

    def printed(instant: datetime) -> str:
        return instant_text(instant, zone, "near")

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


def family_of(escalation: Escalation, links: list[EscalationLink]) -> list[dict]:
    """The other one of each link, and how it belongs together, read from here."""
    words = {
        ("related", True): pgettext("escalations", "Related"),
        ("related", False): pgettext("escalations", "Related"),
        ("split", True): pgettext("escalations", "This was split off from it"),
        ("split", False): pgettext("escalations", "Split off from this"),
        ("duplicate", True): pgettext("escalations", "This is a duplicate of it"),
        ("duplicate", False): pgettext("escalations", "A duplicate of this"),
    }
    return [
        {
            "link": link,
            "other": link.other if is_from else link.escalation,
            "words": words[link.kind, is_from],
        }
        for link in links
        for is_from in [link.escalation_id == escalation.pk]
    ]


def context_of(request, escalation: Escalation, now: datetime, *, bound: dict | None = None, **extra) -> dict:
    """The whole page; ``bound`` holds the form that was refused, by name, with what was typed."""
    bound = bound or {}
    return {
        **fragment_of(request, escalation, now),
        **acts_of(request, escalation, now, bound=bound),
        **forms_of(request, escalation, bound),
        **extra,
    }


def acts_of(request, escalation: Escalation, now: datetime, *, bound: dict | None = None) -> dict:
    """What this person may do now, in forms; ``?act=`` opens one, or all that stand behind "more"."""
    opened = request.GET.get("act", "")
    return {"escalation": escalation, **offers(request, escalation, now, bound=bound or {}, opened=opened)}


def more_of(request, escalation: Escalation, now: datetime) -> dict:
    """Every act, those that are seldom needed too."""
    return {"escalation": escalation, **offers(request, escalation, now, bound={}, opened=MORE)}


def forms_of(request, escalation: Escalation, bound: dict) -> dict:
    """The forms that are always on the page, and that of the facts when it was asked for."""
    base = {"base_version": escalation.version}
    chosen = base | {"severity": escalation.severity}
    may_edit = Permission.ESCALATE in request.permissions and escalation.is_open
    facts_form = bound.get("facts")
    if facts_form is None and may_edit and request.GET.get("act") == "facts":
        values = {name: getattr(escalation, name) for name in FACTS}
        facts_form = forms.FactsForm(initial=base | values, prefix="facts")
    return {
        "severity_form": bound.get("severity") or forms.SeverityForm(initial=chosen, prefix="severity"),
        "say_form": bound.get("say") or forms.SayForm(initial={"audience": "all"}, prefix="say"),
        "unlink_form": bound.get("unlink"),
        "facts_form": facts_form,
        "modules": modules_of(escalation.engagement_id) if facts_form else [],
        "severities": panels.severity_rows(escalation.policy),
        "proposal": ageing.proposal(escalation),
        "owes_update": any(clock.kind == Clock.Kind.UPDATE for clock in escalation.timed),
    }


def modules_of(engagement_id: int) -> list:
    """The modules of the planning workbook, with what each is allowed: for the lists of forms. One query."""
    part = modules.get("workbook")
    return part.of(engagement_id) if hasattr(part, "of") else []
