"""Whatever people do in whatever order: the rows that wait are those that the log of the clock says."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation import actions, engine, planning
from escalation import clock as pure
from escalation.clock import BREACH, STAGES
from escalation.models import Clock, ClockEvent, Deadline
from iem_portal.accounts.actors import Actor

pytestmark = pytest.mark.once
MIN = timedelta(minutes=1)
BY = Actor("Somebody")
SEVERITIES = ["critical", "urgent", "high", "normal", "low"]
ACTS = ["case", "answer", "update", "level", "lane", "severity", "wait", "on", "restore", "nothing"]
# What is done, how many minutes later, a choice, how far back it happened, and whether the engine comes by.
steps = st.tuples(
    st.sampled_from(ACTS), st.integers(0, 45), st.integers(0, 4), st.integers(0, 20), st.booleans()
)


def act(escalation, name, choice, back, now):
    """One act of people; what the rules refuse leaves everything as it was."""
    words = {"escalation": escalation, "by": BY, "now": now}
    at = now - back * MIN if back > 5 else now
    match name:
        case "case":
            actions.case_opened(case_id=str(choice), at=at, reason="found late", **words)
        case "answer":
            actions.answered(how="call", at=at, reason="by phone", **words)
        case "update":
            said = {"text": "word", "audience": "all", "is_update": True, "reason": "noted late"}
            actions.add_communication(at=at, **said, **words)
        case "level":
            actions.hand_over(level=choice, owner_name="", note="as agreed", **words)
        case "lane":
            lane = ("technical", "customer-service")[choice % 2]
            actions.change_lane(lane=lane, reason="billing", **words)
        case "severity":
            actions.change_severity(severity=SEVERITIES[choice], reason="changed", **words)
        case "wait":
            until = now + choice * 10 * MIN if choice else None
            actions.waiting(code="other", reason="asked", at=at, until=until, **words)
        case "on":
            actions.waiting_over(at=at, reason="noted late", **words)
        case "restore":
            actions.restored(at=at, reason="seen", **words)


def check(escalation, now):
    """The waiting rows against the fold, clock by clock; every breach is dated at its deadline."""
    for clock in Clock.objects.filter(escalation=escalation):
        state = planning.state_of(clock)
        rows = clock.deadlines.waiting().filter(stage__in=STAGES)
        waiting = set(rows.values_list("cycle", "stage", "due_at"))
        may_wait = state.status == pure.RUNNING and not state.breached_at
        dues = pure.dues(state) if may_wait else {}
        ahead = {(clock.cycle, key, due) for key, due in dues.items() if due > now and key not in state.fired}
        assert waiting == ahead, clock.kind
        assert not state.is_over or pure.elapsed(state, now) == pure.elapsed(state, now + MIN)
    for breach in ClockEvent.objects.filter(clock__escalation=escalation, kind="breached"):
        row = Deadline.objects.get(clock=breach.clock, cycle=breach.cycle, stage=BREACH)
        assert row.fired_at is not None and row.due_at == breach.at <= breach.recorded_at


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(script=st.lists(steps, min_size=3, max_size=9), owed=st.sampled_from([None, 90]))
def test_the_rows_that_wait_are_those_that_the_log_says(open_it, now, script, owed):
    escalation = open_it(restore_target_min=owed)
    for name, later, choice, back, is_engine_there in script:
        now += later * MIN
        with suppress(ValidationError):
            act(escalation, name, choice, back, now)
        if is_engine_there:
            engine.run_due(now)
            check(escalation, now)
    engine.run_due(now)
    check(escalation, now)
