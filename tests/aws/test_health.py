"""Reading AWS Health: texts, entities, only what changed, and no batch lost for one bad event."""

from datetime import timedelta

import pytest

from iem_portal.aws import health
from iem_portal.aws.health import changes
from iem_portal.aws.health_organization import changes as organization
from iem_portal.aws.targets import Target


@pytest.fixture
def long_ago(simulator):
    simulator.at_minute(75)
    return simulator.t0() - timedelta(days=10)


def test_reads_events_with_text_and_entities(simulator, target, long_ago):
    found = {change.service: change for change in changes(target, long_ago)}
    line = found["DIRECTCONNECT"]
    assert (line.status, line.scope, line.region) == ("open", "ACCOUNT_SPECIFIC", "ap-northeast-2")
    assert line.started_at == simulator.t0() - timedelta(minutes=58)
    assert [entity.value for entity in line.entities] == ["dxcon-fgseoul1"]
    assert line.text.count("UTC]") == 2


def test_health_is_asked_in_one_region_whatever_the_target(simulator, target, long_ago):
    changes(target, long_ago)
    assert {call["region"] for call in simulator.calls(service="health")} == {"us-east-1"}


def test_nothing_new_costs_one_call(simulator, target, long_ago):
    known = {change.arn: change.updated_at for change in changes(target, long_ago)}
    before = len(simulator.calls())
    assert changes(target, long_ago, known=known) == []
    assert len(simulator.calls()) == before + 1


def test_only_what_changed_comes_back(simulator, target, long_ago):
    simulator.at_minute(20)
    known = {change.arn: change.updated_at for change in changes(target, long_ago)}
    simulator.at_minute(50)
    assert {change.service for change in changes(target, long_ago, known=known)} == {
        "DIRECTCONNECT",
        "CLOUDFRONT",
    }


def test_public_events_cost_no_call_for_entities(simulator, target, long_ago):
    simulator.at_minute(50)
    found = changes(target, simulator.t0() + timedelta(minutes=40))
    assert [change.service for change in found] == ["CLOUDFRONT"]
    assert simulator.calls(operation="DescribeAffectedEntities") == []


def test_a_failure_of_the_details_leaves_the_event_with_a_reason(simulator, target, long_ago):
    simulator.fault({"error": "AccessDeniedException", "status": 403}, operation="DescribeEventDetails")
    found = changes(target, long_ago)
    assert len(found) == 3
    assert all(change.text == "" and "permission" in change.problem for change in found)


def test_one_arn_that_aws_refuses_does_not_fail_its_batch(simulator, target, long_ago):
    simulator.fault({"error": "ValidationException"}, operation="DescribeEventDetails", times=1)
    assert all(change.text for change in changes(target, long_ago))
    assert len(simulator.calls(operation="DescribeEventDetails")) == 1 + 3


def test_an_arn_of_the_short_form_is_not_put_into_a_batch(simulator, target, long_ago):
    short = "arn:aws:health:us-west-2::event/AWS_HEALTH_TEST"
    extras = health.Extras()
    good = [change.arn for change in changes(target, long_ago)]
    assert health.well_formed([*good, short], extras) == good
    assert short in extras.problems


def test_a_plan_without_health_says_so(simulator, long_ago):
    with pytest.raises(health.AwsError) as caught:
        changes(Target("555566667777", "ap-northeast-2"), long_ago)
    assert caught.value.kind == "plan" and caught.value.retry_at is not None


OPERATIONS = Target("333344445555", "ap-northeast-2")


def test_the_organisation_tells_whom_an_event_concerns(simulator, target, long_ago):
    mine = {change.arn: change for change in changes(target, long_ago)}
    found = organization(OPERATIONS, long_ago, accounts={"111122223333"})
    assert {change.arn for change in found} == set(mine)
    for change in found:
        assert change.account_id == ("" if change.scope == "PUBLIC" else "111122223333")
        assert (change.text, change.entities) == (mine[change.arn].text, mine[change.arn].entities)


def test_nothing_new_in_the_organisation_costs_one_call(simulator, long_ago):
    known = {one.arn: one.updated_at for one in organization(OPERATIONS, long_ago, accounts={"111122223333"})}
    before = len(simulator.calls())
    assert organization(OPERATIONS, long_ago, accounts={"111122223333"}, known=known) == []
    assert len(simulator.calls()) == before + 1


def test_an_ordinary_account_may_not_see_the_organisation(simulator, target, long_ago):
    with pytest.raises(health.AwsError) as caught:
        organization(target, long_ago, accounts={"111122223333"})
    assert caught.value.kind == "permission"
