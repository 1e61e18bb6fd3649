"""The gate from the event to its review."""

from datetime import timedelta

from engagements import gates
from escalation import actions
from escalation.gate import EverybodyIsReached
from escalation.ladder import drill, editing, policies


def condition(engagement, now):
    return next(one for one in gates.conditions(engagement, now) if one.key == "escalations")


def test_the_event_is_not_left_while_an_escalation_is_open(escalation, engagement, people, now):
    assert (condition(engagement, now).is_met, condition(engagement, now).detail) == (False, "ESC-01")
    actions.resolved(escalation=escalation, resolution="restarted", by=people["tam"], now=now)
    assert condition(engagement, now).is_met


def test_a_test_page_counts_for_the_gate_only_for_as_many_days_as_the_rules_say(engagement, people, now):
    found = drill.start(engagement=engagement, by=people["tam"], now=now)
    for page in found.pages.all():
        drill.answered(page=page, now=now)

    def is_met(after: timedelta) -> bool:
        (one,) = EverybodyIsReached().conditions(engagement, now + after)
        return one.is_met

    shipped = policies.shipped()
    days = timedelta(days=shipped["drill_days"])
    assert (is_met(days), is_met(days + timedelta(seconds=1))) == (True, False)
    body = {"rules": shipped["rules"], "terms": shipped["terms"], "drill_days": 3}
    base = policies.in_force(engagement)
    editing.save(engagement=engagement, body=body, by=people["tam"], now=now, base=base.pk if base else None)
    assert (is_met(timedelta(days=3)), is_met(timedelta(days=4))) == (True, False)
