"""What facts do to the four clocks: cycles, waits, levels, reopening, duplicates, a second case."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from escalation import actions, engine, faces, planning, timing
from escalation import clock as pure
from escalation.clock import BREACH
from escalation.ladder import rules
from escalation.models import Clock, ClockEvent, Deadline, Escalation, Objective, WorkingHours
from tests.escalation.bulk import make_running

MIN = timedelta(minutes=1)
CODES = {"code": "test", "reason": "the customer tries it"}


def state(escalation, kind):
    return planning.state_of(escalation.clocks.get(kind=kind))


def due(escalation, kind):
    return pure.due_at(state(escalation, kind))


def faces_of(escalation, now):
    found = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    return {one.kind: one for one in faces.clock_faces(found, now)}


def tell(escalation, people, now, **fields):
    words = {"text": "back in part", "audience": "all", "is_update": True, "by": people["tam"], "now": now}
    return actions.add_communication(escalation=escalation, **(words | fields))


def test_each_clock_starts_at_its_own_fact(running, now):
    assert {kind: one.started_at - now for kind, one in faces_of(running, now).items()} == {
        "first_response": 0 * MIN,
        "update": -1 * MIN,
        "level": 0 * MIN,
        "restore": -3 * MIN,
    }


def test_the_first_answer_starts_the_updates_anew_and_later_ones_follow_the_updates(running, people, now):
    actions.answered(escalation=running, how="call", by=people["tam"], now=now + 10 * MIN)
    assert due(running, "update") == now + 40 * MIN
    tell(running, people, now + 20 * MIN)
    assert due(running, "update") == now + 50 * MIN


def test_an_update_noted_later_undoes_a_breach_with_a_reason_only_and_both_stay(running, people, now):
    engine.run_due(now + 29 * MIN)
    with pytest.raises(ValidationError) as caught:
        tell(running, people, now + 40 * MIN, at=now + 25 * MIN)
    assert "reason" in caught.value.message_dict
    tell(running, people, now + 40 * MIN, at=now + 25 * MIN, reason="said on the bridge")
    events = planning.events_of(clock_at(running, "update", 0))
    assert pure.verdict(pure.fold(events, pure.Calendar())) == pure.MET
    assert ClockEvent.objects.filter(clock__kind="update", kind="breached").count() == 1
    assert due(running, "update") == now + 55 * MIN


def clock_at(escalation, kind, cycle):
    clock = escalation.clocks.get(kind=kind)
    clock.cycle = cycle
    return clock


def test_an_update_for_awss_people_only_is_none(running, people, now):
    with pytest.raises(ValidationError) as caught:
        tell(running, people, now, audience="aws")
    assert "is_update" in caught.value.message_dict


def test_without_an_objective_no_update_is_owed_until_the_severity_rises(open_it, people, now):
    one = open_it(severity="low")
    assert not one.clocks.filter(kind="update").exists()
    words = {"escalation": one, "severity": "urgent", "reason": "worse", "by": people["tam"]}
    actions.change_severity(now=now + 600 * MIN, **words)
    assert due(one, "update") == now + 660 * MIN


def test_the_preview_shows_every_running_clock(running, people, now):
    actions.change_severity(
        escalation=running, severity="high", reason="smaller", by=people["tam"], now=now + MIN
    )
    running.refresh_from_db()
    preview = actions.preview_severity(escalation=running, severity="critical", now=now + 40 * MIN)
    changes = {
        one.kind: (one.old_due_at - now, one.due_at - now, one.is_breach_at_once) for one in preview.clocks
    }
    assert changes == {
        "first_response": (240 * MIN, 15 * MIN, True),
        "update": (239 * MIN, 29 * MIN, True),
        "level": (120 * MIN, 15 * MIN, True),
    }
    assert preview.needs_new_case
    breaches = ClockEvent.objects.filter(kind="breached")
    assert not breaches.exists()
    actions.change_severity(
        escalation=running, severity="critical", reason="worse", by=people["tam"], now=now + 40 * MIN
    )
    assert set(breaches.values_list("clock__kind", flat=True)) == set(changes)
    assert {kind: due(running, kind) - now for kind in changes} == {
        kind: change[1] for kind, change in changes.items()
    }


def test_the_last_level_of_a_lane_has_no_deadline(running, people, now):
    words = {"escalation": running, "by": people["tam"]}
    actions.hand_over(level=4, owner_name="DMS", note="at once", now=now + MIN, **words)
    shown = faces_of(running, now + 9 * MIN)["level"]
    assert (shown.state, shown.used_s, shown.due_at) == ("free", 480, None)
    actions.change_lane(lane="customer-service", reason="billing", now=now + 10 * MIN, **words)
    assert faces_of(running, now + 11 * MIN)["level"].used_s == 60


def test_a_wait_holds_only_the_clocks_whose_objective_says_so(open_it, people, now):
    Objective.objects.filter(kind="update").update(is_held_while_waiting=False)
    one = open_it(restore_target_min=600)
    actions.case_opened(escalation=one, case_id="1", by=people["tam"], now=now)
    actions.waiting(escalation=one, by=people["tam"], now=now + MIN, **CODES)
    states = {kind: shown.state for kind, shown in faces_of(one, now + 2 * MIN).items()}
    assert states == {
        "first_response": "running",
        "update": "running",
        "level": "paused",
        "restore": "running",
    }


def test_a_new_cycle_within_a_wait_stands_still_from_its_start(running, people, now):
    actions.waiting(escalation=running, by=people["tam"], now=now + MIN, **CODES)
    tell(running, people, now + 5 * MIN)
    assert faces_of(running, now + 90 * MIN)["update"].used_s == 0
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 91 * MIN)
    assert due(running, "update") == now + 121 * MIN
    engine.run_due(now + 121 * MIN)
    assert state(running, "update").breached_at == now + 121 * MIN


def test_the_end_of_a_wait_can_be_moved_and_the_old_one_stays_on_record(running, people, now):
    words = {"escalation": running, "by": people["tam"]} | CODES
    actions.waiting(until=now + 10 * MIN, now=now + MIN, **words)
    actions.waiting(until=now + 30 * MIN, now=now + 2 * MIN, **words)
    engine.run_due(now + 10 * MIN)
    running.refresh_from_db()
    assert running.waiting_until == now + 30 * MIN
    engine.run_due(now + 30 * MIN)
    running.refresh_from_db()
    assert running.waiting_since is None
    ends = Deadline.objects.filter(stage__startswith="resume").values_list("stage", "cancel_reason")
    assert set(ends) == {("resume", "lifted"), ("resume2", "")}


def test_a_verb_that_comes_before_the_engine_lifts_the_wait_at_its_end(running, people, now):
    actions.waiting(escalation=running, until=now + 10 * MIN, by=people["tam"], now=now + MIN, **CODES)
    actions.change_severity(
        escalation=running, severity="urgent", reason="smaller", by=people["tam"], now=now + 50 * MIN
    )
    assert ClockEvent.objects.get(clock__kind="level", kind="resumed").at == now + 10 * MIN
    assert due(running, "level") == now + 69 * MIN
    assert not Deadline.objects.waiting().filter(stage="resume").exists()


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"code": "mood"}, "code"), ({"reason": " "}, "reason"), ({"until": 0}, "until"), ({"at": 2}, "at")],
)
def test_a_wait_that_makes_no_sense_is_named_by_its_field(running, people, now, fields, named):
    fields = {key: now + value * MIN if key in ("until", "at") else value for key, value in fields.items()}
    with pytest.raises(ValidationError) as caught:
        actions.waiting(**({"escalation": running, "by": people["tam"], "now": now} | CODES | fields))
    assert list(caught.value.message_dict) == [named]


def test_resolving_ends_the_wait_and_every_clock(running, people, now):
    actions.waiting(escalation=running, until=now + 99 * MIN, by=people["tam"], now=now + MIN, **CODES)
    done = actions.resolved(escalation=running, resolution="gone", by=people["tam"], now=now + 5 * MIN)
    assert (done.waiting_since, Deadline.objects.waiting().count()) == (None, 0)
    assert all(one.is_over for one in faces_of(running, now).values())


def test_resolving_with_an_earlier_time_undoes_the_breach_that_came_after(running, people, now):
    engine.run_due(now + 29 * MIN)
    words = {"escalation": running, "resolution": "gone", "by": people["tam"]}
    actions.resolved(at=now + 20 * MIN, now=now + 40 * MIN, **words)
    assert faces_of(running, now + 50 * MIN)["update"].state == "met"
    assert ClockEvent.objects.filter(clock__kind="update", kind="breached").exists()


def test_reopening_goes_on_with_the_restoration_and_starts_the_others_but_not_awss(open_it, people, now):
    one = open_it(restore_target_min=60)
    actions.case_opened(escalation=one, case_id="1", by=people["tam"], now=now)
    actions.resolved(escalation=one, resolution="restarted", by=people["tam"], now=now + 7 * MIN)
    one.refresh_from_db()
    one.resolved_at = one.restored_at = None
    one.save(update_fields=["resolved_at", "restored_at"])
    with transaction.atomic():
        timing.reopened(one, at=now + 100 * MIN, by=people["tam"], now=now + 100 * MIN)
    shown = faces_of(one, now + 101 * MIN)
    # Ten of sixty minutes were used when it was restored.
    assert (shown["restore"].due_at, shown["restore"].used_s) == (now + 150 * MIN, 660)
    assert (shown["update"].used_s, shown["level"].used_s) == (60, 60)
    assert shown["first_response"].is_over
    engine.run_due(now + 150 * MIN)
    assert state(one, "restore").breached_at == now + 150 * MIN


def test_a_new_case_after_an_answered_one_is_owed_its_own_answer(running, people, now):
    words = {"escalation": running, "by": people["tam"]}
    with pytest.raises(ValidationError):
        actions.case_opened(case_id="2", is_new=True, reason="higher", now=now + MIN, **words)
    actions.answered(how="case", now=now + 9 * MIN, **words)
    again = actions.case_opened(case_id="2", is_new=True, reason="higher", now=now + 30 * MIN, **words)
    assert (again.case_id, again.answered_at) == ("2", None)
    assert due(running, "first_response") == now + 45 * MIN
    assert actions.answered(how="case", now=now + 46 * MIN, **words).is_late


def test_a_duplicates_clocks_end_and_a_breach_on_record_stays(running, people, now):
    engine.run_due(now + 15 * MIN)
    with transaction.atomic():
        timing.merged(running, by=people["tam"], now=now + 16 * MIN)
    assert engine.run_due(now + timedelta(days=9)) == 0
    shown = faces_of(running, now + 20 * MIN)
    assert (shown["first_response"].state, shown["update"].state) == ("missed", "cancelled")


def test_the_restoration_of_before_a_breach_wants_a_reason(open_it, people, now):
    one = open_it(restore_target_min=10)
    engine.run_due(now + 7 * MIN)
    words = {"escalation": one, "by": people["tam"], "at": now + 2 * MIN, "now": now + 20 * MIN}
    with pytest.raises(ValidationError) as caught:
        actions.restored(**words)
    assert "reason" in caught.value.message_dict
    actions.restored(reason="seen in the metrics", **words)
    assert faces_of(one, now + 30 * MIN)["restore"].state == "met"


def test_an_objective_of_the_customer_that_makes_no_sense_is_refused(open_it):
    with pytest.raises(ValidationError) as caught:
        open_it(restore_target_min=0)
    assert list(caught.value.message_dict) == ["restore_target_min"]


def test_hours_of_a_country_that_make_no_sense_are_refused(db):
    with pytest.raises(ValidationError) as caught:
        WorkingHours(country="KR", segments="18:00-08:00").full_clean()
    assert list(caught.value.message_dict) == ["segments"]


def every_five_minutes(ladder, *, kind, severity, lane, stage, due_at):
    count = 0 if stage == BREACH else int(stage.removeprefix("again"))
    return (f"again{count + 1}", due_at + 5 * MIN) if count < 3 else None


def test_repeats_follow_a_breach_one_by_one_and_a_wait_moves_them(running, people, now, monkeypatch):
    monkeypatch.setattr(rules, "next_again", every_five_minutes)
    engine.run_due(now + 15 * MIN)
    repeats = Deadline.objects.filter(clock__kind="level", stage__startswith="again")
    assert [(row.stage, row.due_at - now) for row in repeats] == [("again1", 20 * MIN)]
    actions.waiting(escalation=running, by=people["tam"], now=now + 18 * MIN, **CODES)
    engine.run_due(now + 30 * MIN)
    assert repeats.get().cancel_reason == "paused"
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 48 * MIN)
    engine.run_due(now + 99 * MIN)
    assert [row.due_at - now for row in repeats.order_by("due_at")] == [50 * MIN, 55 * MIN, 60 * MIN]
    assert repeats.filter(fired_at=None).count() == 0


@pytest.mark.parametrize("ticks", [[], [3, 4, 16, 16], [7.5, 10, 29, 30.5, 61, 119], list(range(1, 120, 7))])
def test_any_set_of_ticks_records_the_same(running, people, now, ticks, monkeypatch):
    monkeypatch.setattr(rules, "next_again", every_five_minutes)
    actions.waiting(escalation=running, until=now + 25 * MIN, by=people["tam"], now=now + 2 * MIN, **CODES)
    for tick in ticks:
        engine.run_due(now + tick * MIN)
    engine.run_due(now + 120 * MIN)
    recorded = ClockEvent.objects.filter(kind__in=["warned", "breached", "repeated", "resumed"])
    seen = {(row.clock.kind, row.stage, (row.at - now) / MIN) for row in recorded.select_related("clock")}
    assert recorded.count() == len(seen)
    breaches = {(kind, at) for kind, stage, at in seen if stage == BREACH}
    assert breaches == {("first_response", 15), ("level", 38), ("update", 52)}
    assert {at for kind, stage, at in seen if stage.startswith("again")} >= {20, 25, 30, 43, 48, 53}


def test_four_clocks_of_many_are_read_in_three_queries(engagement, now, django_assert_num_queries):
    make_running(engagement, 20, due_at=now)
    for kind in ("update", "level", "restore"):
        Clock.objects.bulk_create(Clock(escalation=one, kind=kind) for one in Escalation.objects.all())
    with django_assert_num_queries(3):
        found = list(faces.with_clocks(Escalation.objects.all()))
        assert all(len(faces.clock_faces(one, now)) == 4 for one in found)
