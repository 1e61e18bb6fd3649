"""What a page shows of an escalation: the face of its clock, its path, and why its deadline is where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from engagements.models import TimelineEntry
from escalation import catalog, planning
from escalation import clock as pure
from escalation.models import Clock, Communication, Escalation, Hop


@dataclass(frozen=True)
class Face:
    """A first-answer clock as drawn. Instants are aware UTC; spans are whole seconds.

    ``state`` is one of waiting (no case yet), running, met, missed or cancelled; a running
    clock whose ``due_at`` has passed is breached, and the page counts up from there.
    """

    state: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    target_min: int = 0
    taken_s: int | None = None
    breached_at: datetime | None = None
    is_over: bool = False

    @property
    def end_at(self) -> datetime | None:
        """When the promise ran out or was kept: what lists are sorted by."""
        return self.due_at


def with_clocks(escalations: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """The escalations with everything a face needs, in three queries however many there are."""
    clocks = Clock.objects.filter(kind=Clock.Kind.FIRST_RESPONSE).prefetch_related("events")
    return escalations.select_related("engagement").prefetch_related(
        Prefetch("clocks", queryset=clocks, to_attr="first_response")
    )


def state_of(escalation: Escalation) -> pure.State | None:
    """The folded first-answer clock, or None before the case is open; wants :func:`with_clocks`."""
    return planning.state_of(escalation.first_response[0]) if escalation.first_response else None


def face(escalation: Escalation, now: datetime) -> Face:
    """The face of the first-answer clock at ``now``; wants :func:`with_clocks`."""
    state = state_of(escalation)
    target_min = escalation.policy["targets"].get(escalation.severity, {}).get("minutes", 0)
    if state is None or state.started_at is None:
        return Face("waiting", target_min=target_min)
    verdict = pure.verdict(state)
    words = {pure.ENDED: verdict, pure.VOID: "missed" if verdict == pure.MISSED else "cancelled"}
    return Face(
        state=words.get(state.status, "running"),
        started_at=state.started_at,
        due_at=pure.due_at(state),
        target_min=round(state.target.total_seconds() / 60),
        taken_s=round(pure.elapsed(state, now).total_seconds()) if state.is_over else None,
        breached_at=None if state.is_corrected else state.breached_at,
        is_over=state.is_over,
    )


def path(escalation: Escalation, hops: list[Hop], *, now: datetime) -> list[dict]:
    """Both lanes with their levels; each level says whether it is done, current, next or not used, and for how long."""
    end = escalation.resolved_at or now
    stays: dict[tuple[str, int], list[tuple[Hop, timedelta]]] = {}
    for hop, following in zip(hops, [*hops[1:], None], strict=True):
        until = following.entered_at if following else end
        stays.setdefault((hop.lane, hop.level), []).append((hop, max(until - hop.entered_at, timedelta())))
    return [
        {
            "code": code,
            "label": lane["label"],
            "is_current": code == escalation.lane,
            "is_used": any(key[0] == code for key in stays),
            "levels": [_level(escalation, code, level, stays) for level in lane["levels"]],
        }
        for code, lane in catalog.lanes().items()
    ]


def _level(escalation: Escalation, lane: str, level: dict, stays: dict) -> dict:
    visits = stays.get((lane, level["level"]), [])
    spent = sum((span for _hop, span in visits), timedelta())
    last = visits[-1][0] if visits else None
    return {
        "number": level["level"] + 1,
        "level": level["level"],
        "label": level["label"],
        "hint": level["hint"],
        "state": _level_state(escalation, lane, level["level"], bool(visits)),
        "entered_at": visits[0][0].entered_at if visits else None,
        "spent_s": round(spent.total_seconds()) if visits else None,
        "owner": last.owner_name if last else "",
    }


def _level_state(escalation: Escalation, lane: str, level: int, is_visited: bool) -> str:
    if lane != escalation.lane:
        return "done" if is_visited else "unused"
    if level == escalation.level:
        return "now" if escalation.is_open else "done"
    if level < escalation.level:
        return "done" if is_visited else "left-out"
    if not escalation.is_open:
        return "unused"
    return "next" if level == escalation.level + 1 else "later"


def communications(escalation: Escalation, *, audience: str) -> list[Communication]:
    """What was said, newest first; what is for AWS's people only stays with them."""
    said = escalation.communications.all()
    return list(said if audience == "staff" else said.filter(audience=TimelineEntry.Audience.ALL))


def hops_of(escalation: Escalation, *, audience: str) -> list[Hop]:
    """The path in order; notes written inside AWS are left empty for customers."""
    hops = list(escalation.hops.order_by("entered_at", "pk"))
    if audience != "staff":
        for hop in hops:
            hop.note = "" if hop.is_internal else hop.note
    return hops


def reasons(state: pure.State | None, zone_text) -> list[str]:
    """Why is the deadline where it is, one sentence a part; ``zone_text(instant)`` prints an instant."""
    if state is None:
        return [_("The clock starts when the support case is opened, not when the problem is seen.")]
    labels = {code: catalog.severities()[code]["aws"] for code in catalog.severities()}
    return [text for part in pure.explain(state) if (text := _sentence(part, labels, zone_text))]


def _sentence(part: dict, labels: dict, zone_text) -> str:
    match part["part"]:
        case "start":
            return _("The case was opened at %(at)s.") % {"at": zone_text(part["at"])}
        case "target":
            return (
                _("For this severity the support plan promises a first answer within %(minutes)d minutes.")
                % part
            )
        case "hours" if part["kind"] == "business":
            return _("It counts working hours only (%(opens)s to %(closes)s, %(zone)s).") % part
        case "hours":
            return _("It counts every hour, day and night.")
        case "held":
            return _("The clock was paused at %(since)s.") % {"since": zone_text(part["since"])}
        case "was":
            return _("Until %(until)s another severity was set, with %(minutes)d minutes.") % {
                "until": zone_text(part["until"]),
                "minutes": part["minutes"],
            }
        case "due" if part["at"]:
            return _("So the answer is due by %(at)s.") % {"at": zone_text(part["at"])}
    return ""
