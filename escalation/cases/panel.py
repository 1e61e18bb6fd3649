"""The support cases on the page of an escalation: where each stands, how fresh that is, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from escalation import catalog
from escalation.cases import words
from escalation.models import CaseWrite, Clock, ClockEvent, Escalation, SupportCase
from iem_portal.templatetags.portal import pick

#: Writes that a page still has to speak of.
MOST_WRITES = 10


@dataclass(frozen=True)
class Card:
    """One case as drawn: `state` names shape and colour of its status word."""

    case: SupportCase
    status: str
    state: str
    severity: str
    problem: str
    is_milder: bool

    @property
    def may_lead(self) -> bool:
        """Was it opened for the present severity, while the clock follows another case?"""
        return not (self.case.is_primary or self.case.is_closed or self.is_milder)


@dataclass(frozen=True)
class Note:
    """One write that is under way, or that AWS did not take."""

    write: CaseWrite
    text: str
    state: str
    problem: str


def context(escalation: Escalation, request, now: datetime) -> dict:
    """Cases, newest words and writes under way. Two queries, and one more for a case that was noted by hand."""
    cases = [card(one, escalation) for one in escalation.cases.all()]
    by_hand = escalation.case_id if not cases else ""
    is_milder = bool(cases) and all(one.is_milder for one in cases)
    return {
        "cases": cases,
        "case_by_hand": by_hand,
        "case_notes": notes(escalation),
        "is_case_closed": bool(cases) and escalation.is_open and all(one.case.is_closed for one in cases),
        "is_case_milder": escalation.is_open
        and (is_milder or bool(by_hand and _was_raised_since(escalation))),
        "now": now,
        "zone": escalation.engagement.time_zone,
    }


def _was_raised_since(escalation: Escalation) -> bool:
    """Was the severity raised after the case was noted? AWS promises less time for the first answer then. One query."""
    if not (escalation.severity_since and escalation.case_opened_at):
        return False
    events = ClockEvent.objects.filter(clock__escalation=escalation, clock__kind=Clock.Kind.FIRST_RESPONSE)
    promised = events.exclude(target_s=None).order_by("cycle", "pk").values_list("cycle", "target_s")
    of_cycle: dict[int, list[int]] = {}
    for cycle, target_s in promised:
        of_cycle.setdefault(cycle, []).append(target_s)
    newest = of_cycle[max(of_cycle)] if of_cycle else []
    return bool(newest) and newest[-1] < newest[0]


def card(case: SupportCase, escalation: Escalation) -> Card:
    """The case in words."""
    row = catalog.severities().get(case.severity)
    ranks = list(catalog.severities())
    is_milder = case.severity in ranks and ranks.index(case.severity) > ranks.index(escalation.severity)
    status, state = status_of(case.status)
    problem = words.fault(case.problem, case.problem_text)
    return Card(case, status, state, pick(row["label"]) if row else case.severity, problem, is_milder)


def status_of(status: str) -> tuple[str, str]:
    """AWS's status in words, and how it is drawn; a word that is new is shown as it is. Source: AWS Support API."""
    known = {
        "unassigned": (pgettext("support case", "Unassigned"), "todo"),
        "opened": (pgettext("support case", "Opened"), "run"),
        "work-in-progress": (pgettext("support case", "AWS works on it"), "run"),
        "pending-customer-action": (pgettext("support case", "AWS waits for you"), "watch"),
        "customer-action-completed": (pgettext("support case", "You answered"), "run"),
        "reopened": (pgettext("support case", "Reopened"), "run"),
        "resolved": (pgettext("support case", "Closed"), "ok"),
    }
    return known.get(status, (status, "todo"))


def notes(escalation: Escalation) -> list[Note]:
    """The newest write of each kind, unless AWS took it. One query."""
    found: dict[str, CaseWrite] = {}
    for one in escalation.case_writes.all()[:MOST_WRITES]:
        found.setdefault(one.kind, one)
    return [note(one) for one in found.values() if one.state != CaseWrite.State.DONE]


def note(one: CaseWrite) -> Note:
    """How far it is, in words."""
    problem = words.fault(one.error_kind, one.error_message, one.error_code)
    if one.state == CaseWrite.State.FAILED:
        return Note(one, _("AWS did not take it"), "bad", problem)
    if one.state == CaseWrite.State.UNKNOWN:
        return Note(one, _("No answer from AWS; looking whether it has it"), "watch", problem)
    return Note(one, _("On its way to AWS"), "run", problem)
