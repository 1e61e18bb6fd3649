"""Asking AWS for more of a quota from its row: written down first, sent once, followed to the end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from engagements.models import TimelineEntry
from iem_portal.aws import quotas, sessions
from iem_portal.aws.targets import Target
from tests import factories
from workbook.models import CellChange, QuotaIncrease, Suggestion
from workbook.prefill import asking, consent, following

pytestmark = pytest.mark.once
ACCOUNT, REGION = "111122223333", "ap-northeast-2"
SENT = "RequestServiceQuotaIncrease"
VCPU, SENDING, INTERFACES = (
    ("ec2", "L-1216C47A", "640"),
    ("ses", "L-804C8AE8", "50000"),
    ("vpc", "L-DF5E4CA3", "5000"),
)


@pytest.fixture
def event(book, simulator, settings, tam):
    """The event with its account, requests switched on, and the customer's consent."""
    settings.AWS_WRITES = True
    factories.aws_account(book.engagement)
    consent.record(
        engagement=book.engagement, is_given=True, words="On the call", by=tam, now=simulator.now()
    )
    return book


@pytest.fixture
def quota(event):
    """`quota(VCPU, need="580")`: a row of the sheet that needs more than it has."""

    def make(which=VCPU, need="580", **values):
        service, code, applied = which
        words = {"q_account": ACCOUNT, "q_region": REGION, "q_name": code, "q_adjustable": "yes"}
        words |= {"q_service": service, "q_code": code, "q_applied": applied, "q_need": need}
        return event.add("quotas", **words | values)

    return make


@pytest.fixture
def ask(event, tam, simulator):
    def run(row, desired="696", by=tam):
        return asking.ask(
            engagement=event.engagement,
            section=event.section_of("quotas"),
            row=row,
            desired=desired,
            by=by,
            now=simulator.now(),
        )

    return run


@pytest.fixture
def turn(simulator):
    """One turn of the worker, after moving the simulated clock."""

    def run(*, seconds=0, minutes=0):
        simulator.advance(seconds=seconds, minutes=minutes)
        return following.follow_due(simulator.now() + timedelta(seconds=1), threads=1)

    return run


def state(one):
    one.refresh_from_db()
    return one.state


def says(row):
    fields = ("q_req_id", "q_case_id", "q_status", "q_granted", "q_applied")
    return {f: v for f, v in row.cells.values_list("field", "value") if f in fields}


def test_nothing_is_sent_before_it_is_written_down(quota, ask, simulator):
    made = ask(quota())
    assert (made.state, made.desired, made.applied) == ("recorded", 696, 640)
    assert simulator.calls(operation=SENT) == []


def test_a_request_is_followed_until_it_is_approved(quota, ask, turn, simulator):
    row = quota()
    made = ask(row)
    assert (turn(), state(made)) == (1, "PENDING")
    assert says(row)["q_status"] == "PENDING" and says(row)["q_req_id"] == made.request_id
    assert (turn(minutes=2), state(made)) == (1, "CASE_OPENED")
    assert says(row)["q_case_id"] == made.case_id != ""
    assert (turn(minutes=4), state(made)) == (1, "APPROVED")
    assert (made.granted, made.ended_at is not None, turn(minutes=1)) == (696, True, 0)
    assert says(row)["q_status"] == "APPROVED" and says(row)["q_granted"] == "696"
    assert len(simulator.calls(operation=SENT)) == 1


def test_the_row_is_written_by_the_portal_as_from_aws(quota, ask, turn):
    row = quota()
    ask(row), turn()
    line = CellChange.objects.get(row_id=row.pk, field="q_status", value_to="PENDING")
    assert (line.how, line.by_name, line.by_id) == ("aws", "AWS poller", None)


def test_the_value_read_again_is_suggested_not_written(quota, ask, turn):
    row = quota()
    ask(row), turn(), turn(minutes=6)
    assert says(row)["q_applied"] == "640"
    assert Suggestion.objects.get(row=row, field="q_applied", state="open").value == "696"


def test_a_denied_request_grants_nothing(quota, ask, turn):
    row = quota(INTERFACES, need="9000")
    made = ask(row, desired="10800")
    turn(), turn(minutes=3)
    assert (state(made), made.granted, says(row)["q_status"]) == ("DENIED", None, "DENIED")


def test_a_closed_case_is_no_refusal(quota, ask, turn):
    row = quota(SENDING, need="420000")
    made = ask(row, desired="504000")
    turn(), turn(minutes=5)
    assert (state(made), made.granted) == ("CASE_CLOSED", 504000)
    assert says(row)["q_granted"] == "504000"


def test_two_people_send_once(quota, ask, turn, simulator, event):
    row, other = quota(), factories.member(event.engagement, "sa")
    ask(row)
    with pytest.raises(asking.AlreadyAsked):
        ask(row, by=other)
    turn(), turn()
    assert QuotaIncrease.objects.count() == len(simulator.calls(operation=SENT)) == 1


def test_two_workers_send_once(quota, ask, simulator):
    made = ask(quota())
    now = simulator.now() + timedelta(seconds=1)
    [one] = following._due(now)
    [same] = following._due(now)
    assert following._claim(one, now) is not None
    assert following._claim(same, now) is None
    assert state(made) == "sent"


@pytest.mark.parametrize("fault", [{"cut": True}, {"truncate": 0.4}])
def test_a_lost_answer_is_looked_up_and_never_sent_again(quota, ask, turn, simulator, fault):
    row = quota()
    made = ask(row)
    simulator.fault(fault, operation=SENT)
    turn()
    assert (state(made), made.request_id) == ("unknown", "")
    turn(seconds=30)
    assert state(made) == "PENDING" and says(row)["q_req_id"] == made.request_id
    assert len(simulator.calls(operation=SENT)) == 1


def test_a_timeout_after_aws_took_it_is_looked_up(quota, ask, turn, simulator, monkeypatch):
    made = ask(quota())
    hasty = sessions.WRITE_CONFIG.merge(sessions.Config(read_timeout=0.2))
    monkeypatch.setattr(sessions, "WRITE_CONFIG", hasty)
    simulator.fault({"latency_s": 0.6}, operation=SENT)
    turn()
    assert (state(made), made.error_kind) == ("unknown", "timeout")
    turn(seconds=30)
    assert state(made) == "PENDING"
    assert len(simulator.calls(operation=SENT)) == 1


def test_what_aws_never_got_ends_and_may_be_asked_again(quota, ask, turn, simulator):
    row = quota()
    made = ask(row)
    simulator.fault({"reset": True}, operation=SENT, times=1)
    turn(), turn(seconds=30)
    assert state(made) == "unknown"
    turn(minutes=4)
    assert (state(made), made.ended_at is not None) == ("failed", True)
    assert "q_status" not in says(row)
    assert ask(row).state == "recorded"


def test_a_worker_that_dies_while_sending_does_not_send_again(quota, ask, turn, simulator):
    made = ask(quota())
    now = simulator.now() + timedelta(seconds=1)
    following._claim(following._due(now)[0], now)
    quotas.request_increase(Target(ACCOUNT, REGION), "ec2", "L-1216C47A", 696)
    assert turn() == 0
    turn(minutes=2)
    assert state(made) == "CASE_OPENED"
    assert len(simulator.calls(operation=SENT)) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", "permission"),
        ("SubscriptionRequiredException", "plan"),
        ("ThrottlingException", "throttled"),
    ],
)
def test_a_refusal_ends_it_in_words(quota, ask, turn, simulator, code, kind, as_user, tam, event):
    made = ask(quota())
    simulator.fault({"error": code}, operation=SENT)
    turn()
    assert (state(made), made.error_kind) == ("failed", kind)
    assert TimelineEntry.objects.filter(phrase="workbook.quota_not_sent").exists()
    page = as_user(tam).get(reverse("workbook:increases", args=[event.engagement.reference, "wb08"]))
    assert "Not taken by AWS" in page.content.decode()
    assert len(simulator.calls(operation=SENT)) == 1


def test_a_request_made_in_the_console_meanwhile_is_followed(quota, ask, turn):
    made = ask(quota())
    theirs = quotas.request_increase(Target(ACCOUNT, REGION), "ec2", "L-1216C47A", 696)
    turn(), turn(seconds=30)
    assert (state(made), made.request_id) == ("PENDING", theirs.id)


def test_another_value_asked_in_the_console_ends_ours(quota, ask, turn):
    made = ask(quota())
    quotas.request_increase(Target(ACCOUNT, REGION), "ec2", "L-1216C47A", 900)
    turn(), turn(seconds=30)
    assert state(made) == "failed"


def test_an_error_while_following_changes_nothing(quota, ask, turn, simulator):
    made = ask(quota())
    turn()
    simulator.fault({"error": "ThrottlingException"}, operation="GetRequestedServiceQuotaChange", times=3)
    turn(minutes=1)
    assert (state(made), made.error_kind) == ("PENDING", "throttled")
    turn(minutes=6)
    assert (state(made), made.error_kind) == ("APPROVED", "")


def test_a_request_that_aws_forgot_ends(quota, ask, turn, simulator):
    made = ask(quota())
    turn()
    simulator.fault({"error": "NoSuchResourceException"}, operation="GetRequestedServiceQuotaChange")
    turn(minutes=1)
    assert state(made) == "PENDING"
    turn(minutes=2)
    assert (state(made), made.ended_at is not None) == ("failed", True)


@pytest.mark.parametrize("missing", ["switch", "consent", "peak", "adjustable", "covered"])
def test_what_stands_in_the_way_is_said_and_nothing_written(
    quota, ask, event, settings, tam, simulator, missing
):
    row = quota(
        need={"peak": "", "covered": "100"}.get(missing, "580"),
        q_adjustable="no" if missing == "adjustable" else "yes",
    )
    if missing == "switch":
        settings.AWS_WRITES = False
    if missing == "consent":
        consent.record(engagement=event.engagement, is_given=False, words="", by=tam, now=simulator.now())
    with pytest.raises(asking.CannotAsk):
        ask(row, desired="120" if missing == "covered" else "696")
    assert not QuotaIncrease.objects.exists()


def test_numbers_that_changed_since_they_were_shown_are_not_sent(quota, ask):
    with pytest.raises(asking.CannotAsk):
        ask(quota(need="600"), desired="696")
    assert not QuotaIncrease.objects.exists()


def test_the_customer_cannot_ask_nor_a_manager(quota, ask, event):
    for role in ("customer_lead", "manager"):
        with pytest.raises(PermissionDenied):
            ask(quota(), by=factories.member(event.engagement, role))


def test_the_preview_shows_the_numbers_and_sends_them_back(quota, event, as_user, tam, turn):
    row = quota()
    client, address = (
        as_user(tam),
        reverse("workbook:increase", args=[event.engagement.reference, "wb08", row.pk]),
    )
    page = client.get(address).content.decode()
    assert "Ask AWS for 696" in page and 'name="desired" value="696"' in page
    assert client.post(address, {"desired": "7000"}).status_code == 422
    assert client.post(address, {"desired": "696"}).status_code == 303
    assert client.post(address, {"desired": "696"}).status_code == 409
    assert turn() == 1 and says(row)["q_status"] == "PENDING"


def test_consent_is_on_the_timeline(event):
    assert TimelineEntry.objects.get(phrase="workbook.consent_given").text == "On the call"


def test_consent_that_was_taken_back_before_the_sending_stops_it(quota, ask, turn, simulator, event, tam):
    made = ask(quota())
    consent.record(engagement=event.engagement, is_given=False, words="", by=tam, now=simulator.now())
    turn()
    assert (state(made), made.error_kind) == ("failed", "consent")
    assert simulator.calls(operation=SENT) == []
