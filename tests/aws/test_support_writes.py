"""Opening, answering and closing support cases over the wire."""

from dataclasses import replace

import pytest

from iem_portal.aws import sessions, support, support_writes
from iem_portal.aws.errors import AwsError
from iem_portal.aws.support_writes import NewAttachment, NewCase
from iem_portal.aws.targets import Target

pytestmark = pytest.mark.once
NEW = NewCase(
    subject="IEM Alert: replication stalled (ESC-07-9f3a)",
    body="Since 01:20 the lag grows.",
    service="general-info",
    category="using-aws",
    severity="critical",
)


def kind_of(call) -> str:
    with pytest.raises(AwsError) as caught:
        call()
    return caught.value.kind


def test_a_case_is_opened_answered_and_closed(simulator, target):
    case_id = support_writes.open_case(target, NEW)
    support_writes.add_message(target, case_id, "More words")
    simulator.advance(seconds=1)
    [case] = support.read_cases(target, [case_id])
    assert (case.subject, case.severity, case.status) == (
        NEW.subject,
        "critical",
        "customer-action-completed",
    )
    assert support.find_case(target, case.display_id) == case
    support_writes.resolve_case(target, case_id)
    assert support.find_case(target, case.display_id).status == "resolved"


def test_a_number_of_nobodys_is_no_case(simulator, target):
    assert support.find_case(target, "1") is None


def test_a_dry_run_opens_nothing(simulator, target):
    before = len(support.read_cases(target))
    assert support_writes.probe_open(target, NEW) is None
    assert support_writes.probe_open(target, replace(NEW, category="nosuch")).kind == "invalid"
    assert support_writes.probe_open(target, replace(NEW, severity="nosuch")).kind == "invalid"
    assert support_writes.probe_open(Target("555566667777", "us-east-1"), NEW).kind == "plan"
    assert len(support.read_cases(target)) == before


def test_a_write_goes_out_once_even_when_its_answer_is_cut(simulator, target):
    simulator.fault({"cut": True}, operation="CreateCase")
    assert kind_of(lambda: support_writes.open_case(target, NEW)) in ("transient", "malformed", "timeout")
    assert len(simulator.calls(operation="CreateCase")) == 1
    simulator.advance(seconds=1)
    assert NEW.subject in [case.subject for case in support.read_cases(target)]


def test_services_come_with_their_categories(simulator, target):
    found = {one.code: dict(one.categories) for one in support_writes.read_services(target)}
    assert "using-aws" in found["general-info"]
    assert "other" in found["amazon-elastic-compute-cloud-linux"]


def test_the_language_may_be_answered_as_well_as_they_can(simulator, target):
    ask = replace(NEW, language="ko", issue_type="customer-service")
    assert support_writes.read_options(target, ask).availability == "best_effort"
    assert support_writes.read_options(target, replace(NEW, language="ko")).ways == ["web", "chat", "call"]
    assert support_writes.read_options(target, replace(NEW, language="tr")).availability == "unavailable"


def test_the_eleventh_case_of_an_hour_is_refused(simulator, target):
    for _turn in range(10):
        support_writes.open_case(target, NEW)
    with pytest.raises(AwsError) as caught:
        support_writes.open_case(target, NEW)
    assert caught.value.code == "CaseCreationLimitExceeded"


def test_files_go_into_a_set_and_with_a_case_and_a_message(simulator, target):
    two = [NewAttachment("a.log", b"one"), NewAttachment("b.txt", b"two")]
    case_id = support_writes.open_case(
        target, replace(NEW, attachment_set=support_writes.add_attachments(target, two))
    )
    again = support_writes.add_attachments(target, two[:1])
    support_writes.add_message(target, case_id, "More", attachment_set=again)
    said = sessions.client(target, "support").describe_communications(caseId=case_id)["communications"]
    names = [[file["fileName"] for file in one["attachmentSet"]] for one in said]
    assert sorted(names) == [["a.log"], ["a.log", "b.txt"]]


def test_aws_s_limits_on_files_are_said(simulator, target):
    small = NewAttachment("a.log", b"x")
    assert kind_of(lambda: support_writes.add_attachments(target, [small] * 4)) == "invalid"
    huge = NewAttachment("big.log", b"x" * (5 * 1024 * 1024 + 3))
    assert kind_of(lambda: support_writes.add_attachments(target, [huge])) == "invalid"
    gone = replace(NEW, attachment_set="nosuch")
    assert kind_of(lambda: support_writes.open_case(target, gone)) == "invalid"
    attached = support_writes.add_attachments(target, [small])
    simulator.advance(minutes=61)
    assert (
        kind_of(lambda: support_writes.open_case(target, replace(NEW, attachment_set=attached))) == "invalid"
    )
