"""Support cases of an escalation: opened through AWS's API, followed, answered, closed; over real HTTP."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from engagements.models import TimelineEntry
from escalation import actions, engine, faces
from escalation.cases import files, following, linking, sending, writing
from escalation.models import CaseMessage, CaseWrite, Clock, ClockEvent, Escalation, SupportCase
from iem_portal.accounts.actors import SYSTEM_DEMO
from iem_portal.aws import sessions, support
from iem_portal.aws.targets import Target
from iem_portal.notifications.models import Notification
from tests import factories
from workbook.models import Attachment, Row
from workbook.prefill import consent

pytestmark = pytest.mark.once
ACCOUNT, BASIC = "111122223333", "555566667777"
TARGET = Target(ACCOUNT, "us-east-1")
SENT = "CreateCase"


@pytest.fixture
def tam(engagement, settings, simulator):
    """The TAM of an engagement with its account, the switch on, and the customer's consent."""
    settings.AWS_WRITES = True
    factories.aws_account(engagement)
    person = factories.member(engagement, "tam")
    consent.record(engagement=engagement, is_given=True, words="On the call", by=person, now=simulator.now())
    return person


@pytest.fixture
def problem(engagement, tam, simulator):
    """A critical escalation of a minute ago, by the simulated clock."""
    simulator.at_minute(100)
    now = simulator.now()
    return actions.open_escalation(
        engagement=engagement,
        title="Enrolment is down",
        symptom="Nobody can pay",
        severity="critical",
        lane="technical",
        detected_at=now - timedelta(minutes=2),
        by=tam,
        now=now - timedelta(minutes=1),
    )


@pytest.fixture
def ask(problem, tam, simulator):
    """`ask(severity="urgent")`: a case is asked for."""

    def run(**words):
        fields = {
            "account_id": ACCOUNT,
            "subject": "IEM Alert - Enrolment is down",
            "body": "Since 01:20 nobody can pay.",
            "service": "general-info",
            "category": "using-aws",
            "severity": "critical",
            "language": "ko",
            "by": tam,
        }
        return writing.open_case(escalation=problem, now=simulator.now(), **(fields | words))

    return run


@pytest.fixture
def turn(simulator):
    """One turn of the worker, after moving the simulated clock."""

    def run(*, seconds=0, minutes=0):
        simulator.advance(seconds=seconds, minutes=minutes)
        return following.follow(simulator.now() + timedelta(seconds=1), threads=1)

    return run


@pytest.fixture
def theirs(problem, tam, simulator):
    """The case of the story, opened in AWS's console 36 minutes ago, answered by AWS."""

    def link(**words):
        found = next(one for one in support.read_cases(TARGET) if one.subject.startswith("Replication"))
        return linking.link_case(
            escalation=problem,
            account_id=ACCOUNT,
            found=found,
            by=tam,
            now=simulator.now(),
            **({"reason": "Opened in the console"} | words),
        )

    return link


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def face_of(problem):
    current = faces.with_clocks(Escalation.objects.filter(pk=problem.pk)).get()
    return faces.state_of(current)


def said(problem, phrase):
    return TimelineEntry.objects.filter(subject_id=problem.pk, phrase=f"escalation.{phrase}").count()


def test_nothing_is_sent_before_it_is_written_down(ask, simulator):
    made = ask()
    assert (made.state, made.kind) == ("recorded", "open")
    assert simulator.calls(operation=SENT) == []


def test_the_clock_starts_at_the_cases_own_creation(ask, turn, problem):
    ask(), turn()
    case = SupportCase.objects.get()
    current = fresh(problem)
    assert (case.is_primary, current.case_id, current.level) == (True, case.display_id, 1)
    assert current.case_opened_at == case.created_at
    assert said(problem, "case_made") == 1


def test_awss_first_message_stops_the_clock_at_its_own_time(ask, turn, problem):
    ask(), turn(), turn(minutes=2)
    current = fresh(problem)
    case = SupportCase.objects.get()
    assert current.answered_how == "case"
    assert current.answered_at == case.created_at + timedelta(seconds=60) < case.checked_at


def test_after_twenty_minutes_of_outage_the_true_time_of_the_answer_counts(ask, turn, problem, simulator):
    ask(), turn()
    rule = {"error": "ServiceUnavailableException", "status": 503}
    simulator.fault(rule, operation="DescribeCases")
    for _minute in range(4):
        turn(minutes=5)
    case = SupportCase.objects.get()
    assert (case.problem, fresh(problem).answered_at) == ("transient", None)
    # Meanwhile the breach was told; it stays on record although AWS had answered in time.
    engine.run_due(simulator.now())
    clock = Clock.objects.get(escalation=problem, kind="first_response")
    simulator._ask("DELETE", "/_fault/rules")
    turn(minutes=1)
    case = fresh(case)
    assert fresh(problem).answered_at == case.created_at + timedelta(seconds=60)
    assert (case.problem, face_of(problem).is_corrected) == ("", True)
    assert (
        ClockEvent.objects.filter(clock=clock, kind="breached").count() == 1
    )  # wish 22: a breach is an event


def test_wish_6_what_the_customer_writes_stops_nothing(ask, turn, problem, tam, simulator):
    ask(), turn()
    case = SupportCase.objects.get()
    writing.reply(case=case, text="One more thing", by=tam, now=simulator.now())
    turn(seconds=35)
    assert CaseMessage.objects.filter(is_from_aws=False).count() == 2
    assert fresh(problem).answered_at is None


def test_wish_22_the_breach_of_a_case_that_was_linked_late_is_an_event_of_its_own_time(
    theirs, turn, problem, simulator
):
    theirs(), turn()
    current, case = fresh(problem), SupportCase.objects.get()
    first = case.messages.filter(is_from_aws=True).first()
    assert (current.case_opened_at, current.answered_at) == (case.created_at, first.at)
    # AWS took 22 of its 15 minutes before anybody noted the case here: one breach, dated then, and no excuse.
    breach = ClockEvent.objects.get(clock__escalation=problem, kind="breached")
    assert breach.at == case.created_at + timedelta(minutes=15) < first.at
    assert not face_of(problem).is_corrected


def test_waiting_begins_and_ends_with_the_status_of_the_case(ask, turn, problem, tam, simulator):
    ask(), turn(), turn(minutes=2), turn(minutes=4)
    case, current = SupportCase.objects.get(), fresh(problem)
    asked = case.messages.filter(is_from_aws=True).last()
    assert (case.status, current.waiting_since) == ("pending-customer-action", asked.at)
    assert current.waiting_reason == asked.text
    writing.reply(case=case, text="Here is the id", by=tam, now=simulator.now())
    turn(minutes=2), turn(minutes=2)
    assert (fresh(case).status, fresh(problem).waiting_since) == ("customer-action-completed", None)
    assert said(problem, "wait_over") == 1


def test_a_wait_that_a_person_noted_is_theirs_to_end(ask, turn, problem, tam, simulator):
    ask(), turn()
    now = simulator.now()
    actions.waiting(escalation=problem, code="test", reason="Trying the patch", by=tam, now=now)
    turn(minutes=2), turn(minutes=4)
    writing.reply(case=SupportCase.objects.get(), text="Done", by=tam, now=simulator.now())
    turn(minutes=2), turn(minutes=2)
    assert fresh(problem).waiting_reason == "Trying the patch"


def test_a_case_closed_by_aws_is_told_and_resolves_nothing(ask, turn, problem, tam, simulator):
    ask(), turn()
    case = SupportCase.objects.get()
    with_aws = sessions.client(TARGET, "support")
    with_aws.resolve_case(caseId=case.case_id)
    turn(minutes=1)
    assert fresh(case).is_closed and fresh(problem).is_open
    assert said(problem, "case_closed") == 1
    assert Notification.objects.filter(template="escalation/cases/mail/closed").exists()


def test_closing_a_case_from_the_page(ask, turn, problem, tam, simulator):
    ask(), turn()
    case = SupportCase.objects.get()
    writing.resolve_case(case=case, by=tam, now=simulator.now())
    turn(), turn(minutes=1)
    assert fresh(case).is_closed and fresh(problem).is_open
    with pytest.raises(ValidationError):
        writing.resolve_case(case=fresh(case), by=tam, now=simulator.now())


@pytest.mark.parametrize("fault", [{"cut": True}, {"truncate": 0.4}])
def test_a_lost_answer_is_found_by_the_subject_and_never_sent_again(ask, turn, problem, simulator, fault):
    made = ask()
    simulator.fault(fault, operation=SENT)
    turn()
    assert (fresh(made).state, SupportCase.objects.count()) == ("unknown", 0)
    turn(seconds=15)
    assert fresh(made).state == "done"
    assert SupportCase.objects.get().subject == made.subject
    assert len(simulator.calls(operation=SENT)) == 1


def test_a_timeout_after_aws_took_it_opens_no_second_case(ask, turn, simulator, monkeypatch):
    made = ask()
    hasty = sessions.WRITE_CONFIG.merge(sessions.Config(read_timeout=0.2))
    monkeypatch.setattr(sessions, "WRITE_CONFIG", hasty)
    simulator.fault({"latency_s": 0.6}, operation=SENT)
    turn()
    assert (fresh(made).state, fresh(made).error_kind) == ("unknown", "timeout")
    turn(seconds=15)
    assert fresh(made).state == "done"
    assert len(simulator.calls(operation=SENT)) == 1


def test_what_aws_never_got_goes_out_again_after_two_looks_and_a_minute(ask, turn, simulator):
    made = ask()
    simulator.fault({"reset": True}, operation=SENT, times=1)
    turn(), turn(seconds=15)
    assert fresh(made).state == "unknown"
    turn(seconds=60), turn(seconds=1)
    assert (fresh(made).state, fresh(made).times_sent) == ("done", 2)
    assert SupportCase.objects.count() == 1


def test_after_three_sendings_in_vain_people_are_told(ask, turn, simulator, problem):
    made = ask()
    simulator.fault({"reset": True}, operation=SENT)
    for _turn in range(14):
        turn(seconds=30)
    assert (fresh(made).state, fresh(made).error_kind) == ("failed", "lost")
    assert len([one for one in simulator.fired() if one["operation"] == SENT]) == 3
    assert Notification.objects.filter(template="escalation/cases/mail/failed").count() == 1


def test_a_worker_that_dies_while_sending_opens_no_second_case(ask, turn, simulator):
    made = ask()
    now = simulator.now() + timedelta(seconds=1)
    [one] = sending._due(now)
    sending._do(sending._claim(one, now))
    assert turn() == 0
    turn(minutes=2)
    assert fresh(made).state == "done"
    assert len(simulator.calls(operation=SENT)) == 1


def test_two_workers_send_once(ask, simulator):
    ask()
    now = simulator.now() + timedelta(seconds=1)
    [one], [same] = sending._due(now), sending._due(now)
    assert sending._claim(one, now) is not None
    assert sending._claim(same, now) is None


def test_two_people_open_one_case(ask, engagement):
    ask()
    with pytest.raises(ValidationError):
        ask(by=factories.member(engagement, "customer_lead"))
    assert CaseWrite.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDeniedException", "permission"), ("SubscriptionRequiredException", "plan")]
)
def test_a_refusal_ends_it_and_says_so(ask, turn, simulator, problem, code, kind):
    made = ask()
    simulator.fault({"error": code}, operation=SENT)
    turn(), turn(minutes=1)
    assert (fresh(made).state, fresh(made).error_kind) == ("failed", kind)
    assert said(problem, "case_not_sent") == 1
    assert len(simulator.calls(operation=SENT)) == 1


def test_a_throttled_opening_is_tried_again(ask, turn, simulator):
    made = ask()
    simulator.fault({"error": "ThrottlingException"}, operation=SENT, times=1)
    turn()
    assert fresh(made).state == "recorded"
    turn(seconds=30)
    assert (fresh(made).state, fresh(made).times_sent) == ("done", 1)


@pytest.mark.parametrize("missing", ["switch", "consent", "account"])
def test_what_stands_in_the_way_is_said_and_nothing_written(
    ask, settings, engagement, tam, simulator, missing
):
    if missing == "switch":
        settings.AWS_WRITES = False
    if missing == "consent":
        consent.record(engagement=engagement, is_given=False, words="", by=tam, now=simulator.now())
    with pytest.raises(ValidationError):
        ask(account_id=BASIC if missing == "account" else ACCOUNT)
    assert not CaseWrite.objects.exists()


def test_consent_taken_back_before_the_sending_stops_it(ask, turn, simulator, engagement, tam):
    made = ask()
    consent.record(engagement=engagement, is_given=False, words="", by=tam, now=simulator.now())
    turn()
    assert (fresh(made).state, fresh(made).error_kind) == ("failed", "consent")
    assert simulator.calls(operation=SENT) == []


def test_somebody_who_may_not_escalate_opens_no_case(ask, engagement):
    with pytest.raises(PermissionDenied):
        ask(by=factories.member(engagement, "viewer"))


def test_a_page_that_is_older_than_the_case_opens_no_second_one(ask, turn, problem):
    seen = problem.version
    ask(base_version=seen), turn()
    with pytest.raises(actions.StaleWrite):
        ask(base_version=seen)


def test_a_linked_case_starts_the_clock_in_the_past(theirs, problem):
    case = theirs()
    current = fresh(problem)
    assert (case.is_primary, current.case_id) == (True, case.display_id)
    assert current.case_opened_at == case.created_at < problem.detected_at


def test_a_number_typed_by_hand_gets_awss_own_time(theirs, problem, tam, simulator):
    found = next(one for one in support.read_cases(TARGET) if one.subject.startswith("Replication"))
    spaced = f"{found.display_id[:4]} {found.display_id[4:]}"
    actions.case_opened(escalation=problem, case_id=spaced, by=tam, now=simulator.now())
    case = theirs()
    assert (case.is_primary, fresh(problem).case_opened_at) == (True, case.created_at)


def test_the_same_case_is_linked_once(theirs):
    theirs()
    with pytest.raises(ValidationError):
        theirs()


def test_two_cases_for_one_issue_and_one_of_them_leads(ask, turn, theirs, problem, tam, simulator):
    ask(), turn()
    first = SupportCase.objects.get()
    second = theirs()
    turn()
    assert (second.is_primary, fresh(problem).case_id) == (False, first.display_id)
    assert fresh(problem).answered_at is None  # AWS answered in the other one only
    linking.follow_case(case=second, reason="The engineer works in this one", by=tam, now=simulator.now())
    turn(minutes=1)
    assert list(SupportCase.objects.filter(is_primary=True)) == [second]
    assert fresh(problem).answered_at is not None


def test_a_new_case_after_an_answered_one_owes_a_first_answer_again(ask, turn, problem):
    ask(severity="urgent"), turn(), turn(minutes=2)
    assert fresh(problem).answered_at
    ask(severity="critical"), turn()
    current, newest = fresh(problem), SupportCase.objects.order_by("pk").last()
    assert (newest.is_primary, current.answered_at, current.case_id) == (True, None, newest.display_id)
    assert SupportCase.objects.filter(is_primary=True).count() == 1


def test_an_old_cases_answer_is_none_to_a_case_that_was_typed_by_hand(ask, turn, problem, tam, simulator):
    ask(severity="urgent"), turn(), turn(minutes=2)
    words = {"escalation": fresh(problem), "reason": "Opened by phone", "by": tam, "now": simulator.now()}
    actions.case_opened(case_id="99 8877", is_new=True, **words)
    turn(minutes=1)
    assert (fresh(problem).case_id, fresh(problem).answered_at) == ("99 8877", None)


def test_a_wait_ends_with_its_case_though_another_leads_by_then(ask, turn, problem, tam, simulator):
    ask(), turn(), turn(minutes=2), turn(minutes=4)
    first = SupportCase.objects.get()
    assert fresh(problem).waiting_since is not None
    ask(), turn()
    assert not fresh(first).is_primary
    writing.reply(case=first, text="Here is the id", by=tam, now=simulator.now())
    turn(minutes=1), turn(minutes=1)
    assert (fresh(first).status, fresh(problem).waiting_since) == ("customer-action-completed", None)


def test_one_accounts_failure_does_not_touch_anothers(ask, turn, engagement, problem, simulator):
    ask(), turn()
    factories.aws_account(engagement, BASIC)
    words = {"display_id": "1", "created_at": problem.detected_at, "linked_at": problem.detected_at}
    other = SupportCase.objects.create(
        escalation=problem,
        account_id=BASIC,
        case_id="case-x",
        by_name="x",
        next_at=problem.detected_at,
        **words,
    )
    turn(minutes=2)
    assert fresh(other).problem == "plan"
    assert fresh(other).next_at - simulator.now() > timedelta(minutes=14)
    assert SupportCase.objects.get(is_primary=True).problem == ""


def test_a_case_that_aws_does_not_know_spoils_no_other(ask, turn, problem, simulator):
    ask(), turn()
    words = {"display_id": "1", "created_at": problem.detected_at, "linked_at": problem.detected_at}
    gone = SupportCase.objects.create(
        escalation=problem, account_id=ACCOUNT, case_id="case-gone", by_name="x", next_at=problem.detected_at, **words
    )  # fmt: skip
    turn(minutes=2)
    assert fresh(gone).problem == "not_found"
    assert SupportCase.objects.get(is_primary=True).problem == ""
    assert fresh(problem).answered_at


def test_a_hundred_cases_are_one_call(ask, turn, problem, simulator):
    ask(), turn()
    before = len(simulator.calls(operation="DescribeCases"))
    assert turn(minutes=2) == 1
    assert len(simulator.calls(operation="DescribeCases")) == before + 1
    assert simulator.calls(operation="DescribeCommunications") == []


def test_a_resolved_escalation_is_read_no_more(ask, turn, problem, tam, simulator):
    ask(), turn()
    actions.resolved(escalation=problem, resolution="Fixed", by=tam, now=simulator.now())
    assert turn(minutes=30) == 0


def test_long_talk_is_read_whole(ask, turn, problem, tam, simulator):
    ask(), turn()
    case = SupportCase.objects.get()
    client = sessions.client(TARGET, "support")
    for number in range(8):
        simulator.advance(seconds=1)
        client.add_communication_to_case(caseId=case.case_id, communicationBody=f"Line {number}")
    turn(minutes=1), turn(minutes=2)
    assert case.messages.filter(is_from_aws=False).count() == 9
    assert CaseMessage.objects.count() == len(support.read_communications(TARGET, case.case_id))


def test_the_actor_of_the_demo_may_open_cases(ask):
    assert ask(by=SYSTEM_DEMO).by_name == "Demo"


def test_a_wait_that_people_began_is_theirs_to_end(ask, turn, problem, tam, simulator):
    ask(), turn(), turn(minutes=2), turn(minutes=4)  # AWS waits for the customer, says the case
    assert fresh(problem).waiting_case == SupportCase.objects.get()
    by = {"escalation": problem, "by": tam}
    actions.waiting_over(now=simulator.now(), **by)
    actions.waiting(code="window", reason="Until the night", now=simulator.now(), **by)
    assert fresh(problem).waiting_case is None
    writing.reply(case=SupportCase.objects.get(), text="Here is the id", by=tam, now=simulator.now())
    turn(minutes=1), turn(minutes=1)
    assert SupportCase.objects.get().status == "customer-action-completed"
    assert fresh(problem).waiting_reason == "Until the night"


def retype(problem, number, tam, simulator):
    words = {"reason": "Misread", "by": tam, "now": simulator.now()}
    actions.case_opened(escalation=fresh(problem), case_id=number, **words)


def test_a_corrected_number_is_looked_for_in_aws_and_stops_the_clock(ask, turn, problem, tam, simulator):
    ask(severity="urgent"), turn()
    first = SupportCase.objects.get()
    found = next(one for one in support.read_cases(TARGET) if one.subject.startswith("Replication"))
    retype(problem, f"#{found.display_id[:4]}-{found.display_id[4:]}", tam, simulator)
    assert not fresh(first).is_primary
    turn(minutes=1)
    leading = SupportCase.objects.get(is_primary=True)
    assert (leading.case_id, leading.is_sought, leading.problem) == (found.case_id, False, "")
    current = fresh(problem)
    assert current.case_opened_at == leading.created_at == found.created_at
    assert current.answered_at == leading.messages.filter(is_from_aws=True).first().at


def test_a_number_that_aws_does_not_know_says_so_and_the_right_one_goes_on(
    ask, turn, problem, tam, simulator
):
    ask(severity="urgent"), turn()
    first = SupportCase.objects.get()
    retype(problem, "99 8877", tam, simulator)
    turn(minutes=1)
    sought = SupportCase.objects.get(is_primary=True)
    assert (sought.is_sought, sought.problem, sought.display_id) == (True, "not_found", "998877")
    with pytest.raises(ValidationError):
        writing.reply(case=sought, text="Hello", by=tam, now=simulator.now())
    retype(problem, first.display_id, tam, simulator)
    assert list(SupportCase.objects.all()) == [first] and fresh(first).is_primary
    turn(minutes=2)
    assert fresh(problem).answered_at is not None


def test_a_typed_number_that_aws_refuses_spoils_no_other(ask, turn, problem, tam, simulator):
    ask(severity="urgent"), turn()
    retype(problem, "99 8877", tam, simulator)
    first = SupportCase.objects.get(is_primary=False)
    refusal = {"error": "InvalidParameterValueException"}
    simulator.fault(refusal, operation="DescribeCases", after=1, times=1)
    turn(minutes=2)
    sought = SupportCase.objects.get(is_primary=True)
    assert (sought.problem, fresh(first).problem) == ("invalid", "")
    assert fresh(first).messages.filter(is_from_aws=True).exists()


def test_files_of_the_event_go_along_with_a_case_and_with_an_answer(ask, turn, problem, tam, simulator, kept):
    ask(files=[kept.key]), turn()
    case = SupportCase.objects.get()
    writing.reply(case=case, text="The log", files=[kept.key], by=tam, now=simulator.now())
    turn(seconds=5)
    said = sessions.client(TARGET, "support").describe_communications(caseId=case.case_id)["communications"]
    names = [[one["fileName"] for one in row["attachmentSet"]] for row in said if row["attachmentSet"]]
    assert names == [["task.log"], ["task.log"]]
    assert CaseWrite.objects.filter(state="done").count() == 2
    assert "[task.log]" in said_of(problem)


def said_of(problem):
    found = TimelineEntry.objects.filter(subject_id=problem.pk, phrase="escalation.case_replied")
    return found.latest("pk").text


@pytest.fixture
def kept(engagement, tam, simulator):
    """A log of the event in the store of attachments."""
    row = Row.objects.create(
        engagement=engagement, section="wb12", table="metrics", position=1, created_at=simulator.now(),
        created_by_name="x",
    )  # fmt: skip
    return attachment(engagement, row, simulator.now())


def attachment(engagement, row, now, *, name="task.log", size=3):
    stored_as = storages["attachments"].save(f"test/{name}", ContentFile(b"log"))
    return Attachment.objects.create(
        engagement=engagement, section="wb12", row=row, name=name, size=size, media_type="text/plain",
        sha256="0" * 64, stored_as=stored_as, uploaded_at=now, uploaded_by_name="x",
    )  # fmt: skip


def test_what_aws_would_not_take_is_not_offered(ask, engagement, kept, simulator, problem):
    for name, size in (("huge.log", 5_000_001), ("drawing.svg", 9), ("empty.txt", 0)):
        attachment(engagement, kept.row, simulator.now(), name=name, size=size)
    assert [one.name for one in files.offered(problem)] == ["task.log"]
    more = [attachment(engagement, kept.row, simulator.now(), name=f"{n}.log").key for n in range(4)]
    for wrong in (more, ["@0"], ["nonsense"]):
        with pytest.raises(ValidationError) as refused:
            ask(files=wrong)
        assert "files" in refused.value.message_dict


def test_a_file_that_is_gone_from_the_store_fails_the_case_in_words(ask, turn, kept, problem):
    ask(files=[kept.key])
    storages["attachments"].delete(kept.stored_as)
    turn()
    write = CaseWrite.objects.get()
    assert (write.state, write.error_code) == ("failed", "FileMissing")
    assert SupportCase.objects.count() == 0
