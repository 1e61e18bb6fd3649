"""Severity, levels, lanes, the end, and what is said on the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.models import TimelineEntry
from escalation import actions, engine
from escalation.clock import BREACH, WARN_50, WARN_80
from escalation.models import ClockEvent, Deadline

MIN = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("only_awss_promise")


@pytest.fixture
def high(open_it, people, now):
    """A high one whose case was opened at `now`: due four hours later."""
    return actions.case_opened(escalation=open_it(severity="high"), case_id="1", by=people["tam"], now=now)


def row(escalation, stage):
    return Deadline.objects.get(clock__escalation=escalation, stage=stage)


def change(escalation, severity, people, now):
    return actions.change_severity(
        escalation=escalation, severity=severity, reason="it got worse", by=people["tam"], now=now
    )


def test_severity_up_counts_from_the_start_of_the_case(high, people, now):
    change(high, "critical", people, now + 5 * MIN)
    assert [row(high, stage).due_at - now for stage in (WARN_50, WARN_80, BREACH)] == [
        7.5 * MIN,
        12 * MIN,
        15 * MIN,
    ]


def test_severity_up_may_breach_at_once_and_skips_the_warnings(high, people, now):
    change(high, "critical", people, now + 20 * MIN)
    assert row(high, BREACH).fired_at == now + 20 * MIN
    assert row(high, WARN_80).cancel_reason == "already passed"
    assert ClockEvent.objects.get(kind="breached").at == now + 15 * MIN


def test_the_preview_says_what_will_happen_and_changes_nothing(high, people, now):
    preview = actions.preview_severity(escalation=high, severity="critical", now=now + 20 * MIN)
    assert (preview.due_at, preview.old_due_at) == (now + 15 * MIN, now + 240 * MIN)
    assert preview.is_breach_at_once and preview.needs_new_case
    assert people["account_manager"].name in preview.told
    assert row(high, BREACH).due_at == now + 240 * MIN


def test_severity_down_gives_more_time(running, people, now):
    change(running, "high", people, now + 5 * MIN)
    assert row(running, BREACH).due_at == now + 240 * MIN
    assert engine.run_due(now + 100 * MIN) == 0


def test_severity_down_keeps_the_breach_and_fires_no_second_one(running, people, now):
    engine.run_due(now + 15 * MIN)
    change(running, "high", people, now + 16 * MIN)
    assert engine.run_due(now + 999 * MIN) == 0
    assert ClockEvent.objects.filter(kind="breached").count() == 1


def test_a_warning_that_was_left_out_comes_back_when_there_is_time_again(high, people, now):
    change(high, "critical", people, now + 10 * MIN)
    change(high, "urgent", people, now + 11 * MIN)
    assert engine.run_due(now + 30 * MIN) == 1
    assert row(high, WARN_50).fired_at == now + 30 * MIN


def test_the_old_target_stays_in_the_log(running, people, now):
    change(running, "high", people, now + MIN)
    events = ClockEvent.objects.filter(clock__kind="first_response").order_by("pk")
    assert list(events.values_list("target_s", "label")) == [
        (900, "critical"),
        (14_400, "high"),
    ]


def test_severity_after_the_answer_leaves_the_clock_alone(running, people, now):
    actions.answered(escalation=running, how="case", by=people["tam"], now=now + MIN)
    change(running, "high", people, now + 2 * MIN)
    assert not ClockEvent.objects.filter(kind="target_changed").exists()


@pytest.mark.parametrize(
    ("severity", "reason", "field"), [("critical", "x", "severity"), ("high", " ", "reason")]
)
def test_a_change_that_is_none_or_has_no_reason_is_refused(running, people, now, severity, reason, field):
    with pytest.raises(ValidationError) as caught:
        actions.change_severity(
            escalation=running, severity=severity, reason=reason, by=people["tam"], now=now
        )
    assert list(caught.value.message_dict) == [field]


def hand_over(escalation, people, now, **fields):
    defaults = {"level": 2, "owner_name": "Priya", "by": people["tam"], "now": now}
    return actions.hand_over(escalation=escalation, **(defaults | fields))


def test_a_hand_over_adds_a_hop_with_its_owner(running, people, now):
    hand_over(running, people, now)
    assert list(running.hops.values_list("level", "owner_name"))[-1] == (2, "Priya")


def test_a_leap_wants_a_note(running, people, now):
    with pytest.raises(ValidationError) as caught:
        hand_over(running, people, now, level=4)
    assert "note" in caught.value.message_dict


def test_the_levels_inside_aws_are_set_by_awss_people(running, people, now):
    with pytest.raises(ValidationError) as caught:
        hand_over(running, people, now, level=3, note="hurry", by=people["customer_lead"])
    assert "level" in caught.value.message_dict


def test_a_note_written_inside_aws_stays_inside(running, people, now):
    hand_over(running, people, now, level=3, note="secret ticket")
    assert running.hops.last().is_internal
    assert not TimelineEntry.objects.filter(text__contains="secret").exists()


def test_the_service_lane_ends_at_customer_service(running, people, now):
    hand_over(running, people, now, level=4, note="straight up")
    moved = actions.change_lane(
        escalation=running, lane="customer-service", reason="it is a billing block", by=people["tam"], now=now
    )
    assert (moved.lane, moved.level) == ("customer-service", 2)
    with pytest.raises(ValidationError):
        hand_over(moved, people, now, level=3)


def test_resolving_without_an_answer_cancels_the_clock(running, people, now):
    done = actions.resolved(escalation=running, resolution="restarted", by=people["tam"], now=now + MIN)
    assert done.restored_at == now + MIN
    assert engine.run_due(now + 60 * MIN) == 0
    assert row(running, BREACH).cancel_reason == "resolved"


def test_resolving_after_the_deadline_keeps_the_breach(running, people, now):
    actions.resolved(escalation=running, resolution="restarted", by=people["tam"], now=now + 16 * MIN)
    assert ClockEvent.objects.get(kind="breached").at == now + 15 * MIN


def test_nothing_changes_after_the_end(running, people, now):
    actions.resolved(escalation=running, resolution="restarted", by=people["tam"], now=now)
    with pytest.raises(ValidationError):
        hand_over(running, people, now)


def test_a_second_time_of_restoration_wants_a_reason(running, people, now):
    actions.restored(escalation=running, by=people["tam"], now=now)
    with pytest.raises(ValidationError):
        actions.restored(escalation=running, by=people["tam"], now=now + MIN)


def test_what_aws_says_inside_is_for_aws_only(running, people, now):
    actions.add_communication(
        escalation=running, text="queue is long", audience="aws", by=people["tam"], now=now
    )
    assert TimelineEntry.objects.get(phrase="escalation.said").audience == "aws"
    with pytest.raises(ValidationError):
        actions.add_communication(
            escalation=running, text="x", audience="aws", by=people["customer_lead"], now=now
        )
