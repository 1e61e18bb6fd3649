"""Support cases where the database has a say: claims, conditional updates, savepoints; on PostgreSQL too."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from escalation import actions
from escalation.cases import polling, sending, settling, writing
from escalation.models import CaseWrite, Escalation, SupportCase
from iem_portal.aws.support import Communication
from iem_portal.aws.support import SupportCase as Found
from tests import factories
from workbook.prefill import consent

MIN = timedelta(minutes=1)
ACCOUNT = "111122223333"


@pytest.fixture
def case(running, engagement, people, now, settings):
    """The case of the running escalation, followed."""
    settings.AWS_WRITES = True
    factories.aws_account(engagement)
    consent.record(engagement=engagement, is_given=True, words="", by=people["tam"], now=now)
    return SupportCase.objects.create(
        escalation=running, account_id=ACCOUNT, case_id="case-1", display_id="77415120", created_at=now,
        linked_at=now, by_name="x", next_at=now, is_primary=True,
    )  # fmt: skip


def found(now, *said, status="work-in-progress"):
    """The case as AWS has it, with messages of (minutes after `now`, by AWS?, text)."""
    messages = [
        Communication("case-1", now + minutes * MIN, "AWS" if is_aws else "them", text, is_aws)
        for minutes, is_aws, text in said
    ]
    answer = Found("case-1", "77415120", "Stalled", status, "critical", "", "", "them", now, "en")
    return answer, messages


def test_two_clicks_write_one_thing_down_and_the_second_is_told_so(case, people, now):
    words = {"case": case, "by": people["tam"], "now": now}
    writing.reply(text="One", **words)
    with pytest.raises(ValidationError):
        writing.reply(text="Two", **words)
    assert CaseWrite.objects.get().body == "One"
    writing.resolve_case(**words)  # another kind; the refusal has spoilt no transaction


def test_a_due_case_is_claimed_by_one_reader_until_its_lease_ends(case, now):
    assert polling._claimed(now) == [case]
    assert polling._claimed(now) == []
    assert polling._claimed(now + timedelta(seconds=polling.LEASE_S)) == [case]


def test_a_write_is_claimed_by_one_sender(case, people, now):
    writing.reply(case=case, text="One", by=people["tam"], now=now)
    one, other = sending._due(now)[0], sending._due(now)[0]
    assert sending._claim(one, now) is not None
    assert sending._claim(other, now) is None
    assert CaseWrite.objects.get().times_sent == 1


def test_a_clock_that_refuses_keeps_the_words_and_the_transaction(case, running, people, now):
    actions.waiting(escalation=running, code="window", reason="Tonight", by=people["tam"], now=now)
    Escalation.objects.filter(pk=running.pk).update(detected_at=now + 9 * MIN)  # every time is refused
    answer, messages = found(now, (1, True, "Please send the id"), status="pending-customer-action")
    actions.waiting_over(escalation=running, by=people["tam"], now=now)
    settling.take(case, answer, messages, now=now + 2 * MIN)
    assert case.messages.count() == 1
    case.refresh_from_db()
    assert (case.status, case.checked_at) == ("pending-customer-action", now + 2 * MIN)


def test_the_first_answer_is_taken_from_the_case_once(case, running, now):
    answer, messages = found(now, (3, True, "I look at it"))
    for minutes in (4, 5):
        settling.take(
            SupportCase.objects.select_related("escalation").get(), answer, messages, now=now + minutes * MIN
        )
    running.refresh_from_db()
    assert (running.answered_at, case.messages.count()) == (now + 3 * MIN, 1)


def test_a_typed_number_leads_whichever_case_it_names(case, running, people, now):
    words = {"escalation": running, "reason": "Misread", "by": people["tam"]}
    actions.case_opened(case_id="1234-5", now=now + MIN, **words)
    sought = SupportCase.objects.get(is_primary=True)
    assert (sought.display_id, sought.is_sought) == ("12345", True)
    actions.case_opened(case_id="7741 5120", now=now + 2 * MIN, **words)
    assert list(SupportCase.objects.filter(is_primary=True)) == [case]
    assert SupportCase.objects.count() == 1
