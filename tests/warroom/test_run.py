"""The life of a runbook and what steps ask of people: approval, versions, four eyes, skip with approval, failure."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from tests import factories
from warroom import runbook as verbs
from warroom.models import Runbook, RunbookEntry, Step
from warroom.outlook import outlook
from warroom.runbook import RunbookConflict, StepConflict, StepError

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(engagement, tam, now):
    """A cutover nobody approved, with its rollback; the TAM made it and commands it."""
    return verbs.create_runbook(engagement=engagement, by=tam, now=now)


def fresh(runbook) -> Runbook:
    return verbs.runbook_of(runbook.engagement, runbook.number)


def live(runbook, act, by, now, **words) -> Runbook:
    one = fresh(runbook)
    return getattr(verbs, act)(runbook=one, version=one.version, by=by, now=now, **words)


def step(runbook, code) -> Step:
    return verbs.find(runbook.engagement, code, runbook.number)


def do(runbook, act, code, by, now, **words) -> Step:
    one = step(runbook, code)
    return getattr(verbs, act)(step=one, version=one.version, by=by, now=now, **words)


def approved(draft, tam, customer_lead, now) -> Runbook:
    live(draft, "submit", tam, now)
    live(draft, "approve", tam, now)
    return live(draft, "approve", customer_lead, now)


def test_a_version_is_frozen_when_both_sides_have_approved(draft, tam, customer_lead, now):
    live(draft, "submit", tam, now)
    assert live(draft, "approve", tam, now).status == "in_review"
    with pytest.raises(StepError, match="Your side"):
        live(draft, "approve", tam, now)
    done = live(draft, "approve", customer_lead, now)
    assert (done.status, done.frozen_revision, done.is_editable) == ("approved", 1, False)
    kept = done.versions.get()
    assert len(kept.content["steps"]) == 30 and {one["side"] for one in kept.approvals} == {"aws", "customer"}


def test_a_plan_with_errors_is_not_sent_for_review(draft, tam, now):
    do(draft, "set_cell", "DB-01", tam, now, field="predecessors", text="DB-05")
    with pytest.raises(StepError, match="DB-0"):
        live(draft, "submit", tam, now)
    assert fresh(draft).status == "draft"


def test_a_change_after_the_approval_is_a_new_version_with_a_reason(draft, tam, customer_lead, now):
    approved(draft, tam, customer_lead, now)
    with pytest.raises(StepError, match="frozen"):
        do(draft, "set_cell", "DB-01", tam, now, field="planned_min", text="7")
    with pytest.raises(StepError):
        live(draft, "open_version", tam, now, reason=" ")
    opened = live(draft, "open_version", tam, now, reason="The DBA asks for more time")
    assert (opened.revision, opened.status) == (2, "draft")
    do(draft, "set_cell", "DB-01", tam, now, field="planned_min", text="7")
    assert approved(draft, tam, customer_lead, now).versions.count() == 2
    old = next(row for row in draft.versions.get(revision=1).content["steps"] if row["code"] == "DB-01")
    assert old["planned_min"] == 5


def test_of_two_who_change_the_header_one_is_told(draft, tam, now):
    seen = fresh(draft)
    live(draft, "change_header", tam, now, rto_min=60)
    with pytest.raises(RunbookConflict) as error:
        verbs.change_header(runbook=seen, version=seen.version, by=tam, now=now, rto_min=90)
    assert error.value.runbook.rto_min == 60


def test_the_first_step_turns_an_approved_plan_into_a_run_and_completing_wants_every_step(
    draft, tam, customer_lead, now
):
    approved(draft, tam, customer_lead, now)
    do(draft, "start_step", "PRE-04", tam, now)
    assert fresh(draft).status == "running"
    with pytest.raises(StepError, match="PRE-01"):
        live(draft, "complete", tam, now)
    assert live(draft, "pause", tam, now, reason="Storm").status == "paused"
    with pytest.raises(StepError, match="paused"):
        do(draft, "start_step", "PRE-02", tam, now)
    assert live(draft, "resume", tam, now).status == "running"


def test_a_rehearsal_is_a_copy_that_keeps_its_own_actuals(draft, tam, customer_lead, now):
    approved(draft, tam, customer_lead, now)
    copy = live(draft, "rehearse", tam, now)
    assert (fresh(draft).status, copy.status, copy.t0, copy.steps.count()) == (
        "rehearsing",
        "running",
        now,
        30,
    )
    do(copy, "start_step", "PRE-04", tam, now)
    assert step(draft, "PRE-04").status == "planned"
    assert not TimelineEntry.objects.filter(phrase__startswith="step.").exists()
    assert RunbookEntry.objects.filter(runbook=copy, code="PRE-04").count() == 1
    live(copy, "abort_run", tam, now, reason="Seen enough")
    assert fresh(draft).status == "approved"


def test_skipping_is_asked_by_one_and_approved_by_the_commander(draft, tam, customer_lead, now):
    asked = do(draft, "skip_step", "PRE-02", customer_lead, now, reason="The night job did it")
    assert (asked.status, asked.skip_asked_name) == ("planned", customer_lead.name)
    with pytest.raises(StepError, match="commander"):
        do(draft, "approve_skip", "PRE-02", customer_lead, now)
    assert do(draft, "refuse_skip", "PRE-02", tam, now).skip_asked_at is None
    do(draft, "skip_step", "PRE-02", customer_lead, now, reason="The night job did it")
    skipped = do(draft, "approve_skip", "PRE-02", tam, now)
    assert (skipped.status, skipped.reason, skipped.skip_asked_at) == (
        "skipped",
        "The night job did it",
        None,
    )


def test_four_eyes_are_two_people(draft, tam, customer_lead, now):
    Step.objects.filter(runbook=draft, code="PRE-04").update(is_four_eyes=True)
    do(draft, "start_step", "PRE-04", tam, now)
    with pytest.raises(StepError, match="Four eyes"):
        do(draft, "finish_step", "PRE-04", tam, now)
    done = do(draft, "finish_step", "PRE-04", customer_lead, now)
    assert (done.doer_name, done.checked_by_name) == (tam.name, customer_lead.name)


def test_a_step_belongs_to_its_owner_and_who_acts_for_them_says_so(draft, tam, customer_lead, now):
    other = factories.member(draft.engagement, "support_engineer")
    Step.objects.filter(runbook=draft, code="PRE-04").update(
        owner=customer_lead, owner_name=customer_lead.name
    )
    with pytest.raises(StepError) as error:
        do(draft, "start_step", "PRE-04", other, now)
    assert error.value.field == "is_for_owner"
    do(draft, "start_step", "PRE-04", other, now, is_for_owner=True)
    assert RunbookEntry.objects.get(act="step.started_late").params["for"] == customer_lead.name


def test_evidence_that_is_wanted_is_given_before_the_step_is_done(draft, tam, now):
    Step.objects.filter(runbook=draft, code="PRE-04").update(is_evidence_required=True)
    do(draft, "start_step", "PRE-04", tam, now)
    with pytest.raises(StepError) as error:
        do(draft, "finish_step", "PRE-04", tam, now)
    assert error.value.field == "evidence"
    do(draft, "add_evidence", "PRE-04", tam, now, evidence="i-0abc scaled to 12")
    assert do(draft, "finish_step", "PRE-04", tam, now).evidence == "i-0abc scaled to 12"


def test_a_failed_step_holds_its_successors_until_somebody_chooses(draft, tam, now):
    do(draft, "start_step", "PRE-04", tam, now)
    do(draft, "fail_step", "PRE-04", tam, now, reason="No capacity")
    with pytest.raises(StepError, match="PRE-04"):
        do(draft, "start_step", "PRE-05", tam, now)
    do(draft, "call_gate", "PRE-04", tam, now, reason="No capacity")
    do(draft, "retry_step", "PRE-04", tam, now)
    do(draft, "fail_step", "PRE-04", tam, now, reason="Still none")
    done = do(draft, "work_around_step", "PRE-04", tam, now, deviation="Other instance family")
    assert (done.status, done.deviation) == ("done", "Other instance family")
    assert do(draft, "start_step", "PRE-05", tam, now).status == "running"


def test_stopping_a_stream_cancels_what_was_planned_in_it(draft, tam, now):
    do(draft, "start_step", "PRE-04", tam, now)
    do(draft, "fail_step", "PRE-04", tam, now, reason="No capacity")
    do(draft, "stop_stream", "PRE-04", tam, now, reason="We stay")
    states = set(Step.objects.filter(runbook=draft, stream="app").values_list("status", flat=True))
    assert states == {"cancelled"}
    assert Step.objects.get(runbook=draft, code="DB-01").status == "planned"


def test_every_act_is_in_the_log_and_the_log_is_shown(draft, tam, as_user, now):
    do(draft, "start_step", "PRE-04", tam, now)
    do(draft, "set_cell", "DB-01", tam, now, field="planned_min", text="7")
    html = as_user(tam).get(page(draft, "run-log")).content.decode()
    assert "PRE-04" in html and "5 → 7" in html


def page(runbook, name, *args):
    return reverse(f"warroom:{name}", args=[runbook.engagement.reference, runbook.number, *args])


@pytest.mark.parametrize(
    "name", ["run", "run-header", "sheet", "chart", "nodes", "run-log", "turn", "run-import"]
)
def test_a_page_of_a_runbook_costs_at_most_twelve_queries(
    draft, tam, as_user, name, django_assert_max_num_queries
):
    client = as_user(tam)
    client.get(page(draft, name))
    with django_assert_max_num_queries(12):
        assert client.get(page(draft, name)).status_code == 200


def test_the_life_goes_on_by_the_page_and_a_slower_click_is_told(draft, tam, as_user):
    client = as_user(tam)
    assert client.post(page(draft, "run-life"), {"act": "submit", "version": "1"}).status_code == 303
    assert client.post(page(draft, "run-life"), {"act": "submit", "version": "1"}).status_code == 409
    assert client.post(page(draft, "run-life"), {"act": "send_back", "version": "2"}).status_code == 422
    assert client.post(page(draft, "run-life"), {"act": "complete", "version": "2"}).status_code == 409


def test_the_header_is_typed_and_comes_back_when_it_is_wrong(draft, tam, as_user):
    client = as_user(tam)
    words = {"version": "1", "title": "Night move", "safety_margin_min": "20", "point_of_no_return": "G3"}
    wrong = client.post(page(draft, "run-header"), words | {"triggers": "Errors > 2 %", "rto_min": "1e400"})
    assert wrong.status_code == 422 and b"Errors &gt; 2 %" in wrong.content
    for far in ("9999-12-31T23:00", "0026-11-28T23:00"):
        assert client.post(page(draft, "run-header"), words | {"t0_at": far}).status_code == 422
    right = words | {"triggers": "Errors; > 2 %; 10", "commander": str(tam.pk), "t0_at": "2026-11-28T23:00"}
    assert client.post(page(draft, "run-header"), right).status_code == 303
    one = fresh(draft)
    assert one.title == {"en": "Night move", "ko": "Night move"} and one.rollback_triggers[0]["minutes"] == 10
    assert one.t0.isoformat() == "2026-11-28T14:00:00+00:00"


def test_shifting_t0_shifts_the_plan(draft, tam, now):
    before = outlook(draft.engagement, now).forecast.planned_end_at
    live(draft, "change_header", tam, now, t0_at=draft.t0 + timedelta(hours=2))
    assert outlook(draft.engagement, now).forecast.planned_end_at - before == timedelta(hours=2)


def test_of_two_who_skip_and_start_the_same_step_one_is_told(draft, tam, now):
    seen = step(draft, "PRE-04")
    do(draft, "start_step", "PRE-04", tam, now)
    with pytest.raises(StepConflict):
        verbs.skip_step(step=seen, version=seen.version, by=tam, now=now, reason="Too late")


def test_a_slower_click_keeps_the_words_that_came_with_it(draft, tam, as_user):
    client, key = as_user(tam), draft.streams[0]["key"]
    said = {"version": "1", "key": key, "rag": "red", "message": "Replica is 4 s behind", "lead": "Kim"}
    assert client.post(page(draft, "run-stream"), said).status_code == 303
    late = client.post(page(draft, "run-stream"), said | {"message": "Replica has caught up"})
    assert late.status_code == 409 and 'value="Replica has caught up"' in late.content.decode()
    assert fresh(draft).streams[0]["message"] == "Replica is 4 s behind"
    late = client.post(page(draft, "run-life"), {"act": "send_back", "version": "1", "reason": "No checker"})
    assert late.status_code == 409 and "No checker" in late.content.decode()
