"""A breach is told once whatever is corrected, reopening tells, bad rows stand aside, and quiet goes by the promise."""

import logging
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.models import TimelineEntry
from escalation import actions, engine, faces, planning
from escalation.ladder import editing, panel, words
from escalation.models import Clock, Deadline, Escalation, Page
from escalation.watching.audit import wrongs
from iem_portal.notifications import relay
from iem_portal.notifications.models import Notification

MIN = timedelta(minutes=1)
OPENED_LATE = "escalation.case_corrected_unmissed"


def told(escalation, stage="breach"):
    return Page.objects.filter(escalation=escalation, kind="first_response", stage=stage)


def correct(escalation, people, at, now, case_id="7741 5120"):
    """The case was opened at another time than the one on record."""
    words = {"reason": "Misread", "by": people["tam"], "now": now}
    return actions.case_opened(escalation=escalation, case_id=case_id, at=at, **words)


def face(escalation, now):
    return faces.face(faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get(), now)


def phrases(escalation):
    found = TimelineEntry.objects.filter(subject_id=escalation.pk, phrase__startswith="escalation.")
    return list(found.order_by("pk").values_list("phrase", flat=True))


def test_a_corrected_time_that_stays_broken_tells_nobody_again(running, people, now):
    engine.run_due(now + 16 * MIN)
    before = Notification.objects.count()
    correct(running, people, now - 2 * MIN, now + 17 * MIN)
    assert Notification.objects.count() == before
    assert face(running, now + 17 * MIN).breached_at == now + 13 * MIN
    assert phrases(running).count("escalation.breached") == 1
    assert phrases(running)[-1] == "escalation.case_corrected_missed"
    assert {page.fact.split(":")[2] for page in told(running)} == {"c0"}


def test_reminders_go_on_where_they_were_after_such_a_correction(running, people, now):
    engine.run_due(now + 31 * MIN)  # told again at 30
    correct(running, people, now - 2 * MIN, now + 32 * MIN)
    waiting = Deadline.objects.waiting().filter(clock__kind="first_response")
    assert [(row.stage, row.due_at) for row in waiting] == [("again2", now + 45 * MIN)]
    before = told(running, "again1").count()
    engine.run_due(now + 46 * MIN)
    assert told(running, "again1").count() == before
    assert told(running, "again2").exists()


def test_after_the_last_reminder_a_correction_leaves_nothing_asleep(running, people, now):
    engine.run_due(now + 99 * MIN)
    correct(running, people, now - 2 * MIN, now + 100 * MIN)
    assert not [one for one in wrongs(now + 100 * MIN) if one.kind == "asleep"]


def test_a_correction_that_undoes_the_breach_says_that_it_was_told(running, people, now):
    engine.run_due(now + 16 * MIN)
    correct(running, people, now + 10 * MIN, now + 17 * MIN)
    assert face(running, now + 17 * MIN).breached_at is None
    assert phrases(running)[-1] == OPENED_LATE
    params = TimelineEntry.objects.get(phrase=OPENED_LATE).params
    assert params["breach"]["at"] == (now + 15 * MIN).isoformat()
    assert params["due"]["at"] == (now + 25 * MIN).isoformat()
    turns = panel.turns_of(running, sees_all=True)
    assert [turn.is_corrected for turn in turns if turn.label == "First answer: Deadline missed"] == [True]
    # Broken after all, at the right time: that is another fact, and told once.
    engine.run_due(now + 26 * MIN)
    assert {page.fact.split(":")[2] for page in told(running)} == {"c0", "c1"}


def test_a_breach_that_only_the_corrected_time_shows_is_told(running, people, now):
    correct(running, people, now - 20 * MIN, now + MIN)
    assert told(running).exists()
    assert phrases(running)[-1] == "escalation.case_corrected"


def test_reopening_tells_those_who_hear_of_an_opening_and_those_who_heard_the_end(
    running, people, now, engagement
):
    engine.run_due(now + 16 * MIN)
    actions.resolved(escalation=running, resolution="Fixed", by=people["tam"], now=now + 20 * MIN)
    words = {"reason": "It stalled again", "by": people["tam"]}
    actions.reopen(escalation=running, now=now + 30 * MIN, **words)
    pages = Page.objects.filter(escalation=running, stage="reopened")
    heard = set(pages.values_list("role", flat=True))
    # The account manager heard only of the breach, and of the end.
    assert heard == {"tam", "support_engineer", "customer_lead", "account_manager"}
    message = Notification.objects.filter(template="escalation/mail/reopened").first()
    assert message.params["reason"] == "It stalled again"
    actions.resolved(escalation=running, resolution="Fixed", by=people["tam"], now=now + 40 * MIN)
    actions.reopen(escalation=running, now=now + 50 * MIN, **words)
    assert pages.count() == 8


@pytest.mark.once
def test_a_reopening_is_worded_in_both_languages(running, people, now, mailoutbox):
    actions.resolved(escalation=running, resolution="Fixed", by=people["tam"], now=now)
    actions.reopen(escalation=running, reason="It stalled again", by=people["tam"], now=now + MIN)
    relay.run_once(clock=lambda: now + MIN)
    mail = next(one for one in mailoutbox if "open again" in one.subject)
    assert "It stalled again" in mail.body and running.reference in mail.subject


@pytest.mark.parametrize("verb", [actions.restored, actions.resolved])
def test_no_end_lies_before_the_last_reopening(verb, running, people, now):
    by = {"by": people["tam"]}
    actions.resolved(escalation=running, resolution="Fixed", now=now, **by)
    actions.reopen(escalation=running, reason="Again", now=now + 10 * MIN, **by)
    more = {"resolution": "Fixed"} if verb is actions.resolved else {}
    with pytest.raises(ValidationError) as refused:
        verb(escalation=running, at=now + 5 * MIN, now=now + 20 * MIN, **more, **by)
    assert "at" in refused.value.message_dict
    verb(escalation=running, at=now + 10 * MIN, now=now + 20 * MIN, **more, **by)


@pytest.mark.once
def test_one_bad_row_stands_aside_and_the_others_and_the_verb_go_on(
    running, people, now, monkeypatch, caplog
):
    first = running.clocks.get(kind="first_response")
    poisoned = first.deadlines.get(stage="warn80")
    of_due = words.of_due

    def trip(due):
        if due.pk == poisoned.pk:
            raise ValueError("poison")
        return of_due(due)

    monkeypatch.setattr(words, "of_due", trip)
    with caplog.at_level(logging.CRITICAL, logger="escalation.planning"):
        done = actions.answered(escalation=running, how="call", by=people["tam"], now=now + 16 * MIN)
    assert done.is_late
    poisoned.refresh_from_db()
    assert (poisoned.fired_at, poisoned.cancelled_at, poisoned.wake_at) == (None, None, now + 17 * MIN)
    monkeypatch.undo()
    assert [one.kind for one in wrongs(now + 16 * MIN) if one.kind == "overdue"] == ["overdue"]
    engine.run_due(now + 17 * MIN)
    assert planning.state_of(Clock.objects.get(pk=first.pk)).fired["warn80"] == now + 12 * MIN


@pytest.mark.once
def test_a_bad_row_of_a_cycle_is_recorded_though_others_have_followed(
    running, people, now, monkeypatch, caplog
):
    update = running.clocks.get(kind="update")
    poisoned = update.deadlines.waiting().get(stage="breach")
    of_due = words.of_due

    def trip(due):
        if due.pk == poisoned.pk:
            raise ValueError("poison")
        return of_due(due)

    monkeypatch.setattr(words, "of_due", trip)
    with caplog.at_level(logging.CRITICAL, logger="escalation.planning"):
        for late in (1, 2):
            at = poisoned.due_at + late * MIN
            said = {"text": "We look", "audience": "all", "is_update": True}
            actions.add_communication(escalation=running, by=people["tam"], now=at, **said)
    poisoned.refresh_from_db()
    assert (poisoned.fired_at, poisoned.cancelled_at) == (None, None)
    monkeypatch.undo()
    engine.run_due(at + MIN)
    assert update.events.get(kind="breached", cycle=poisoned.cycle).at == poisoned.due_at
    assert Clock.objects.get(pk=update.pk).cycle == poisoned.cycle + 2


def test_a_breach_that_stood_aside_reminds_nobody_of_an_answered_clock(
    running, people, now, monkeypatch, caplog
):
    first = running.clocks.get(kind="first_response")
    poisoned = first.deadlines.get(stage="breach")

    def trip(due):
        raise ValueError("poison")

    monkeypatch.setattr(words, "of_due", trip)
    with caplog.at_level(logging.CRITICAL, logger="escalation.planning"):
        actions.answered(escalation=running, how="call", by=people["tam"], now=now + 16 * MIN)
    monkeypatch.undo()
    engine.run_due(now + 18 * MIN)
    poisoned.refresh_from_db()
    assert poisoned.fired_at == now + 18 * MIN
    assert not first.deadlines.filter(stage__startswith="again").exists()


@pytest.mark.once
def test_whatever_promises_an_answer_in_fifteen_minutes_is_never_quiet(engagement, people, open_it, now):
    editing.mute(
        engagement=engagement, starts_at=now - 5 * MIN, ends_at=now + 300 * MIN, reason="Rehearsal",
        by=people["tam"], now=now - 5 * MIN,
    )  # fmt: skip
    quiet = open_it(severity="urgent")
    assert set(quiet.pages.values_list("held_until", flat=True)) == {now + 300 * MIN}
    quiet.policy["targets"]["urgent"]["minutes"] = 15
    quiet.save()
    actions.case_opened(escalation=quiet, case_id="1", by=people["tam"], now=now)
    engine.run_due(now + 16 * MIN)
    assert set(told(quiet).values_list("held_until", flat=True)) == {None}
    actions.resolved(escalation=quiet, resolution="Fixed", by=people["tam"], now=now + 17 * MIN)
    assert set(quiet.pages.filter(stage="over").values_list("held_until", flat=True)) == {None}


@pytest.mark.once
def test_only_a_message_that_reached_nobody_silences_the_heartbeat(db, now):
    engine.beat(instance="test", now=now, cycle_ms=3)
    relay.beat(instance="test", now=now)
    fields = {
        "template": "x", "about": "escalation:1", "created_at": now, "next_try_at": now, "user_id": 4,
        "channel": "email", "address": "a@example.com",
    }  # fmt: skip
    dead = Notification.objects.create(key="a", dead_at=now, fell_to="b", **fields)
    assert wrongs(now) == []  # the next way took over, and is judged by itself
    Notification.objects.filter(pk=dead.pk).update(fell_to="")
    assert [one.kind for one in wrongs(now)] == ["undelivered"]
    beside = Notification.objects.create(key="c", sent_at=now, **fields)
    assert wrongs(now) == []  # the same person heard the same by another way
    Notification.objects.filter(pk=beside.pk).update(user_id=5)
    assert [one.kind for one in wrongs(now)] == ["undelivered"]


@pytest.mark.once
def test_a_lane_is_started_from_the_page_by_either_side(as_user, open_it, people, engagement):
    began = timezone.now() - MIN  # the page reads the real clock
    found = open_it(severity="high", detected_at=began, now=began)
    base = f"/e/{engagement.reference}/escalations/{found.number}/"
    client = as_user(people["customer_lead"])
    page = client.get(f"{base}?act=start_lane").content.decode()
    assert "Start this lane" in page and 'id="act-start_lane" open' in page
    data = {
        "base_version": found.version,
        "title": "Billing",
        "severity": "high",
        "reason": "Blocked account",
    }
    posted = client.post(f"{base}start-lane/", {f"start_lane-{key}": value for key, value in data.items()})
    part = engagement.escalations.exclude(pk=found.pk).get()
    assert posted.url.endswith(f"/escalations/{part.number}/")
    assert part.lane == "customer-service"
    data["base_version"] += 1
    again = client.post(f"{base}start-lane/", {f"start_lane-{key}": value for key, value in data.items()})
    assert again.status_code == 422 and "in that lane already" in again.content.decode()


def test_old_steps_inside_aws_are_hidden_from_customers_and_can_be_shown_again(escalation, engagement, now):
    hidden = import_module("escalation.migrations.0010_case_files")

    def entry(level):
        fields = {"phrase": "escalation.handed_over", "at": now, "recorded_at": now, "actor_name": "x"}
        params = {"level": {"en": level, "ko": "-"}, "owner": "Kim"}
        return TimelineEntry.objects.create(
            engagement=engagement, audience="all", params=params, kind="human", **fields
        )

    made = [entry("Internal ticket"), entry("Case"), entry("Service team")]
    kept = [one.params for one in made]

    def audiences():
        found = TimelineEntry.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
        return list(found.values_list("audience", flat=True))

    hidden.hide(apps, None)
    assert audiences() == ["aws", "all", "aws"]
    hidden.show(apps, None)
    assert audiences() == ["all", "all", "all"]
    for one, params in zip(made, kept, strict=True):
        one.refresh_from_db()
        assert one.params == params
