"""Reads and writes of each kind of thing, with a token: what is stored, and what a conflict says."""

from __future__ import annotations

import pytest

from engagements.models import Engagement, Milestone, SuccessCriterion, TimelineEntry
from escalation.models import Communication, Escalation
from warroom.models import StatusUpdate, Step
from workbook.models import Cell

pytestmark = [pytest.mark.django_db, pytest.mark.once]
STALE = {"base_version": 0}


def stored(answer) -> dict:
    """What a conflict says stands now."""
    assert answer.status_code == 409, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    return answer.json()["stored"]


def test_the_list_of_engagements_holds_ones_own(api, engagement):
    mine = api.customer_lead("get", "/api/v1/engagements/").json()["results"]
    assert [one["reference"] for one in mine] == [engagement.reference]
    assert api.rival("get", "/api/v1/engagements/").json()["results"] == []


def test_facts_of_an_engagement_are_changed_by_version(api, engagement):
    words = {"name": "Exit", "event_type": "MIG", "base_version": engagement.version}
    assert api.tam("patch", "", words).json()["name"] == "Exit"
    assert Engagement.objects.get(pk=engagement.pk).name == "Exit"
    assert stored(api.tam("patch", "", words | {"name": "Other"}))["version"] == engagement.version + 1


def test_a_criterion_is_added_changed_and_agreed(api):
    made = api.customer_lead(
        "post", "criteria/", {"name": "Orders", "operator": ">=", "target": "5000"}
    ).json()
    path = f"criteria/{made['id']}/"
    assert (
        api.tam("patch", path, {"unit": "a min", "base_version": made["version"]}).json()["unit"] == "a min"
    )
    assert (
        stored(api.tam("patch", path, {"unit": "an hour", "base_version": made["version"]}))["version"]
        > made["version"]
    )
    current = api.tam("get", path).json()
    assert api.tam("post", f"{path}agree/", {"base_version": current["version"]}).json()["agreed_aws_at"]
    assert SuccessCriterion.objects.get(pk=made["id"]).target == 5000


def test_a_milestone_is_ticked_once(api):
    path, words = "milestones/MS-1/", {"is_done": True, "base_version": 1}
    assert api.tam("patch", path, words).json()["done_at"].endswith("Z")
    assert stored(api.tam("patch", path, {"is_done": False, "base_version": 1}))["version"] == 2
    assert Milestone.objects.get().done_at


def test_a_cell_is_saved_and_a_conflict_carries_both_values(api):
    path = f"cells/{api.things['cell']}/"
    assert (
        api.customer_lead("patch", path, {"value": "Lag of ENROL-DB", "base_version": 1}).json()["version"]
        == 2
    )
    both = stored(api.tam("patch", path, {"value": "Delay", "base_version": 1}))
    assert (both["value"], both["yours"], both["version"]) == ("Lag of ENROL-DB", "Delay", 2)
    assert Cell.objects.get(row=api.things["row"], field="mt_title").value == "Lag of ENROL-DB"
    assert api.tam("get", "watches/").json()[0]["title"] == "Lag of ENROL-DB"


def test_a_step_is_started_and_ended(api):
    started = api.customer_lead("post", "steps/S-1/start/", {"base_version": 1}).json()
    assert (started["status"], started["actual_start_at"][-1]) == ("running", "Z")
    assert stored(api.tam("post", "steps/S-1/finish/", {"base_version": 1}))["status"] == "running"
    done = api.tam("post", "steps/S-1/finish/", {"base_version": started["version"]}).json()
    assert done["status"] == "done" and Step.objects.get(code="S-1").status == "done"


def test_a_status_update_for_aws_is_not_there_for_the_customer(api):
    for audience in ("all", "aws"):
        words = {"state": "at_risk", "text": f"For {audience}", "audience": audience}
        assert api.tam("post", "status-updates/", words).status_code == 201
    assert StatusUpdate.objects.count() == 2
    assert [one["text"] for one in api.customer_lead("get", "status-updates/").json()] == ["For all"]
    assert len(api.support_engineer("get", "status-updates/").json()) == 2


def test_an_escalation_goes_from_its_case_to_its_end(api):
    case = api.customer_lead("post", "escalations/1/case/", {"base_version": 1, "case_id": "17"}).json()
    assert case["clock"]["state"] == "running" and case["clock"]["due_at"].endswith("Z")
    words = {"base_version": 1, "how": "case"}
    assert stored(api.support_engineer("post", "escalations/1/answer/", words))["case_id"] == "17"
    answer = api.support_engineer(
        "post", "escalations/1/answer/", words | {"base_version": case["version"]}
    ).json()
    assert answer["clock"]["state"] == "met"
    words = {"base_version": answer["version"], "resolution": "Restarted the task"}
    assert api.support_engineer("post", "escalations/1/resolve/", words).json()["resolved_at"]
    assert Escalation.objects.get().resolution == "Restarted the task"


def test_the_customer_neither_answers_nor_ends_an_escalation(api):
    for act in ("answer", "resolve", "hand-over", "lane"):
        assert api.customer_lead("post", f"escalations/1/{act}/", STALE).status_code == 403


def test_what_aws_says_among_itself_stays_with_aws(api):
    assert api.tam("post", "escalations/1/say/", {"text": "Ours", "audience": "aws"}).status_code == 204
    assert api.tam("post", "timeline/", {"text": "Ours too", "is_internal": True}).status_code == 201
    theirs = api.customer_lead("get", "timeline/?limit=500").content.decode()
    assert "Ours" not in theirs and "For AWS only" not in theirs
    assert {"Ours too", "For AWS only"} <= {
        one["text"] for one in api.tam("get", "timeline/").json()["results"]
    }
    assert Communication.objects.get().audience == "aws"


def test_a_customer_writes_nothing_that_only_aws_would_read(api):
    assert api.customer_lead("post", "timeline/", {"text": "x", "is_internal": True}).status_code == 403
    words = {"state": "on_plan", "text": "x", "audience": "aws"}
    assert api.customer_lead("post", "status-updates/", words).status_code == 422
    assert (
        api.customer_lead("post", "escalations/1/say/", {"text": "x", "audience": "aws"}).status_code == 422
    )
    assert not TimelineEntry.objects.filter(text="x").exists()


def test_the_secret_of_a_role_never_leaves(api, engagement):
    engagement.aws_accounts.create(account_id="111122223333", external_id="hidden-secret")
    assert "hidden-secret" not in api.tam("get", "").content.decode()
