"""The verbs on an escalation: what pages, the API, the war room and the demo call."""

from escalation.actions._base import StaleWrite
from escalation.actions.acknowledging import acknowledge, may_answer, snooze, take
from escalation.actions.answering import Answered, answered
from escalation.actions.ending import resolved, restored
from escalation.actions.facts import edit_facts
from escalation.actions.family import follow_up, link, merge, split, start_lane, unlink
from escalation.actions.management import raise_management, step_back_management
from escalation.actions.opening import case_opened, open_escalation
from escalation.actions.path import ask_for_answer, change_lane, hand_over
from escalation.actions.reopening import is_reopenable, reopen
from escalation.actions.severity import Change, Preview, change_severity, preview_severity
from escalation.actions.talking import add_communication
from escalation.actions.waiting import waiting, waiting_over

__all__ = [
    "Answered",
    "Change",
    "Preview",
    "StaleWrite",
    "acknowledge",
    "add_communication",
    "answered",
    "ask_for_answer",
    "case_opened",
    "change_lane",
    "change_severity",
    "edit_facts",
    "follow_up",
    "hand_over",
    "is_reopenable",
    "link",
    "may_answer",
    "merge",
    "open_escalation",
    "preview_severity",
    "raise_management",
    "reopen",
    "resolved",
    "restored",
    "snooze",
    "split",
    "start_lane",
    "step_back_management",
    "take",
    "unlink",
    "waiting",
    "waiting_over",
]
