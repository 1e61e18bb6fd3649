"""Differences of two contents of a workbook, without a database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.scorecard.diff import CELL, ROW_ADDED, ROW_DELETED, SECTION, apply, diff, values_of

pytestmark = pytest.mark.once

cells = st.dictionaries(
    st.sampled_from(["q_name", "q_need", "q_gap"]),
    st.tuples(
        st.sampled_from([None, "a", "b", 3, ["x"]]), st.integers(1, 9), st.just("Kim"), st.just("")
    ).map(list),
)
keys = st.tuples(
    st.sampled_from(["wb01", "wb08"]), st.sampled_from(["a", "b"]), st.sampled_from(["1", "2", "form"])
)
contents = st.dictionaries(keys, cells, max_size=8).map(
    lambda rows: {
        "edition": 1,
        "sections": [{"key": "wb01", "version": 1}],
        "rows": [
            {"section": section, "table": table, "row": row, "cells": found}
            for (section, table, row), found in rows.items()
        ],
    }
)  # fmt: skip


@given(contents)
@settings(max_examples=60)
def test_nothing_differs_from_itself(content):
    assert diff(content, content) == []


@given(contents, contents)
@settings(max_examples=150)
def test_the_changes_lead_from_one_to_the_other(before, after):
    changes = diff(before, after)
    assert values_of(apply(before, changes)) == values_of(after)
    assert diff(apply(before, changes), after) == []


@given(contents, contents)
@settings(max_examples=80)
def test_there_and_back_touches_the_same_cells(before, after):
    def touched(changes):
        return {(change.key, change.field) for change in changes if change.kind == CELL}

    assert touched(diff(before, after)) == touched(diff(after, before))


def test_a_change_says_who_and_rows_say_they_came_and_went():
    def content(version, **rows):
        return {
            "edition": 1,
            "sections": [{"key": "wb08", "version": version}],
            "rows": [
                {
                    "section": "wb08",
                    "table": "quotas",
                    "row": row[1:],
                    "cells": {"q_need": [value, 2, "Kim", "2026"]},
                }
                for row, value in rows.items()
            ],
        }

    changes = diff(content(1, r1="5", r2="6"), content(2, r1="7", r3="8"))
    assert [change.kind for change in changes] == [SECTION, CELL, ROW_ADDED, CELL, ROW_DELETED, CELL]
    assert (changes[0].before, changes[0].after) == (1, 2)
    assert (changes[1].by, changes[1].before[0], changes[1].after[0]) == ("Kim", "5", "7")
