"""The runbook templates: complete in both languages, without rings, and reversible up to the gate."""

import pytest

from warroom import library, soundness
from warroom import runbook as verbs
from warroom.forecast import StepFact, topological

TEMPLATES = [library.template(key) for key in library.template_keys()]
every_template = pytest.mark.parametrize("plan", TEMPLATES, ids=library.template_keys())


@every_template
def test_every_text_is_there_in_both_languages(plan):
    texts = [plan["title"], *(s["label"] for s in plan["streams"]), *(s["title"] for s in plan["steps"])]
    texts += [step["criterion"] for step in plan["steps"] if "criterion" in step]
    texts += [step["undo"] for step in plan["steps"] if isinstance(step.get("undo"), dict)]
    assert all(text["en"].strip() and text["ko"].strip() for text in texts)


@every_template
def test_steps_wait_only_for_steps_there_are_and_never_in_a_ring(plan):
    codes = [step["code"] for step in plan["steps"]]
    assert len(codes) == len(set(codes))
    assert all(p in codes for step in plan["steps"] for p in step["predecessors"])
    facts = [
        StepFact(s["code"], s["offset_min"], s["planned_min"], tuple(s["predecessors"]))
        for s in plan["steps"]
    ]
    assert len(topological(facts)) == len(codes)


@every_template
def test_every_step_has_a_stream_of_the_template(plan):
    assert {step["stream"] for step in plan["steps"]} <= {stream["key"] for stream in plan["streams"]}


def test_nothing_irreversible_comes_before_the_point_of_no_return():
    steps = library.template("cutover")["steps"]
    gate = next(step["offset_min"] for step in steps if step["code"] == "G3")
    assert all(step["offset_min"] > gate for step in steps if step["reversible"] == "no")


def test_a_migration_gets_the_cutover_and_another_event_its_event_day():
    assert library.template_for("MIG")["key"] == "cutover"
    assert library.template_for("REG")["key"] == "event-day"


def test_the_cutover_has_the_thirty_rows_of_the_trade():
    assert len(library.template("cutover")["steps"]) == 30


def test_a_fail_back_stands_on_its_own_and_merges_data_before_its_point_of_no_return():
    plan = library.template("failback")
    offsets = {step["code"]: step["offset_min"] for step in plan["steps"]}
    assert plan["kind"] == "fail-back" and not plan.get("rollback")
    assert offsets["FB-09"] < offsets[plan["point_of_no_return"]] < offsets["FB-14"]
    assert all(
        step["reversible"] != "no" or step["offset_min"] > offsets[plan["point_of_no_return"]]
        for step in plan["steps"]
    )


@pytest.mark.django_db
@pytest.mark.once
def test_a_fail_back_made_from_the_library_has_nothing_wrong_with_it(engagement, tam, now):
    made = verbs.create_runbook(engagement=engagement, by=tam, now=now, template_key="failback")
    assert [one for one in soundness.read(made) if one.is_error] == []
    assert made.steps.count() == len(library.template("failback")["steps"])
