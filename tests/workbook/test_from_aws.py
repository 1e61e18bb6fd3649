"""Answers read from AWS over real HTTP: suggested with account and time, faults said in words."""

from datetime import timedelta

import pytest
from django.urls import reverse

from iem_portal.aws.models import AwsCall
from tests import factories
from workbook.models import AwsReading, AwsReadingPart, Cell, Suggestion
from workbook.prefill import faults, reading, running
from workbook.suggestions import deciding

pytestmark = pytest.mark.once
ACCOUNT, REGION = "111122223333", "ap-northeast-2"
VCPU = {
    "q_account": ACCOUNT,
    "q_region": REGION,
    "q_service": "ec2",
    "q_code": "L-1216C47A",
    "q_name": "vCPU",
    "q_applied": "600",
    "q_usage": "588",
}


@pytest.fixture
def story(book, simulator):
    """The event with its account, while the simulated cutover is at T0 + 220 minutes."""
    simulator.at_minute(220)
    factories.aws_account(book.engagement, name="Production")
    return book


@pytest.fixture
def read(story, simulator):
    """Press "From AWS" for a section, and let the worker read (``only`` these services) until nothing is due."""

    def run(section, *, only=(), **choices):
        found = next(s for s in running.editions.sections(story.engagement) if s.key == section)
        made = running.start(
            engagement=story.engagement,
            section=found,
            choices=choices,
            by=story.by,
            now=simulator.now(),
        )
        if only:
            made.parts.exclude(service__in=only).delete()
        while running.read_due(simulator.now() + timedelta(seconds=1), threads=1):
            pass
        made.refresh_from_db()
        return made

    return run


def suggested(**about):
    found = Suggestion.objects.filter(state="open", **about)
    return {one.field: one.value for one in found}


def part(service):
    return AwsReadingPart.objects.filter(service=service).latest("pk")


def test_a_quota_row_gets_its_figures_with_account_and_time(story, read, simulator):
    row = story.add("quotas", **VCPU)
    read("wb08", only=["ec2"])
    assert suggested(row=row) == {
        "q_default": "5",
        "q_applied": "640",
        "q_adjustable": True,
    }
    one = Suggestion.objects.get(row=row, field="q_applied")
    assert (one.account_id, one.region, one.origin, one.base_version) == (ACCOUNT, REGION, "quotas", 1)
    assert abs(one.made_at - simulator.now()) < timedelta(minutes=1)
    assert Cell.objects.get(row=row, field="q_applied").value == "600"


def test_requests_that_were_made_before_come_along(story, read):
    row = story.add("quotas", **VCPU | {"q_service": "lambda", "q_code": "L-B99A9384"})
    read("wb08", only=["lambda"])
    found = suggested(row=row)
    assert (found["q_status"], found["q_req_id"]) == ("CASE_OPENED", "3c1f0ad4be1244d59a77")
    assert found["q_case_id"] == "17773902441"


def test_starter_quotas_become_rows_only_when_accepted(story, read, tam):
    read("wb08", only=["vpc"])
    new = Suggestion.objects.filter(new_row__startswith="aws-", field="q_code", value="L-F678F1CE").get()
    values = suggested(new_row=new.new_row)
    assert (values["q_name"], values["q_applied"], values["q_usage"]) == ("VPCs per Region", "10", "4")
    section = story.section_of("quotas")
    deciding.accept(
        engagement=story.engagement, section=section, seen={new.pk: 0}, sources=frozenset({"aws"}),
        by=tam, now=story.now,
    )  # fmt: skip
    row = Cell.objects.get(field="q_code", value="L-F678F1CE").row
    assert Cell.objects.get(row=row, field="q_applied").value == "10"
    read("wb08", only=["vpc"])
    assert not Suggestion.objects.filter(state="open", value="L-F678F1CE").exists()


def test_the_newest_reading_stands(story, read):
    row = story.add("quotas", **VCPU)
    read("wb08", only=["ec2"]), read("wb08", only=["ec2"])
    states = list(Suggestion.objects.filter(row=row, field="q_applied").values_list("state", flat=True))
    assert sorted(states) == ["open", "superseded"]


def test_what_was_declined_is_not_asked_again(story, read, tam):
    row = story.add("quotas", **VCPU)
    read("wb08", only=["ec2"])
    one = Suggestion.objects.get(row=row, field="q_applied")
    deciding.decline(
        engagement=story.engagement, section=story.section_of("quotas"), chosen=[one.pk],
        sources=frozenset({"aws"}), by=tam, now=story.now,
    )  # fmt: skip
    read("wb08", only=["ec2"])
    assert "q_applied" not in suggested(row=row)


def test_tagged_resources_become_rows(story, read):
    read("wb06", tag_key="iem", tag_value="IEM-2611")
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:enrol-db"
    new = Suggestion.objects.get(field="rs_arn", value=arn)
    assert suggested(new_row=new.new_row) == {
        "rs_account": ACCOUNT,
        "rs_region": REGION,
        "rs_service": "rds",
        "rs_id": "enrol-db",
        "rs_arn": arn,
        "rs_module": "Enrolment database",
    }
    assert suggested(field="gl_cf") == {"gl_cf": "E2GARAMSOOP"}


def test_load_balancers_come_with_their_peak(story, read):
    read("wb09")
    new = Suggestion.objects.get(field="lb_usecase", value="portal")
    values = suggested(new_row=new.new_row)
    assert values["lb_kind"] == "ALB" and 310 < float(values["lb_peak_lcu"]) < 325


def test_alarms_say_how_often_they_fired(story, read):
    row = story.add("alarms", al_ref="dx-bgp-session-2", al_rule="My own words")
    read("wb12")
    found = suggested(row=row)
    assert int(found["al_noise"]) >= 1 and "al_rule" not in found
    new = Suggestion.objects.get(field="al_ref", value="portal-5xx")
    assert suggested(new_row=new.new_row)["al_rule"] == (
        "HTTPCode_Target_5XX_Count > 120, 3 of 5, 60 s, missing: notBreaching"
    )


def test_a_missing_permission_is_named_and_the_rest_goes_on(story, read, simulator):
    story.add("quotas", **VCPU)
    simulator.fault(
        {"error": "AccessDeniedException", "status": 400},
        service="service-quotas",
        operation="ListServiceQuotas",
        times=1,
    )
    read("wb08", only=["ec2", "rds", "ses"])
    failed = AwsReadingPart.objects.get(state="failed")
    assert "servicequotas:ListServiceQuotas" in faults.words(failed.error_kind, failed.error_message)
    assert AwsReadingPart.objects.filter(state="done").count() == 2


@pytest.mark.parametrize(
    ("message", "action"),
    [
        ("elbv2 DescribeLoadBalancers: injected", "elasticloadbalancing:DescribeLoadBalancers"),
        (
            "service-quotas ListServiceQuotas: User: x is not authorized to perform: servicequotas:ListServiceQuotas",
            "servicequotas:ListServiceQuotas",
        ),
        ("cloudwatch DescribeAlarms: Not authorized to perform sts:AssumeRole on arn:aws", "sts:AssumeRole"),
    ],
)
def test_the_missing_action_is_named(message, action):
    assert faults.action(message) == action


def test_a_plan_without_the_api_is_said(story, read, simulator):
    simulator.fault({"error": "SubscriptionRequiredException"}, service="service-quotas")
    read("wb08", only=["vpc"])
    failed = part("vpc")
    assert (failed.state, failed.error_kind, failed.attempts) == ("failed", "plan", 1)
    assert "support plan" in faults.words(failed.error_kind, failed.error_message)


def test_throttling_is_waited_for(story, read, simulator):
    simulator.fault({"error": "ThrottlingException"}, service="resourcegroupstaggingapi", times=3)
    read("wb06", tag_key="iem")
    waiting = AwsReadingPart.objects.get(state="waiting")
    assert (waiting.error_kind, waiting.attempts) == ("throttled", 1)
    while running.read_due(simulator.now() + timedelta(minutes=1), threads=1):
        pass
    assert set(AwsReadingPart.objects.values_list("state", flat=True)) == {"done"}
    assert not AwsReading.objects.filter(finished_at=None).exists()


def test_use_that_cannot_be_read_leaves_the_values(story, read, simulator):
    row = story.add("quotas", **VCPU)
    simulator.fault({"error": "AccessDeniedException"}, service="cloudwatch")
    read("wb08", only=["ec2"])
    assert part("ec2").state == "done" and part("ec2").error_kind == "permission"
    assert suggested(row=row)["q_applied"] == "640"


def test_a_service_that_aws_does_not_know_is_said(story, read):
    story.add("quotas", **VCPU | {"q_service": "nosuch"})
    read("wb08", only=["nosuch"])
    assert (part("nosuch").state, part("nosuch").error_kind) == ("failed", "not_found")


def test_a_worker_that_dies_costs_only_its_lease(story, read, simulator):
    made = read("wb12")
    AwsReading.objects.filter(pk=made.pk).update(finished_at=None)
    made.parts.update(state="running", lease_until=simulator.now() + timedelta(seconds=90))
    assert running.read_due(simulator.now(), threads=1) == 0
    assert running.read_due(simulator.now() + timedelta(seconds=91), threads=1) == 1
    made.refresh_from_db()
    assert made.finished_at is not None


def test_two_presses_read_once(story, simulator):
    section = story.section_of("alarms")
    words = {"engagement": story.engagement, "section": section, "choices": {}, "by": story.by}
    first = running.start(**words, now=simulator.now())
    assert running.start(**words, now=simulator.now()) == first


def test_calls_are_counted(story, read):
    read("wb12")
    assert set(AwsCall.objects.values_list("operation", flat=True)) == {
        "DescribeAlarms",
        "DescribeAlarmHistory",
    }


def test_the_page_shows_each_part_and_what_is_wrong(story, read, simulator, as_user):
    simulator.fault({"error": "AccessDeniedException"}, service="elbv2")
    read("wb09")
    page = as_user(story.by).get(reverse("workbook:from-aws", args=[story.engagement.reference, "wb09"]))
    words = page.content.decode()
    assert "elasticloadbalancing:DescribeLoadBalancers" in words and "Simulated AWS" in words
    assert "Not read" in words and "typed by hand" in words


def test_pressing_writes_down_what_to_read(story, as_user):
    client = as_user(story.by)
    address = reverse("workbook:from-aws", args=[story.engagement.reference, "wb06"])
    refused = client.post(address, {"tag_key": " ", "tag_value": "x" * 20})
    assert refused.status_code == 422 and "x" * 20 in refused.content.decode()
    assert client.post(address, {"tag_key": "iem", "tag_value": "IEM-2611"}).status_code == 303
    found = reading.newest(story.engagement, story.section_of("resources"))
    assert found.is_running and (found.done, found.total) == (0, 2)


def test_an_event_without_an_account_says_so(book, as_user):
    address = reverse("workbook:from-aws", args=[book.engagement.reference, "wb12"])
    assert as_user(book.by).post(address).status_code == 422
