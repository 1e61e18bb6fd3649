"""Who is told is a function of rules, members and roster; how long somebody has it, of who said so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.ladder import casting, checking, policies, rules
from escalation.ladder.casting import Cast, Person
from escalation.ladder.rules import AGAIN, BREACH, WARN_50, Answerer

T = datetime(2026, 11, 28, 16, 15, tzinfo=UTC)
MIN = timedelta(minutes=1)
SHIPPED = rules.policy_of(policies.shipped())
SEVERITIES = ["critical", "urgent", "high", "normal", "low"]
KINDS = ["first_response", "update", "level", "restore"]
STAGES = ["warn50", "warn80", "breach", "again1", "again2", "again3", "again4"]
AWS_ROLES = ["tam", "support_engineer", "concierge", "account_manager", "sa"]
clocks = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(STAGES),
        "kind": st.sampled_from(KINDS),
        "severity": st.sampled_from(SEVERITIES),
        "lane": st.sampled_from(["technical", "customer-service"]),
    }
)


@st.composite
def casts(draw):
    roles = draw(st.lists(st.sampled_from([*AWS_ROLES, "customer_lead", "customer_contributor"]), max_size=8))
    people = tuple(
        Person(number, f"P{number}", f"P{number}@example.com", role, role in AWS_ROLES)
        for number, role in enumerate(roles, start=1)
    )
    addresses = [f"p{number}@example.com" for number in range(1, 12)]
    on_duty = draw(st.frozensets(st.sampled_from(addresses), max_size=4))
    deputies = draw(st.dictionaries(st.sampled_from(addresses), st.sampled_from(addresses), max_size=3))
    return Cast(members=people, on_duty=on_duty, deputies=deputies)


@given(casts(), clocks, st.sampled_from(["", "P1", "p2"]))
def test_only_members_are_told_each_once_and_the_same_question_has_the_same_answer(cast, clock, owner):
    people, _hooks = casting.told(SHIPPED, cast, owner_name=owner, **clock)
    ids = [one.person.user_id for one in people]
    assert len(ids) == len(set(ids))
    assert {one.person for one in people} <= set(cast.members)
    assert all(one.deputy is None or one.deputy in cast.members for one in people)
    assert casting.told(SHIPPED, cast, owner_name=owner, **clock)[0] == people


@given(casts(), clocks)
def test_what_happens_inside_aws_is_told_to_awss_people_only_whatever_the_rules_say(cast, clock):
    everyone = rules.Rule(
        rules.split(clock["stage"])[0], rules.Scope(), ("duty", "deputy", "role:customer_lead", "role:tam")
    )
    people, _hooks = casting.told(rules.Policy((everyone,), ()), cast, is_internal=True, **clock)
    assert all(one.person.is_aws and (one.deputy is None or one.deputy.is_aws) for one in people)


@given(casts(), st.sampled_from(KINDS), st.sampled_from(SEVERITIES))
def test_a_breach_that_the_rules_tell_nobody_goes_to_the_tam(cast, kind, severity):
    people, _hooks = casting.told(
        rules.Policy((), ()), cast, stage=BREACH, kind=kind, severity=severity, lane="technical"
    )
    assert {one.person.role for one in people} == {one.role for one in cast.members if one.role == "tam"}


def test_somebody_named_by_two_rules_hears_once_by_the_louder_way():
    cast = Cast(members=(Person(1, "A", "a@example.com", "tam", True),), on_duty=frozenset({"a@example.com"}))
    policy = rules.Policy(
        (
            rules.Rule(BREACH, rules.Scope(), ("role:tam",), rules.MAIL),
            rules.Rule(BREACH, rules.Scope(), ("duty",), rules.EVERY),
        ),
        (),
    )
    people, _hooks = casting.told(policy, cast, stage=BREACH, severity="high", lane="technical")
    assert [(one.rule, one.way) for one in people] == [("role:tam", rules.EVERY)]


def test_wish_18_a_breach_that_nobody_takes_reaches_the_manager_by_the_third_reminder():
    manager = Person(9, "M", "m@example.com", "manager", True)
    cast = Cast(members=(Person(1, "A", "a@example.com", "tam", True),), managers=(manager,))
    where = {"kind": "first_response", "severity": "critical", "lane": "technical"}
    told = [
        {one.person for one in casting.told(SHIPPED, cast, stage=f"again{number}", **where)[0]}
        for number in (1, 2, 3)
    ]
    assert [manager in people for people in told] == [False, False, True]


def test_a_repeat_follows_each_n_minutes_and_the_last_one_ends_it():
    ladder = {"terms": [{"severities": ["critical"], "again_min": 15, "again_times": 2}]}
    where = {"kind": "first_response", "severity": "critical", "lane": "technical"}
    first = rules.next_again(ladder, stage=BREACH, due_at=T, **where)
    second = rules.next_again(ladder, stage="again1", due_at=first[1], **where)
    assert [first, second] == [("again1", T + 15 * MIN), ("again2", T + 30 * MIN)]
    assert rules.next_again(ladder, stage="again2", due_at=second[1], **where) is None
    assert rules.next_again(ladder, stage=WARN_50, due_at=T, **where) is None
    assert rules.next_again({}, stage=BREACH, due_at=T, **where) is None


@given(
    st.sampled_from(rules.NEEDS),
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["tam", "sa"])), max_size=6),
    st.lists(st.tuples(st.integers(1, 4), st.integers(-30, 60)), max_size=6),
    st.integers(0, 60),
)
def test_somebody_has_it_exactly_as_long_as_enough_acknowledgements_last(needs, told, acks, later):
    roles = {1: "tam", 2: "tam", 3: "sa", 4: "sa"}
    told = [Answerer(user, roles[user]) for user, _role in told]
    acks = [Answerer(user, roles[user], T + minutes * MIN) for user, minutes in acks]

    def enough(at):
        alive = [ack for ack in acks if ack.until > at]
        if needs == rules.ANY:
            return bool(alive)
        key = "role" if needs == rules.ROLES else "user_id"
        wanted = {getattr(one, key) for one in told}
        return bool(alive) and wanted <= {getattr(ack, key) for ack in alive}

    until = rules.held_until(needs, told, acks, T)
    assert (until is not None) == enough(T)
    if until is not None:
        at = T + later * MIN
        assert enough(at) == (at < until)


def test_wish_38_quiet_hours_end_at_a_time_of_the_day_in_the_receivers_zone():
    night = "22:00-07:00"
    seoul = ZoneInfo("Asia/Seoul")
    assert rules.quiet_until(night, datetime(2026, 11, 28, 23, 30, tzinfo=seoul)) == datetime(
        2026, 11, 29, 7, tzinfo=seoul
    )
    assert rules.quiet_until(night, datetime(2026, 11, 29, 6, 59, tzinfo=seoul)) == datetime(
        2026, 11, 29, 7, tzinfo=seoul
    )
    assert rules.quiet_until(night, datetime(2026, 11, 29, 7, tzinfo=seoul)) is None
    assert rules.quiet_until("", datetime(2026, 11, 29, 3, tzinfo=seoul)) is None


@given(
    st.sampled_from(["22:00-07:00", "12:00-13:00", "00:00-23:59"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
)
def test_quiet_always_ends_and_within_a_day(text, naive, zone):
    local = naive.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    end = rules.quiet_until(text, local)
    if end is not None:
        assert local.astimezone(UTC) < end.astimezone(UTC) <= local.astimezone(UTC) + timedelta(hours=25)
        assert rules.quiet_until(text, end.astimezone(UTC).astimezone(ZoneInfo(zone))) is None


def test_wish_36_no_quiet_can_be_stored_for_the_15_minute_class():
    term = {"again_min": 0, "again_times": 0, "ack_min": 30, "needs": "any", "quiet": "22:00-07:00"}
    for severities in ([], ["critical", "low"]):
        with pytest.raises(ValueError, match="quiet"):
            checking.check({"rules": [], "terms": [term | {"severities": severities}]})
    checking.check({"rules": [], "terms": [term | {"severities": ["low"]}]})
    assert rules.is_loud_class("critical", 30)
    assert rules.is_loud_class("urgent", 15)
    assert not rules.is_loud_class("urgent", 60)


def test_the_shipped_rules_are_ones_that_can_be_stored():
    checking.check(policies.shipped())


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rules": [{"stage": "soon", "who": ["duty"]}], "terms": []},
        {"rules": [{"stage": AGAIN, "who": []}], "terms": []},
        {"rules": [{"stage": AGAIN, "who": ["duty"], "since": 0}], "terms": []},
        {"rules": [], "terms": [{"again_min": 10**9}]},
        {"rules": [], "terms": [{"ack_min": True}]},
        {"rules": [], "terms": [{"severities": ["low"], "quiet": "25:00-07:00"}]},
    ],
)
def test_a_policy_that_the_ladder_cannot_follow_is_refused(body):
    with pytest.raises(ValueError):
        checking.check(body)
