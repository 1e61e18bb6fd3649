"""Who has it: said for a while, by whoever was told, and pages go on when the while is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from escalation import actions, engine
from escalation.ladder import policies
from escalation.models import Acknowledgement, Deadline, LadderPolicy, Objective, Page
from iem_portal.notifications.models import Notification
from tests import factories

MIN = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def only_the_first_answer(db):
    Objective.objects.all().delete()


@pytest.fixture
def needs(db):
    """Let the rules ask for more than one acknowledgement: ``needs("all")``."""

    def ask(code, **words):
        terms = [term | {"needs": code} | words for term in policies.shipped()["terms"]]
        body = {"rules": policies.shipped()["rules"], "terms": terms}
        LadderPolicy.objects.create(version=2, body=body, saved_at=factories.NOW, by_name="Test")

    return ask


def acknowledge(escalation, person, now, **words):
    return actions.acknowledge(escalation=escalation, by=person, now=now, **words)


def told(stage):
    return set(Notification.objects.filter(key__contains=f":{stage}:").values_list("user_id", flat=True))


def test_nobody_is_paged_again_before_an_acknowledgement_ends_and_somebody_is_after(running, people, now):
    engine.run_due(now + 15 * MIN)
    said = acknowledge(running, people["tam"], now + 20 * MIN)
    assert said.until == said.holds_until == now + 35 * MIN
    engine.run_due(now + 35 * MIN - timedelta(microseconds=1))
    assert told("again1") == set()
    engine.run_due(now + 35 * MIN)
    assert told("again1") == {people["tam"].pk, people["support_engineer"].pk}
    assert Page.objects.filter(stage="again1").first().paged_at == now + 35 * MIN


def test_wish_28_without_an_update_the_page_comes_back_after_the_minutes_of_the_rule(
    running, people, needs, now
):
    engine.run_due(now + 15 * MIN)
    acknowledge(running, people["tam"], now + 16 * MIN)
    repeat = Deadline.objects.waiting().get(stage="again1")
    assert repeat.due_at == repeat.wake_at == now + 31 * MIN


def test_an_update_to_the_customer_keeps_it_for_as_long_again(running, people, now):
    engine.run_due(now + 15 * MIN)
    acknowledge(running, people["tam"], now + 16 * MIN)
    words = {"text": "We are on it", "audience": "all", "is_update": True}
    actions.add_communication(escalation=running, by=people["tam"], now=now + 30 * MIN, **words)
    engine.run_due(now + 44 * MIN)
    assert told("again1") == set()
    engine.run_due(now + 45 * MIN)
    assert people["tam"].pk in told("again1")


def test_a_breach_is_told_by_mail_alone_while_somebody_has_it_and_a_warning_to_nobody(running, people, now):
    acknowledge(running, people["tam"], now + 2 * MIN)
    engine.run_due(now + 15 * MIN)
    assert told("warn50") == told("warn80") == set()
    assert people["account_manager"].pk in told("breach")
    assert Deadline.objects.waiting().get(stage="again1").due_at == now + 30 * MIN


def test_after_the_last_repeat_an_acknowledgement_still_rings_once_more(running, people, now):
    engine.run_due(now + 90 * MIN)
    assert not Deadline.objects.waiting().exists()
    acknowledge(running, people["tam"], now + 91 * MIN)
    assert engine.next_due_at() == now + 106 * MIN
    engine.run_due(now + 106 * MIN)
    assert people["tam"].pk in told("again5")


def test_when_all_must_acknowledge_one_is_not_enough(escalation_of, people, needs, now):
    needs("all")
    running = escalation_of()
    engine.run_due(now + 15 * MIN)
    asked = ["tam", "support_engineer", "customer_lead", "account_manager"]
    for role in asked[:-1]:
        assert acknowledge(running, people[role], now + 16 * MIN).holds_until is None
    assert acknowledge(running, people[asked[-1]], now + 17 * MIN).holds_until == now + 31 * MIN


def test_when_one_of_each_role_must_a_second_of_a_role_does_not_count_for_another(
    escalation_of, engagement, people, needs, now
):
    needs("roles")
    second = factories.member(engagement, "tam")
    running = escalation_of()
    engine.run_due(now + 15 * MIN)
    for person in (people["tam"], second, people["support_engineer"], people["customer_lead"]):
        assert acknowledge(running, person, now + 16 * MIN).holds_until is None
    assert acknowledge(running, people["account_manager"], now + 16 * MIN).holds_until == now + 31 * MIN


def test_wish_32_whoever_was_paged_may_acknowledge_even_in_a_role_that_only_reads(
    running, people, rival, now
):
    with pytest.raises(PermissionDenied):
        acknowledge(running, people["account_manager"], now + MIN)
    engine.run_due(now + 15 * MIN)
    assert acknowledge(running, people["account_manager"], now + 16 * MIN).role == "account_manager"
    for outsider in (people["viewer"], rival):
        with pytest.raises(PermissionDenied):
            acknowledge(running, outsider, now + 16 * MIN)


def test_wish_29_a_snooze_wants_a_reason_and_an_end_and_keeps_both(escalation_of, people, now):
    running = escalation_of(severity="high")
    until = now + 300 * MIN
    words = {"escalation": running, "by": people["tam"], "now": now + 250 * MIN}
    with pytest.raises(ValidationError) as refused:
        actions.snooze(reason=" ", until=until, **words)
    assert "reason" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        actions.snooze(reason="AWS calls back at six", until=now + 9999 * MIN, **words)
    assert "until" in refused.value.message_dict
    engine.run_due(now + 240 * MIN)
    actions.snooze(reason="AWS calls back at six", until=until, **words)
    assert Acknowledgement.objects.get().note == "AWS calls back at six"
    engine.run_due(until - MIN)
    assert told("again1") == set()
    engine.run_due(until)
    assert people["tam"].pk in told("again1")


def test_wish_36_the_15_minute_class_is_never_snoozed(running, people, now):
    words = {"reason": "at lunch", "until": now + 60 * MIN, "now": now + MIN}
    with pytest.raises(ValidationError, match="15-minute"):
        actions.snooze(escalation=running, by=people["tam"], **words)


def test_taking_it_over_makes_the_owner_and_adds_a_step_to_the_path(running, people, now):
    actions.take(escalation=running, by=people["support_engineer"], now=now + MIN)
    running.refresh_from_db()
    assert running.owner_name == people["support_engineer"].name
    assert running.hops.last().owner_name == people["support_engineer"].name


def test_a_raised_severity_ends_what_was_acknowledged(escalation_of, people, now):
    running = escalation_of(severity="high")
    acknowledge(running, people["tam"], now + MIN)
    words = {"reason": "worse", "by": people["tam"], "now": now + 2 * MIN}
    actions.change_severity(escalation=running, severity="critical", **words)
    assert Acknowledgement.objects.get().end_reason == "severity"


def test_a_raised_severity_tells_of_what_is_broken_already_as_often_as_it_wants(escalation_of, people, now):
    running = escalation_of(severity="normal")
    engine.run_due(now + 721 * MIN)
    words = {"reason": "worse", "by": people["tam"], "now": now + 722 * MIN}
    actions.change_severity(escalation=running, severity="critical", **words)
    [row] = Deadline.objects.waiting()
    assert (row.stage, row.due_at) == ("again1", now + 737 * MIN)


def test_two_who_acknowledge_at_once_are_both_on_record_and_one_version_wins(running, people, now):
    version = running.version
    acknowledge(running, people["tam"], now + MIN, base_version=version)
    with pytest.raises(actions.StaleWrite):
        acknowledge(running, people["support_engineer"], now + MIN, base_version=version)
    acknowledge(running, people["support_engineer"], now + MIN)
    assert Acknowledgement.objects.filter(ended_at=None).count() == 2


def test_a_resolved_one_cannot_be_acknowledged(running, people, now):
    actions.answered(escalation=running, how="case", by=people["tam"], now=now + MIN)
    actions.resolved(escalation=running, resolution="restarted", by=people["tam"], now=now + 2 * MIN)
    with pytest.raises(ValidationError):
        acknowledge(running, people["tam"], now + 3 * MIN)


@pytest.fixture
def escalation_of(open_it, people, now):
    """One whose case was opened at `now`: ``escalation_of(severity="high")``."""

    def opener(**fields):
        escalation = open_it(**fields)
        return actions.case_opened(escalation=escalation, case_id="7741 5120", by=people["tam"], now=now)

    return opener
