"""Both lanes, the management chain, what the customer hears with each step, and the picture of it all."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.duty import Duty
from engagements.models import TimelineEntry
from escalation import actions, faces, lanes, planning
from escalation import clock as pure
from escalation.models import MANAGEMENT, ClockEvent, Communication, Escalation
from iem_portal.registry import rosters

MIN = timedelta(minutes=1)


@pytest.fixture
def act(running, people, now):
    """Call a verb on the running one as the TAM, minutes after `now`: ``act("hand_over", 3, level=2, …)``."""

    def call(verb, minute, /, **fields):
        words = {"escalation": running, "by": people["tam"], "now": now + minute * MIN}
        return getattr(actions, verb)(**(words | fields))

    return call


@pytest.fixture
def roster(engagement, monkeypatch):
    """Three people on duty, each with a role of the roster."""
    names = [
        ("Priya Raman", "cse"),
        ("Lim Sojin", "tech-lead"),
        ("Seo Yuna", "tam"),
        ("Kang Mirae", "concierge"),
    ]
    shifts = [Duty(engagement_id=engagement.pk, name=name, role=role, org="") for name, role in names]

    class Fixed:
        key = "fixed"

        def shifts(self, wanted):
            return shifts

    monkeypatch.setattr(rosters, "all", lambda: [Fixed()])


def draw(escalation, now, audience="staff"):
    found = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    return lanes.picture(found, lanes.read(found, audience=audience, now=now), now=now)


def levels(picture, code="technical"):
    return next(lane.levels for lane in picture.lanes if lane.code == code)


def refused(call, *args, **fields):
    with pytest.raises(ValidationError) as caught:
        call(*args, **fields)
    return list(getattr(caught.value, "error_dict", {"": 1}))


def test_wish_34_it_goes_straight_to_the_service_team_with_a_reason(running, act, now):
    assert refused(act, "hand_over", 3, level=4, owner_name="DMS engineering") == ["note"]
    act("hand_over", 3, level=4, owner_name="DMS engineering", note="the queue is down too")
    picture = draw(running, now + 5 * MIN)
    assert [level.state for level in levels(picture)] == ["done", "done", "left-out", "left-out", "now"]
    assert (picture.steps[-1].kind, picture.next) == ("jump", None)


def test_what_the_customer_hears_with_a_step_is_kept_with_it_and_counts_as_an_update(running, act, now):
    act("hand_over", 3, level=2, owner_name="Priya Raman", told="An engineer has it", channel="phone")
    said = Communication.objects.get()
    assert (said.hop.level, said.is_update, said.audience, said.channel) == (2, True, "all", "phone")
    assert planning.state_of(running.clocks.get(kind="update")).started_at == now + 3 * MIN
    picture = draw(running, now + 4 * MIN)
    assert (picture.steps[-1].told, picture.told_at) == (said, now + 3 * MIN)


def test_a_step_of_which_the_customer_heard_nothing_says_so(running, act, now):
    act("hand_over", 3, level=2, owner_name="Priya Raman")
    picture = draw(running, now + 4 * MIN)
    assert [step.is_told for step in picture.steps] == [False, False, False]
    assert picture.untold == 2
    act("add_communication", 6, text="still looking", audience="all", is_update=True)
    assert draw(running, now + 7 * MIN).untold == 1


def test_a_way_of_telling_that_does_not_exist_is_refused_and_nothing_moves(running, act):
    words = {"level": 2, "owner_name": "Priya", "told": "hello", "channel": "pigeon"}
    assert refused(act, "hand_over", 3, **words) == ["channel"]
    running.refresh_from_db()
    assert (running.level, running.hops.count()) == (1, 2)


def test_the_levels_inside_aws_are_set_by_awss_people_and_their_notes_stay_inside(running, act, people, now):
    customer = {"by": people["customer_lead"]}
    assert refused(act, "hand_over", 2, level=3, owner_name="x", note="y", **customer) == ["level"]
    act("hand_over", 2, level=3, owner_name="Seo Yuna", note="V-1234, sev 2")
    act("hand_over", 3, level=2, owner_name="Priya Raman", note="V-1234 closed")
    notes = [step.hop.note for step in draw(running, now + 4 * MIN, audience="customer").steps]
    assert "V-1234" not in "".join(notes)
    lines = TimelineEntry.objects.filter(phrase__startswith="escalation.handed", audience="all")
    assert [line.phrase for line in lines.order_by("pk")] == [
        "escalation.handed_inside",
        "escalation.handed_over",
    ]
    assert not lines.filter(text__contains="V-1234").exists()
    assert "V-1234 closed" in [step.hop.note for step in draw(running, now + 4 * MIN).steps]


def test_the_reason_for_leaving_a_lane_from_inside_aws_stays_inside(running, act, now):
    act("hand_over", 2, level=3, owner_name="Seo Yuna", note="V-1234, sev 2")
    act("change_lane", 3, lane="customer-service", reason="V-1234 says billing", told="It is about billing")
    seen = draw(running, now + 4 * MIN, audience="customer").steps[-1]
    assert (seen.kind, seen.hop.note, seen.told.text) == ("lane", "", "It is about billing")
    assert not TimelineEntry.objects.filter(text__contains="V-1234").exists()


def test_a_case_of_before_the_declaration_does_not_turn_the_path_round(open_it, people, now):
    one = open_it(detected_at=now - 30 * MIN)
    words = {"case_id": "1", "by": people["tam"], "now": now, "at": now - 20 * MIN, "reason": "by phone"}
    actions.case_opened(escalation=one, **words)
    assert [step.hop.level for step in draw(one, now + MIN).steps] == [0, 1]
    assert sum(step.spent_s for step in draw(one, now + MIN).steps) == 120


def test_time_after_an_end_is_spent_at_no_level(running, act, now):
    act("resolved", 7, resolution="gone")
    running.refresh_from_db()
    act("reopen", 100, reason="back")
    picture = draw(running, now + 101 * MIN)
    assert [step.kind for step in picture.steps] == ["opened", "up", "again"]
    # A minute before the case, seven with it, and one since it broke again.
    assert [step.spent_s for step in picture.steps] == [60, 420, 60]
    assert levels(picture)[1].spent_s == 480


def test_nobody_written_down_means_who_is_on_duty(running, now, roster):
    drawn = levels(draw(running, now + MIN))
    assert (drawn[2].who, drawn[2].is_roster) == (["Priya Raman"], True)
    assert (drawn[1].who, drawn[1].is_roster) == ([running.owner_name], False)
    service = levels(draw(running, now + MIN), "customer-service")
    assert [level.who for level in service] == [["Seo Yuna"], [], ["Kang Mirae"]]


def test_the_next_level_says_when_the_time_is_up_and_what_it_wants_to_know(running, act, now):
    act("ask_for_answer", 4, text="Is an engineer on it?")
    coming = draw(running, now + 5 * MIN).next
    assert (coming.level.level, coming.planned_at) == (2, now + 15 * MIN)
    assert {need.code: need.is_met for need in coming.needs} == {
        "case": True,
        "impact": False,
        "service": False,
        "resources": False,
    }
    assert (coming.missing, coming.asked, coming.asked_at) == (3, 1, now + 4 * MIN)
    act("waiting", 6, code="test", reason="the customer tries it")
    assert draw(running, now + 7 * MIN).next.planned_at is None


def test_asking_stops_no_clock_and_needs_a_case(running, open_it, act, people, now):
    act("ask_for_answer", 4, text="Is an engineer on it?")
    assert not ClockEvent.objects.filter(
        kind="stopped", clock__kind__in=["first_response", "update"]
    ).exists()
    words = {"escalation": open_it(), "text": "?", "by": people["tam"], "now": now}
    assert refused(actions.ask_for_answer, **words) == [""]
    assert refused(act, "ask_for_answer", 5, text=" ") == ["text"]
    assert refused(act, "ask_for_answer", 5, text="x", at=now - 9 * MIN) == ["at"]


def test_the_customers_management_rises_beside_both_lanes(running, act, now):
    before = pure.due_at(planning.state_of(running.clocks.get(kind="level")))
    act("raise_management", 3, level=1, owner_name="Baek Jihun")
    assert refused(act, "raise_management", 4, level=3, owner_name="Han") == ["note"]
    act("raise_management", 5, level=3, owner_name="Han Areum", note="the head is on a plane")
    picture = draw(running, now + 9 * MIN)
    assert [(row.state, row.owner, row.spent_s) for row in picture.chain] == [
        ("done", "Baek Jihun", 120),
        ("left-out", "", None),
        ("now", "Han Areum", 240),
    ]
    assert [step.hop.level for step in picture.steps] == [0, 1]
    assert pure.due_at(planning.state_of(running.clocks.get(kind="level"))) == before


def test_management_steps_back_to_whoever_was_there_with_a_reason(running, act, now):
    act("raise_management", 3, level=1, owner_name="Baek Jihun")
    act("raise_management", 4, level=2, owner_name="Han Areum")
    assert refused(act, "step_back_management", 5, level=1, reason=" ") == ["reason"]
    act("step_back_management", 5, level=1, reason="rollback is decided")
    back = running.hops.filter(lane=MANAGEMENT).last()
    assert (back.owner_name, back.note) == ("Baek Jihun", "rollback is decided")
    act("step_back_management", 6, level=0, reason="service works")
    assert [row.state for row in draw(running, now + 7 * MIN).chain] == ["done", "done", "later"]


@pytest.mark.parametrize(
    ("verb", "fields", "named"),
    [
        ("raise_management", {"level": 0, "owner_name": "A"}, "level"),
        ("raise_management", {"level": 4, "owner_name": "A", "note": "x"}, "level"),
        ("raise_management", {"level": 1, "owner_name": " "}, "owner_name"),
        ("step_back_management", {"level": 0, "reason": "x"}, "level"),
        ("step_back_management", {"level": -1, "reason": "x"}, "level"),
    ],
)
def test_a_step_of_the_chain_that_makes_no_sense_is_named_by_its_field(running, act, verb, fields, named):
    assert refused(act, verb, 3, **fields) == [named]


def test_what_runs_in_the_other_lane_is_drawn_there_on_both_pages(running, act, now):
    part = act("start_lane", 3, severity="normal", reason="the account is blocked")
    assert [lane.parts for lane in draw(running, now + 4 * MIN).lanes] == [[], [part]]
    assert [lane.parts for lane in draw(part, now + 4 * MIN).lanes] == [[running], []]
    assert [link.other for link in lanes.links_of(part)] == [running] == [lanes.links_of(running)[0].other]


def test_the_whole_picture_costs_five_queries_however_long_the_path(
    running, act, now, django_assert_num_queries
):
    for minute in range(2, 8):
        act("hand_over", minute, level=1, owner_name=f"Person {minute}", told="word")
    found = faces.with_clocks(Escalation.objects.filter(pk=running.pk)).get()
    with django_assert_num_queries(5):
        material = lanes.read(found, audience="staff", now=now)
        lanes.picture(found, material, now=now + 9 * MIN)
