"""What an escalation is: its path, its clocks, the deadlines they plan, and the tables of targets."""

from escalation.models.cases import CaseFile, CaseMessage, CaseWrite, SupportCase
from escalation.models.clocks import Clock, ClockEvent, Deadline, EngineBeat
from escalation.models.escalations import Escalation, EscalationLink
from escalation.models.ladder import Acknowledgement, Drill, DrillPage, LadderPolicy, Mute, Page
from escalation.models.path import MANAGEMENT, Communication, Hop
from escalation.models.targets import Objective, ResponseTarget, WorkingHours
from escalation.models.watching import Audit, BreachCause, Finding, Lag
from escalation.models.words import Lane, Severity, reference_of

__all__ = [
    "MANAGEMENT",
    "Acknowledgement",
    "Audit",
    "BreachCause",
    "CaseFile",
    "CaseMessage",
    "CaseWrite",
    "Clock",
    "ClockEvent",
    "Communication",
    "Deadline",
    "Drill",
    "DrillPage",
    "EngineBeat",
    "Escalation",
    "EscalationLink",
    "Finding",
    "Hop",
    "LadderPolicy",
    "Lag",
    "Lane",
    "Mute",
    "Objective",
    "Page",
    "ResponseTarget",
    "Severity",
    "SupportCase",
    "WorkingHours",
    "reference_of",
]
