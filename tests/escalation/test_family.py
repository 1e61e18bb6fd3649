"""Linked, split, merged and reopened: who belongs together, and what becomes of their clocks."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from engagements.models import TimelineEntry
from escalation import actions, engine, faces, planning
from escalation import clock as pure
from escalation.models import ClockEvent, Deadline, Escalation, EscalationLink, Page
from escalation.models.path import Reopening
from iem_portal.notifications.models import Notification
from tests import factories

MIN = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def two(running, open_it):
    """One with a case, opened at `now`, and another without."""
    return running, open_it(title="Enrolment fails", severity="urgent")


@pytest.fixture
def act(people, now):
    """Call a verb as the TAM: ``act("merge", escalation, at=3, into=2)``, `at` in minutes after `now`."""

    def call(verb, escalation, at=5, **fields):
        words = {"reason": "as seen on the bridge", "by": people["tam"], "now": now + at * MIN}
        return getattr(actions, verb)(escalation=escalation, **(words | fields))

    return call


def state(escalation, kind):
    return planning.state_of(escalation.clocks.get(kind=kind))


def stored(escalation):
    return Escalation.objects.get(pk=escalation.pk)


def said(escalation):
    lines = TimelineEntry.objects.filter(subject_type="escalation", subject_id=escalation.pk)
    return list(lines.order_by("pk").values_list("phrase", "text"))


def refused(call, *args, **fields):
    with pytest.raises(ValidationError) as caught:
        call(*args, **fields)
    return list(getattr(caught.value, "error_dict", {"": 1}))


def test_a_link_names_both_and_why_and_is_ended_not_deleted(two, act):
    one, other = two
    made = act("link", one, other=other.number)
    assert (made.escalation, made.other, made.kind) == (one, other, "related")
    assert refused(act, "link", other, other=one.number) == ["other"]
    act("unlink", other, link_id=made.pk, reason="another database")
    made.refresh_from_db()
    assert (made.reason, made.end_reason) == ("as seen on the bridge", "another database")
    assert act("link", other, other=one.number).pk != made.pk


@pytest.mark.parametrize("number", [0, -1, 99, 2**40, "2", None])
def test_a_number_that_is_not_here_is_refused_beside_its_field(running, act, number):
    assert refused(act, "link", running, other=number) == ["other"]
    assert refused(act, "merge", running, into=number) == ["into"]


def test_nothing_joins_what_belongs_to_two_customers(running, people, now, act):
    stranger = factories.engagement(now=now)
    theirs = [
        actions.open_escalation(
            engagement=stranger,
            title=f"Trouble {index}",
            symptom="",
            severity="high",
            lane="technical",
            detected_at=now,
            by=people["tam"],
            now=now,
        )
        for index in range(2)
    ]
    number = theirs[1].number
    assert number != running.number
    assert refused(act, "link", running, other=number) == ["other"]
    assert refused(act, "merge", running, into=number) == ["into"]
    assert not EscalationLink.objects.exists()


def test_nothing_is_joined_with_itself(running, act):
    assert refused(act, "link", running, other=running.number) == ["other"]
    assert refused(act, "merge", running, into=running.number) == ["into"]


def test_a_duplicate_ends_with_its_clocks_and_keeps_its_breach(two, act, now):
    one, other = two
    engine.run_due(now + 15 * MIN)
    done = act("merge", one, at=16, into=other.number)
    assert (done.merged_into, done.resolved_at, done.restored_at) == (other, now + 16 * MIN, None)
    assert not Deadline.objects.waiting().filter(clock__escalation=one).exists()
    assert ClockEvent.objects.filter(clock__escalation=one, kind="breached").exists()
    assert state(other, "update").status == pure.RUNNING
    assert ("escalation.merged", "as seen on the bridge") in said(one)


def test_a_duplicate_that_waited_for_the_customer_waits_no_more(two, act):
    one, other = two
    act("waiting", one, code="test", at=1)
    assert act("merge", one, into=other.number).waiting_since is None


def test_a_chain_of_duplicates_points_to_what_is_open(two, act, open_it):
    one, other = two
    third = open_it(title="The same again")
    act("merge", one, into=other.number)
    assert refused(act, "merge", third, into=one.number) == ["into"]
    act("merge", third, into=other.number)
    assert refused(act, "merge", stored(one), into=other.number) == [""]
    assert stored(other).duplicates.count() == 2


def test_two_who_merge_crosswise_leave_one_open(two, act):
    one, other = two
    act("merge", one, into=other.number)
    assert refused(act, "merge", other, into=one.number) == ["into"]
    assert stored(other).is_open


def test_a_wrong_merge_is_taken_back_and_both_stay_on_record(two, act, now):
    one, other = two
    act("merge", one, at=4, into=other.number)
    again = act("reopen", stored(one), at=6, reason="another table")
    assert (again.merged_into, again.resolved_at, again.resolution) == (None, None, "")
    kept = Reopening.objects.get(escalation=one)
    assert (kept.merged_into, kept.resolution, kept.reason) == (
        other,
        "as seen on the bridge",
        "another table",
    )
    ended = EscalationLink.objects.get()
    assert (ended.kind, ended.end_reason, ended.ended_at) == ("duplicate", "another table", now + 6 * MIN)
    # AWS still owes the answer to the case, counted from its creation as before.
    assert pure.due_at(state(one, "first_response")) == now + 15 * MIN
    engine.run_due(now + 15 * MIN)
    assert state(one, "first_response").breached_at == now + 15 * MIN


def test_reopening_goes_on_with_the_same_escalation_and_keeps_its_end(running, act, people, now):
    act("answered", running, at=3, how="case")
    actions.resolved(escalation=running, resolution="restarted", by=people["tam"], now=now + 7 * MIN)
    again = act("reopen", stored(running), at=60, reason="lag grows again")
    assert (again.is_open, again.answered_at, again.reopened_at) == (True, now + 3 * MIN, now + 60 * MIN)
    kept = Reopening.objects.get()
    assert (kept.resolution, kept.resolved_at, kept.restored_at) == (
        "restarted",
        now + 7 * MIN,
        now + 7 * MIN,
    )
    assert state(running, "restore").status == pure.RUNNING
    assert state(running, "first_response").is_over
    assert running.hops.last().note == "lag grows again"


@pytest.mark.parametrize(
    ("at", "fields", "named"),
    [
        (60, {"reason": " "}, "reason"),
        (60, {"ago": 61}, "at"),
        (60, {"ago": -1}, "at"),
        (14 * 24 * 60 + 8, {}, ""),
    ],
)
def test_a_reopening_that_makes_no_sense_is_named_by_its_field(running, act, people, now, at, fields, named):
    actions.resolved(escalation=running, resolution="gone", by=people["tam"], now=now + 7 * MIN)
    fields = {"at" if key == "ago" else key: value for key, value in fields.items()}
    when = {"now": now + at * MIN}
    if "at" in fields:
        fields["at"] = now + (at - fields["at"]) * MIN
    words = {"escalation": running, "reason": "again", "by": people["tam"]} | when | fields
    assert refused(actions.reopen, **words) == [named]


def test_after_fourteen_days_a_follow_up_inherits_and_is_linked(running, act, people, now):
    Escalation.objects.filter(pk=running.pk).update(service="AWS DMS", impact="nobody can enrol")
    actions.resolved(escalation=running, resolution="gone", by=people["tam"], now=now + 7 * MIN)
    later = now + 20 * DAY
    again = act("follow_up", running, now=later, reason="the lag is back")
    assert (again.severity, again.lane, again.service) == ("critical", "technical", "AWS DMS")
    assert (again.detected_at, again.case_id, again.impact) == (later, "", "nobody can enrol")
    assert again.links.get().other == running
    assert not stored(running).is_open


def test_a_part_has_the_facts_and_clocks_of_its_own(running, act, now):
    Escalation.objects.filter(pk=running.pk).update(service="AWS DMS", tried="restarted the task")
    part = act("split", running, title="Payments fail too", severity="urgent")
    assert (part.detected_at, part.service, part.tried) == (
        running.detected_at,
        "AWS DMS",
        "restarted the task",
    )
    assert (part.case_id, part.severity, part.level) == ("", "urgent", 0)
    assert part.links.get().other == running
    assert pure.due_at(state(part, "update")) == now + 65 * MIN
    assert pure.due_at(state(running, "update")) == now + 29 * MIN


def test_the_other_lane_is_started_beside_this_one_and_only_once(running, act, people):
    part = act("start_lane", running, severity="normal", reason="the account is blocked")
    assert (part.lane, part.level, stored(running).lane) == ("customer-service", 0, "technical")
    assert refused(act, "start_lane", running) == [""]
    actions.resolved(escalation=part, resolution="unblocked", by=people["tam"], now=part.declared_at + MIN)
    assert act("start_lane", running, at=9).number == part.number + 1


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("link", {"other": 2}),
        ("merge", {"into": 2}),
        ("split", {"title": "x"}),
    ],
)
def test_who_read_an_older_version_is_told_instead_of_overwriting(two, act, verb, fields):
    one, _other = two
    version = stored(one).version
    act("link", one, other=_other.number)
    with pytest.raises(actions.StaleWrite):
        act(verb, one, base_version=version, **fields)


def test_merging_and_reopening_are_for_those_who_handle_escalations(two, act, people):
    one, other = two
    with pytest.raises(PermissionDenied):
        act("merge", one, into=other.number, by=people["customer_lead"])
    act("merge", one, into=other.number)
    with pytest.raises(PermissionDenied):
        act("reopen", stored(one), by=people["customer_lead"])


def test_a_reopened_one_shows_no_more_time_than_it_was_open(running, act, people, now):
    actions.resolved(escalation=running, resolution="gone", by=people["tam"], now=now + 7 * MIN)
    act("reopen", stored(running), at=100)
    found = faces.with_clocks(Escalation.objects.filter(pk=running.pk)).get()
    assert faces.clock_face(found, "restore", now + 101 * MIN).used_s == 11 * 60


def test_wish_31_who_was_paged_for_a_duplicate_hears_when_the_other_one_is_over(two, act, people, now):
    one, other = two
    engine.run_due(now + 15 * MIN)
    act("merge", one, at=16, into=other.number)
    Page.objects.filter(escalation=other).delete()
    paged = set(Page.objects.filter(escalation=one, user_id__isnull=False).values_list("user_id", flat=True))
    assert paged
    before = set(Notification.objects.values_list("pk", flat=True))
    actions.resolved(escalation=other, resolution="restarted", by=people["tam"], now=now + 30 * MIN)
    told = Notification.objects.exclude(pk__in=before)
    assert set(told.values_list("user_id", flat=True)) == paged


def test_an_answer_that_came_before_the_end_can_still_be_noted_after_a_reopening(running, act, people, now):
    actions.resolved(escalation=running, resolution="gone", by=people["tam"], now=now + 7 * MIN)
    act("reopen", stored(running), at=60)
    words = {"how": "call", "by": people["tam"], "at": now + 5 * MIN, "now": now + 61 * MIN}
    done = actions.answered(escalation=running, **words)
    assert (done.escalation.answered_at, done.is_late) == (now + 5 * MIN, False)
    assert state(running, "first_response").is_over


def test_a_broken_restoration_is_told_again_after_a_reopening(open_it, act, people, now):
    one = open_it(restore_target_min=10)
    engine.run_due(now + 7 * MIN)
    actions.resolved(escalation=one, resolution="gone", by=people["tam"], now=now + 8 * MIN)
    act("reopen", stored(one), at=60)
    assert state(one, "restore").breached_at == now + 7 * MIN
    waiting = Deadline.objects.waiting().filter(clock__escalation=one, clock__kind="restore")
    assert [(row.stage, row.due_at) for row in waiting] == [("again1", now + 75 * MIN)]


def test_an_unmerged_breach_is_not_told_twice_and_goes_on_being_told(two, act, people, now):
    one, other = two
    engine.run_due(now + 15 * MIN)
    act("merge", one, at=16, into=other.number)
    act("reopen", stored(one), at=20)
    breaches = ClockEvent.objects.filter(clock__escalation=one, clock__kind="first_response", kind="breached")
    assert [event.at for event in breaches] == [now + 15 * MIN]
    waiting = Deadline.objects.waiting().filter(clock__escalation=one, clock__kind="first_response")
    assert [(row.stage, row.due_at) for row in waiting] == [("again1", now + 35 * MIN)]


def test_a_restoration_whose_breach_was_undone_can_break_again_after_a_reopening(open_it, act, people, now):
    one = open_it(restore_target_min=10)
    engine.run_due(now + 7 * MIN)
    words = {"reason": "Seen in the logs", "by": people["tam"]}
    actions.restored(escalation=one, at=now + 5 * MIN, now=now + 8 * MIN, **words)
    actions.resolved(escalation=one, resolution="gone", by=people["tam"], now=now + 9 * MIN)
    act("reopen", stored(one), at=60)
    assert state(one, "restore").breached_at is None
    engine.run_due(now + 62 * MIN)
    assert state(one, "restore").breached_at == now + 62 * MIN
    kept = ClockEvent.objects.filter(clock__escalation=one, clock__kind="restore", kind="breached")
    assert [event.at for event in kept] == [now + 7 * MIN, now + 62 * MIN]


def test_an_answer_of_before_a_wrong_merge_stops_the_clock_where_it_came(two, act, people, now):
    one, other = two
    act("merge", one, at=5, into=other.number)
    act("reopen", stored(one), at=8)
    words = {"how": "call", "at": now + 4 * MIN, "by": people["tam"], "now": now + 9 * MIN}
    actions.answered(escalation=stored(one), **words)
    found = state(one, "first_response")
    assert (found.stopped_at, found.is_over, found.breached_at) == (now + 4 * MIN, True, None)
    engine.run_due(now + 60 * MIN)
    assert state(one, "first_response").breached_at is None


def test_an_end_of_before_a_clock_began_ends_it_too(running, people, now):
    words = {"resolution": "gone", "by": people["tam"], "at": now - 2 * MIN, "now": now + 9 * MIN}
    actions.resolved(escalation=running, **words)
    assert all(planning.state_of(clock).is_over for clock in running.clocks.all())
