"""The verbs on an escalation: what pages, the API, the war room and the demo call."""

from escalation.actions._base import StaleWrite
from escalation.actions.answering import Answered, answered
from escalation.actions.ending import resolved, restored
from escalation.actions.opening import case_opened, open_escalation
from escalation.actions.path import change_lane, hand_over
from escalation.actions.severity import Change, Preview, change_severity, preview_severity
from escalation.actions.talking import add_communication
from escalation.actions.waiting import waiting, waiting_over

__all__ = [
    "Answered",
    "Change",
    "Preview",
    "StaleWrite",
    "add_communication",
    "answered",
    "case_opened",
    "change_lane",
    "change_severity",
    "hand_over",
    "open_escalation",
    "preview_severity",
    "resolved",
    "restored",
    "waiting",
    "waiting_over",
]
