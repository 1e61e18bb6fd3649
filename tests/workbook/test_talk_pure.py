"""Mentions in a text and the steps of a section: pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.talk import mentions, steps

pytestmark = pytest.mark.once
PEOPLE = {1: "Ann", 2: "Ann Lee", 3: "백지훈", 4: "Seo Yuna"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("@Ann Lee, please", [2, ", please"]),
        ("Ask @Ann, then @Seo Yuna", ["Ask ", 1, ", then ", 4]),
        ("@seo yuna!", [4, "!"]),
        ("@백지훈님 확인 부탁드립니다", [3, "님 확인 부탁드립니다"]),
        ("@Annabel is somebody else", ["@Annabel is somebody else"]),
        ("mail me@Ann.example", ["mail me@Ann.example"]),
        ("@@Ann", ["@", 1]),
        ("@Nobody", ["@Nobody"]),
        ("", []),
    ],
)
def test_a_name_after_at_is_a_person(text, parts):
    assert mentions.split(text, PEOPLE) == parts


@given(st.lists(st.one_of(st.text(max_size=8), st.sampled_from([f"@{name}" for name in PEOPLE.values()]))))
def test_a_text_reads_as_it_was_typed_but_for_the_case_of_names(pieces):
    text = "".join(pieces)
    body = mentions.split(text, PEOPLE)
    assert mentions.text_of(body, PEOPLE).casefold() == text.casefold()
    assert set(mentions.people_of(body)) <= set(PEOPLE)
    assert mentions.split(mentions.text_of(body, PEOPLE), PEOPLE) == body


def test_somebody_unknown_is_not_named():
    assert mentions.text_of(["Ask ", 9], PEOPLE) == "Ask @?"


@pytest.mark.parametrize(
    ("state", "is_changed", "fillers", "reviewers"),
    [
        ("draft", False, ["submit"], []),
        ("submitted", False, ["withdraw"], ["review", "accept", "return"]),
        ("reviewed", False, [], ["accept", "return"]),
        ("reviewed", True, ["submit"], ["accept", "return"]),
        ("accepted", False, [], ["return"]),
        ("accepted", True, ["submit"], ["accept", "return"]),
        ("returned", False, ["submit"], []),
    ],
)
def test_only_steps_that_make_sense_are_offered(state, is_changed, fillers, reviewers):
    def offered(is_reviewer):
        return [s.key for s in steps.possible(state, is_changed=is_changed, is_reviewer=is_reviewer)]

    assert (offered(False), offered(True)) == (fillers, reviewers)


def test_every_state_is_reached_and_left():
    assert {step.to for step in steps.STEPS.values()} == {
        "submitted",
        "draft",
        "reviewed",
        "accepted",
        "returned",
    }
    left = {state for step in steps.STEPS.values() for state in step.of}
    assert left == {step.to for step in steps.STEPS.values()}
