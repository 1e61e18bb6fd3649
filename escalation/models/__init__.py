"""What an escalation is: its path, its clocks, the deadlines they plan, and the tables of targets."""

from escalation.models.clocks import Clock, ClockEvent, Deadline, EngineBeat
from escalation.models.escalations import Escalation, EscalationLink
from escalation.models.path import MANAGEMENT, Communication, Hop
from escalation.models.targets import Objective, ResponseTarget, WorkingHours
from escalation.models.watching import Audit, BreachCause, Finding, Lag
from escalation.models.words import Lane, Severity, reference_of

__all__ = [
    "MANAGEMENT",
    "Audit",
    "BreachCause",
    "Clock",
    "ClockEvent",
    "Communication",
    "Deadline",
    "EngineBeat",
    "Escalation",
    "EscalationLink",
    "Finding",
    "Hop",
    "Lag",
    "Lane",
    "Objective",
    "ResponseTarget",
    "Severity",
    "WorkingHours",
    "reference_of",
]
