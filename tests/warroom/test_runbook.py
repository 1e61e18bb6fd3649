"""Acting on steps: what is allowed, what is kept, and who wins when two act at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from engagements.models import TimelineEntry
from iem_portal.live.models import TopicTile
from tests import factories
from warroom import runbook as verbs
from warroom.models import Step
from warroom.runbook import StepConflict, StepError

pytestmark = pytest.mark.django_db


def step(runbook, code) -> Step:
    return verbs.find(runbook.engagement, code)


def close(runbook, *codes):
    """Put steps into the past, as if they had been run."""
    at = runbook.created_at
    Step.objects.filter(runbook=runbook, code__in=codes).update(
        status="done", actual_start_at=at, actual_end_at=at
    )


def test_a_runbook_copies_the_template_once(runbook, tam, now):
    assert runbook.steps.count() == 30
    with pytest.raises(StepError):
        verbs.create_runbook(engagement=runbook.engagement, by=tam, now=now)


def test_starting_dates_the_step_and_says_how_late(runbook, tam, now):
    done = verbs.start_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now)
    assert (done.status, done.actual_start_at, done.by_name, done.version) == ("running", now, tam.name, 2)
    entry = TimelineEntry.objects.get(phrase="step.started_late")
    assert entry.params["minutes"] == 255


def test_a_step_waits_for_its_predecessors(runbook, tam, now):
    with pytest.raises(StepError, match="PRE-02"):
        verbs.start_step(step=step(runbook, "PRE-03"), version=1, by=tam, now=now)


def test_a_skipped_predecessor_does_not_hold_anybody(runbook, tam, now):
    verbs.skip_step(step=step(runbook, "PRE-02"), version=1, by=tam, now=now, reason="Taken by the night job")
    assert verbs.start_step(step=step(runbook, "PRE-03"), version=1, by=tam, now=now).status == "running"


def test_of_two_who_act_on_the_same_version_one_is_told(runbook, tam, now):
    seen = step(runbook, "PRE-04")
    verbs.start_step(step=seen, version=seen.version, by=tam, now=now)
    with pytest.raises(StepConflict) as error:
        verbs.block_step(step=seen, version=seen.version, by=tam, now=now, reason="Host is away")
    assert error.value.step.status == "running"


def test_a_step_with_a_criterion_is_done_only_when_it_is_ticked(runbook, tam, now):
    begun = verbs.start_step(step=step(runbook, "PRE-02"), version=1, by=tam, now=now)
    with pytest.raises(StepError) as error:
        verbs.finish_step(step=begun, version=2, by=tam, now=now)
    assert error.value.field == "is_criterion_met"
    assert verbs.finish_step(step=begun, version=2, by=tam, now=now, is_criterion_met=True).status == "done"


def test_a_late_entry_keeps_both_times_and_wants_a_reason(runbook, tam, now):
    earlier = now - timedelta(minutes=20)
    with pytest.raises(StepError) as error:
        verbs.start_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now, at=earlier)
    assert error.value.field == "reason"
    done = verbs.start_step(
        step=step(runbook, "PRE-04"), version=1, by=tam, now=now, at=earlier, reason="Was on the bridge"
    )
    assert (done.actual_start_at, done.start_recorded_at, done.is_late_entry) == (earlier, now, True)


def test_nothing_happens_in_the_future_or_ends_before_it_starts(runbook, tam, now):
    begun = verbs.start_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now)
    with pytest.raises(StepError, match="future"):
        verbs.finish_step(step=begun, version=2, by=tam, now=now, at=now + timedelta(minutes=1))
    with pytest.raises(StepError, match="before the start"):
        verbs.finish_step(
            step=begun, version=2, by=tam, now=now, at=now - timedelta(minutes=1), reason="Typing"
        )


def test_a_blocked_step_goes_on_where_it_was(runbook, tam, now):
    verbs.start_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now)
    blocked = verbs.block_step(step=step(runbook, "PRE-04"), version=2, by=tam, now=now, reason="No quota")
    assert blocked.reason == "No quota"
    assert verbs.unblock_step(step=blocked, version=3, by=tam, now=now).status == "running"


@pytest.mark.parametrize("verb", [verbs.block_step, verbs.skip_step])
def test_stopping_a_step_wants_a_reason(runbook, tam, now, verb):
    with pytest.raises(StepError) as error:
        verb(step=step(runbook, "PRE-04"), version=1, by=tam, now=now, reason="  ")
    assert error.value.field == "reason"


def test_go_closes_a_gate_and_names_who_decided(runbook, tam, now):
    close(runbook, "PRE-01", "PRE-03", "PRE-05")
    gate = verbs.decide_gate(step=step(runbook, "G1"), version=1, decision="go", by=tam, now=now)
    assert (gate.status, gate.decision, gate.by_name) == ("done", "go", tam.name)
    assert TimelineEntry.objects.get(phrase="gate.go").kind == "decision"


def test_hold_keeps_the_successors_back(runbook, tam, now):
    close(runbook, "PRE-01", "PRE-03", "PRE-05")
    verbs.decide_gate(
        step=step(runbook, "G1"), version=1, decision="hold", by=tam, now=now, reason="Backup is old"
    )
    with pytest.raises(StepError, match="G1"):
        verbs.start_step(step=step(runbook, "APP-01"), version=1, by=tam, now=now)


def test_a_gate_cannot_be_finished_skipped_or_passed_early(runbook, tam, now):
    gate = step(runbook, "G1")
    with pytest.raises(StepError, match="PRE-"):
        verbs.decide_gate(step=gate, version=1, decision="go", by=tam, now=now)
    with pytest.raises(StepError):
        verbs.skip_step(step=gate, version=1, by=tam, now=now, reason="No time")
    with pytest.raises(StepError):
        verbs.finish_step(step=gate, version=1, by=tam, now=now)


def test_a_step_closed_by_mistake_is_reopened_unless_a_successor_began(runbook, tam, now):
    close(runbook, "PRE-04", "PRE-02")
    verbs.start_step(step=step(runbook, "PRE-05"), version=1, by=tam, now=now)
    with pytest.raises(StepError, match="PRE-05"):
        verbs.reopen_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now, reason="Wrong row")
    back = verbs.reopen_step(step=step(runbook, "PRE-02"), version=1, by=tam, now=now, reason="Wrong row")
    assert (back.status, back.actual_end_at) == ("running", None)


def test_a_viewer_cannot_decide_even_past_the_page(runbook, now):
    viewer = factories.member(runbook.engagement, "viewer")
    with pytest.raises(PermissionDenied):
        verbs.decide_gate(step=step(runbook, "G1"), version=1, decision="go", by=viewer, now=now)


def test_every_act_announces_the_tiles_that_show_steps(runbook, tam, now):
    TopicTile.objects.all().delete()
    verbs.start_step(step=step(runbook, "PRE-04"), version=1, by=tam, now=now)
    announced = set(
        TopicTile.objects.filter(topic__name=runbook.engagement.topic).values_list("tile", flat=True)
    )
    assert announced == {*verbs.TILES, "alarms", "timeline"}  # which alarms are quiet hangs on the steps
