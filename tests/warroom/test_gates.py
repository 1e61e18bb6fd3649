"""Gates: asked, voted, decided and frozen; who decides, what passes, and what a deadline does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from tests import factories
from warroom import gatebook, inputs
from warroom import runbook as verbs
from warroom.models import AlarmState, GateRound, Runbook, Step
from warroom.runbook import StepError

pytestmark = pytest.mark.django_db


def gate(runbook, code="G3") -> Step:
    return verbs.find(runbook.engagement, code)


def open_way(runbook, code):
    """Whatever the gate waits for is done."""
    before = gate(runbook, code).predecessors
    at = runbook.created_at
    Step.objects.filter(runbook=runbook, code__in=before).update(
        status="done", actual_start_at=at, actual_end_at=at
    )


def decide(runbook, by, now, decision, code="G3", **words):
    step = gate(runbook, code)
    return verbs.decide_gate(step=step, version=step.version, decision=decision, by=by, now=now, **words)


def test_every_gate_of_the_book_has_an_outcome_that_passes_and_a_default_of_its_own():
    for key in (*gatebook.asked(), ""):
        book = gatebook.gate(key)
        effects = {gatebook.outcome(one)["effect"] for one in book["outcomes"]}
        assert "pass" in effects and effects <= set(gatebook.EFFECTS)
        assert book["default"] in book["outcomes"] and book["roles"]
        assert set(book["inputs"]) <= set(inputs.LABELS)
        texts = [
            book["label"],
            *(one["text"] for one in book["questions"]),
            *(one["label"] for one in book["roles"]),
        ]
        assert all(text["en"] and text["ko"] for text in texts)


def test_the_newest_vote_of_a_role_counts_and_both_are_kept(runbook, tam, now):
    asked = verbs.ask_gate(step=gate(runbook), by=tam, now=now)
    assert verbs.ask_gate(step=gate(runbook), by=tam, now=now) == asked
    for answer, comment in (("no", "Counts differ"), ("go", "")):
        words = {"role": "db", "answer": answer, "comment": comment, "confirmed": ["counts", "nonsense"]}
        verbs.vote(step=gate(runbook), by=tam, now=now, **words)
    assert [vote.answer for vote in asked.votes.all()] == ["no", "go"]
    assert asked.votes.last().confirmed == ["counts"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"role": "cook", "answer": "go"}, "role"),
        ({"role": "db", "answer": "maybe"}, "answer"),
        ({"role": "db", "answer": "no"}, "comment"),
    ],
)
def test_a_vote_names_a_role_an_answer_and_why_not(runbook, tam, now, words, field):
    verbs.ask_gate(step=gate(runbook), by=tam, now=now)
    with pytest.raises(StepError) as error:
        verbs.vote(step=gate(runbook), by=tam, now=now, **words)
    assert error.value.field == field


def test_a_decision_freezes_what_was_seen_and_asks_again_as_another_round(runbook, tam, now):
    verbs.ask_gate(step=gate(runbook), by=tam, now=now)
    until = now + timedelta(hours=10)
    AlarmState.objects.create(
        engagement=runbook.engagement,
        account_id="1" * 12,
        region="us-east-1",
        name="lag",
        state="ALARM",
        changed_at=now,
    )
    seen = inputs.at_gate(gate(runbook), now)
    assert next(one for one in seen if one["key"] == "alarms")["params"]["count"] == 1
    decide(runbook, tam, now, "extend", reason="Tests run late", window_end_at=until, inputs=seen)
    AlarmState.objects.update(state="OK")
    kept = GateRound.objects.get()
    assert (kept.outcome, kept.decided_by_name, kept.inputs) == ("extend", tam.name, seen)
    assert Runbook.objects.get(pk=runbook.pk).window_end_at == until
    assert verbs.ask_gate(step=gate(runbook), by=tam, now=now).number == 2


def test_an_outcome_wants_what_it_needs(runbook, tam, now):
    for outcome, code, field in (
        ("roll_back", "G3", "reason"), ("extend", "G3", "reason"), ("go_conditions", "G1", "conditions"),
        ("open_partly", "G4", "weight_percent"), ("accept", "G3", "decision"),
    ):  # fmt: skip
        with pytest.raises(StepError) as error:
            decide(runbook, tam, now, outcome, code)
        assert error.value.field == field


def test_only_the_named_deciders_and_the_commander_decide(runbook, tam, customer_lead, now):
    open_way(runbook, "G3")
    Step.objects.filter(runbook=runbook, code="G3").update(owner=customer_lead, owner_name=customer_lead.name)
    with pytest.raises(StepError, match=customer_lead.name):
        decide(runbook, tam, now, "go")
    Runbook.objects.filter(pk=runbook.pk).update(deputy=tam)
    assert decide(runbook, tam, now, "go").decision == "go"


def test_no_gate_is_passed_before_the_approval_nor_while_the_run_is_paused(runbook, tam, now):
    open_way(runbook, "G1")
    for status in ("draft", "in_review", "paused", "aborted"):
        Runbook.objects.filter(pk=runbook.pk).update(status=status)
        with pytest.raises(StepError):
            decide(runbook, tam, now, "go", "G1")


def test_a_missed_deadline_only_proposes(runbook, tam, as_user, now):
    asked = verbs.ask_gate(step=gate(runbook), by=tam, now=now, deadline_at=now + timedelta(minutes=5))
    assert not verbs.overdue(asked, now + timedelta(minutes=5))
    assert verbs.overdue(asked, now + timedelta(minutes=6))
    GateRound.objects.update(deadline_at=now - timedelta(days=900))
    html = as_user(tam).get(address(runbook)).content.decode()
    assert "Proposed: Roll back" in html and gate(runbook).status == "planned"


def address(runbook, code="G3"):
    return reverse("warroom:gate", args=[runbook.engagement.reference, 1, code])


def test_the_page_asks_votes_and_decides_without_script(runbook, tam, as_user, now):
    open_way(runbook, "G3")
    client, url = as_user(tam), address(runbook)
    assert client.post(url, {"act": "ask"}).status_code == 303
    refused = client.post(url, {"act": "vote", "role": "db", "answer": "no", "comment": " "})
    assert refused.status_code == 422 and b"aria-invalid" in refused.content
    assert client.post(url, {"act": "vote", "role": "db", "answer": "go"}).status_code == 303
    assert client.post(url, {"act": "decide", "decision": "go", "version": "7"}).status_code == 409
    assert client.post(url, {"act": "decide", "decision": "go", "version": "1"}).status_code == 303
    frozen = GateRound.objects.get()
    assert (frozen.outcome, {one["key"] for one in frozen.inputs}) == (
        "go",
        set(gatebook.gate("G3")["inputs"]),
    )
    assert TimelineEntry.objects.filter(phrase="gate.go", kind="decision").count() == 1
    assert "As seen at that second" in client.get(url).content.decode()


def test_the_slower_of_two_at_a_gate_keeps_what_was_typed(runbook, tam, as_user, now):
    open_way(runbook, "G3")
    client, url = as_user(tam), address(runbook)
    vote = {"act": "vote", "role": "db", "answer": "go", "comment": "Lag is at zero"}
    client.post(url, {"act": "ask"})
    words = {"act": "decide", "decision": "roll_back", "version": "1", "reason": "Lag is at 4 s"}
    assert client.post(url, words).status_code == 303
    late = client.post(url, words | {"reason": "Lag is rising"})
    assert late.status_code == 409 and "Lag is rising" in late.content.decode()
    late = client.post(url, vote)
    assert late.status_code == 409 and "Lag is at zero" in late.content.decode()


def test_a_viewer_neither_sees_the_form_nor_votes(runbook, as_user):
    client = as_user(factories.member(runbook.engagement, "viewer"))
    assert client.post(address(runbook), {"act": "ask"}).status_code == 403


@pytest.mark.parametrize(
    "data", [{}, {"act": "\x00"}, {"act": "decide", "version": "1e400"}, {"act": "vote", "role": "9" * 5000}]
)
def test_hostile_input_is_refused_in_words(runbook, tam, as_user, data):
    assert as_user(tam).post(address(runbook), data).status_code in (400, 409, 422)


def test_machines_read_a_runbook_and_vote_by_the_same_rules(
    runbook, tam, as_user, django_assert_max_num_queries
):
    client, base = as_user(tam), f"/api/v1/engagements/{runbook.engagement.reference}"
    assert [one["kind"] for one in client.get(f"{base}/runbooks/").json()] == ["cutover", "rollback"]
    with django_assert_max_num_queries(12):
        whole = client.get(f"{base}/runbooks/1/").json()
    assert len(whole["steps"]) == 30 and whole["forecast"]["rollback_min"] > 0
    assert {fault["field"] for fault in whole["faults"] if fault["is_error"]} == {"commander"}
    words = {"role": "db", "answer": "no"}
    assert client.post(f"{base}/gates/G3/vote/", words, content_type="application/json").status_code == 422
    assert client.post(f"{base}/gates/G3/ask/", {}, content_type="application/json").status_code == 201
    refused = client.post(f"{base}/gates/G3/vote/", words, content_type="application/json")
    assert refused.status_code == 422 and "comment" in refused.json()["errors"]
    cast = client.post(f"{base}/gates/G3/vote/", words | {"comment": "Lag"}, content_type="application/json")
    assert cast.json()[0]["votes"][0]["voter_name"] == tam.name
    assert client.get(f"{base}/gates/DB-01/").status_code == 404


def test_a_gate_that_gets_another_code_keeps_what_it_was_asked(runbook, tam, now):
    open_way(runbook, "G3")
    verbs.ask_gate(step=gate(runbook), by=tam, now=now)
    verbs.vote(step=gate(runbook), by=tam, now=now, role="db", answer="go")
    Runbook.objects.filter(pk=runbook.pk).update(status="draft")
    one = gate(runbook)
    verbs.set_cell(step=one, version=one.version, by=tam, now=now, field="code", text="G3-A")
    assert verbs.open_round(gate(runbook, "G3-A")).votes.count() == 1


def test_a_gate_is_asked_while_it_is_open_and_by_a_day_that_can_be_meant(runbook, tam, now):
    far = now.replace(year=9999, month=12, day=31)
    with pytest.raises(StepError) as error:
        verbs.ask_gate(step=gate(runbook), by=tam, now=now, deadline_at=far)
    assert error.value.field == "deadline_at"
    Step.objects.filter(runbook=runbook, code="G3").update(
        status="done", actual_start_at=now, actual_end_at=now
    )
    with pytest.raises(StepError, match="decided"):
        verbs.ask_gate(step=gate(runbook), by=tam, now=now)
    assert not GateRound.objects.exists()
