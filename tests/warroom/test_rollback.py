"""Turning back: who may call it, what pauses, what starts, and what is left after the point of no return."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from tests import factories
from warroom import runbook as verbs
from warroom.models import Runbook, Step
from warroom.outlook import outlook
from warroom.runbook import StepError

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(runbook, tam, now):
    """The cutover, running, with the outage on since T0."""
    Runbook.objects.filter(pk=runbook.pk).update(status="running", started_at=now, commander=tam)
    t0 = runbook.engagement.starts_at
    for code, minute in (("APP-02", 0), ("APP-03", 5)):
        Step.objects.filter(runbook=runbook, code=code).update(
            status="done",
            actual_start_at=t0 + timedelta(minutes=minute),
            actual_end_at=t0 + timedelta(minutes=minute + 5),
        )
    runbook.refresh_from_db()
    return runbook


def call(runbook, by, now, **words):
    view = outlook(runbook.engagement, now)
    return verbs.call_rollback(view=view, by=by, now=now, reason="Payment test failed twice", **words)


def test_a_called_rollback_pauses_the_run_and_starts_at_t0_now(running, tam, now):
    back = call(running, tam, now, trigger="Payment test", message="We go back")
    running.refresh_from_db()
    assert (running.status, back.status, back.t0, back.drafted_message) == (
        "paused",
        "running",
        now,
        "We go back",
    )
    assert back.outage_started_at == running.engagement.starts_at
    assert outlook(running.engagement, now).runbook == back
    assert TimelineEntry.objects.get(phrase="rollback.called").kind == "decision"


def test_the_outage_clock_starts_with_the_call_when_none_runs(running, tam, now):
    Step.objects.filter(runbook=running).update(status="planned", actual_start_at=None, actual_end_at=None)
    assert call(running, tam, now).outage_started_at == now
    later = outlook(running.engagement, now + timedelta(minutes=12)).forecast.downtime
    assert (later.used_min, later.ended_at) == (12, None)


def test_nothing_starts_in_a_paused_run_but_what_runs_may_be_finished(running, tam, now):
    step = verbs.find(running.engagement, "DB-01", 1)
    begun = verbs.start_step(step=step, version=step.version, by=tam, now=now)
    call(running, tam, now)
    other = factories.member(running.engagement, "support_engineer")
    assert verbs.finish_step(step=begun, version=begun.version, by=other, now=now).status == "done"
    blocked = verbs.find(running.engagement, "DB-02", 1)
    with pytest.raises(StepError, match="paused"):
        verbs.start_step(step=blocked, version=blocked.version, by=tam, now=now)


def test_only_the_listed_people_may_call(running, customer_lead, now):
    with pytest.raises(StepError, match="list"):
        call(running, customer_lead, now)
    callers = [{"id": customer_lead.pk, "name": customer_lead.name}]
    Runbook.objects.filter(pk=running.pk).update(rollback_callers=callers)
    assert call(running, customer_lead, now).status == "running"
    with pytest.raises(StepError):
        call(running, customer_lead, now)


def past_return(running):
    at = running.engagement.starts_at + timedelta(hours=2)
    Step.objects.filter(runbook=running, code="G3").update(
        status="done", decision="go", actual_start_at=at, actual_end_at=at
    )


def test_after_the_point_of_no_return_both_ways_are_shown_with_their_lengths(running, tam, now):
    past_return(running)
    with pytest.raises(StepError, match="point of no return"):
        call(running, tam, now)
    view = outlook(running.engagement, now)
    lengths = verbs.durations(view)
    assert lengths["is_past_return"] and lengths["fail_back"] == 240 and lengths["fix_forward"] > 60
    with pytest.raises(StepError) as error:
        verbs.choose_after(view=view, by=tam, now=now, choice="pray", reason="Why not")
    assert error.value.field == "choice"
    verbs.choose_after(view=view, by=tam, now=now, choice="fail_back", reason="Data is wrong")
    running.refresh_from_db()
    assert running.status == "paused"


def test_a_completed_rollback_ends_the_run_it_turned_back(running, tam, now):
    back = call(running, tam, now)
    with pytest.raises(StepError, match="RB-01"):
        verbs.complete(runbook=verbs.runbook_of(running.engagement, 2), version=back.version, by=tam, now=now)
    Step.objects.filter(runbook=back).update(status="done", actual_start_at=now, actual_end_at=now)
    verbs.complete(runbook=verbs.runbook_of(running.engagement, 2), version=back.version, by=tam, now=now)
    running.refresh_from_db()
    assert running.status == "rolled_back"


def test_the_rollback_gets_longer_as_more_is_to_be_undone(running, now):
    first = outlook(running.engagement, now).forecast.abort
    Step.objects.filter(runbook=running, code__in=("DB-01", "APP-04")).update(
        status="done", actual_start_at=now, actual_end_at=now
    )
    then = outlook(running.engagement, now).forecast.abort
    assert then.rollback_min > first.rollback_min and then.latest_at < first.latest_at


def test_the_page_calls_it_and_offers_the_message(running, tam, as_user):
    client = as_user(tam)
    url = reverse("warroom:turn", args=[running.engagement.reference, 1])
    refused = client.post(url, {"act": "call", "reason": ""})
    assert refused.status_code == 422 and b"aria-invalid" in refused.content
    done = client.post(url, {"act": "call", "reason": "Lag", "message": "We go back to the source."})
    assert "We go back to the source." in client.get(done["Location"]).content.decode()


def test_a_rollback_that_is_practised_leaves_the_real_one_and_the_real_run_alone(running, tam, now):
    Runbook.objects.filter(pk=running.pk).update(status="ready", started_at=None)
    one = verbs.runbook_of(running.engagement, 1)
    copy = verbs.rehearse(runbook=one, version=one.version, by=tam, now=now)
    assert outlook(running.engagement, now).runbook == copy
    Runbook.objects.filter(pk=running.pk).update(status="running", started_at=now - timedelta(minutes=5))
    assert outlook(running.engagement, now).runbook == running
    view = outlook(running.engagement, now, copy.number)
    back = verbs.call_rollback(view=view, by=tam, now=now, reason="Practice")
    running.refresh_from_db()
    assert (running.status, running.rollback.status, back.rehearsal_of) == (
        "running",
        "draft",
        running.rollback,
    )
    assert not TimelineEntry.objects.filter(phrase="rollback.called").exists()
    Runbook.objects.filter(pk=running.pk).update(status="rehearsing")
    Step.objects.filter(runbook=back).update(status="done", actual_start_at=now, actual_end_at=now)
    one = verbs.runbook_of(running.engagement, back.number)
    verbs.complete(runbook=one, version=one.version, by=tam, now=now)
    running.refresh_from_db()
    assert (verbs.runbook_of(running.engagement, copy.number).status, running.status) == (
        "rolled_back",
        "approved",
    )
    assert {step.status for step in running.rollback.steps.all()} == {"planned"}
    with pytest.raises(StepError, match="closed"):
        verbs.call_rollback(
            view=outlook(running.engagement, now, copy.number), by=tam, now=now, reason="Again"
        )
