"""The gate from the event to its review."""

from engagements import gates
from escalation import actions


def condition(engagement, now):
    return next(one for one in gates.conditions(engagement, now) if one.key == "escalations")


def test_the_event_is_not_left_while_an_escalation_is_open(escalation, engagement, people, now):
    assert (condition(engagement, now).is_met, condition(engagement, now).detail) == (False, "ESC-01")
    actions.resolved(escalation=escalation, resolution="restarted", by=people["tam"], now=now)
    assert condition(engagement, now).is_met
