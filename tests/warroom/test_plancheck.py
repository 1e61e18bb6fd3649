"""What is wrong with a plan: rings, unknown codes, no way back; and how people write what a step waits for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom import library
from warroom.links import BadLink, Link, parse, parse_list
from warroom.plancheck import Header, StepPlan, faults

pytestmark = pytest.mark.once
CUTOVER = Header("cutover", point_of_no_return="G3", rollback_min=50)


def keys(steps, header=CUTOVER):
    return {(fault.code, fault.key) for fault in faults(steps, header) if fault.is_error}


GATE = StepPlan("G3", is_gate=True, gate_key="G3", owner="Kim")


@given(
    st.from_regex(r"[A-Z][A-Z0-9]{0,5}-[0-9]{1,2}", fullmatch=True),
    st.sampled_from(["FS", "SS"]),
    st.integers(-999, 999),
)
def test_a_link_is_read_back_as_it_was_written(code, kind, lag):
    assert parse(str(Link(code, kind, lag))) == Link(code, kind, lag)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("db-03", Link("DB-03")),
        ("DB-03 +10", Link("DB-03", "FS", 10)),
        ("DB-03 ss - 5", Link("DB-03", "SS", -5)),
    ],
)
def test_a_link_may_be_written_as_people_do(text, link):
    assert parse(text) == link


@pytest.mark.parametrize("text", ["", "DB 03", "DB-03 XX", "DB-03 FS+999999", "-", "DB-03 +"])
def test_what_names_no_step_is_refused(text):
    with pytest.raises(BadLink):
        parse(text)


def test_a_cell_holds_several_links_each_once():
    assert parse_list("a-1, B-2 SS;a-1\nC-3+5") == ["A-1", "B-2 SS", "C-3 +5"]


def test_only_the_steps_of_a_ring_are_named_not_those_behind_it():
    steps = [
        StepPlan("A", predecessors=("B",)),
        StepPlan("B", predecessors=("A",)),
        StepPlan("C", predecessors=("A",)),
        GATE,
    ]
    assert keys(steps) == {("A", "ring"), ("B", "ring")}


def test_a_step_waits_neither_for_itself_nor_for_nobody():
    steps = [StepPlan("A", predecessors=("A", "X", "?!")), GATE]
    assert keys(steps) == {("A", "waits_for_itself"), ("A", "unknown_predecessor"), ("A", "bad_link")}


def test_what_cannot_be_taken_back_waits_for_the_point_of_no_return():
    early, late = StepPlan("A", reversible="no"), StepPlan("B", predecessors=("C",), reversible="no")
    between = StepPlan("C", predecessors=("G3 +5",))
    assert keys([early, GATE, between, late]) == {("A", "too_early")}


def test_what_can_be_taken_back_says_how():
    assert keys([StepPlan("A", reversible="with_loss"), GATE]) == {("A", "no_undo")}
    assert not keys([StepPlan("A", reversible="yes", undo="RB-01"), GATE])


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (Header("cutover", "", 50), "no_return_unsaid"),
        (Header("cutover", "G9", 50), "no_return_unknown"),
        (Header("cutover", "G3", None), "no_rollback"),
        (Header("cutover", "G3", 0), "rollback_takes_no_time"),
        (Header("cutover", "G3", 50, has_commander=False), "no_commander"),
    ],
)
def test_a_cutover_has_a_commander_a_point_of_no_return_and_a_way_back(header, key):
    assert keys([GATE], header) == {("", key)}


def test_no_point_of_no_return_is_a_word_of_its_own():
    event = Header("event-day", "none")
    assert not keys([StepPlan("A")], event)
    assert keys([StepPlan("A", reversible="no")], event) == {("", "no_return_none")}


def test_codes_downtime_streams_and_eyes_are_looked_at():
    header = Header("event-day", "none", streams=frozenset({"db"}))
    steps = [
        StepPlan("A", "db", downtime="starts"),
        StepPlan("A", "db", downtime="starts"),
        StepPlan("B C", "xx"),
        StepPlan("D", "db", owner="Kim", checker="Kim", is_four_eyes=True),
    ]
    assert keys(steps, header) == {
        ("A", "code_twice"), ("A", "downtime_twice"), ("A", "downtime_never_ends"), ("B C", "bad_code"),
        ("B C", "unknown_stream"), ("D", "same_eyes"),
    }  # fmt: skip


@pytest.mark.parametrize("key", library.template_keys())
def test_a_shipped_template_can_be_approved_as_it_is(key):
    plan = library.template(key)
    steps = [
        StepPlan(
            code=row["code"],
            stream=row["stream"],
            predecessors=tuple(row["predecessors"]),
            is_gate=row["kind"] == "gate",
            gate_key=row.get("gate_key", ""),
            reversible=row["reversible"],
            undo=str(row.get("undo", "")),
            downtime=row["downtime"],
            is_four_eyes=row.get("is_four_eyes", False),
        )
        for row in plan["steps"]
    ]
    header = Header(
        plan["kind"],
        plan.get("point_of_no_return", ""),
        50 if plan.get("rollback") else None,
        streams=frozenset(stream["key"] for stream in plan["streams"]),
    )
    assert not keys(steps, header)
