"""Metric math as the workbook writes it: what is asked for, and what is refused before AWS would refuse it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iem_portal.aws.expressions import MOST_INPUTS, ExpressionError, is_expression, parse
from iem_portal.aws.specs import STAT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "asked", "inputs"),
    [
        ("Errors / Requests * 100", "m1 / m2 * 100", [("Errors", ""), ("Requests", "")]),
        ("Latency:p99 - Latency:p50", "m1 - m2", [("Latency", "p99"), ("Latency", "p50")]),
        ('"% Idle Time" * 2', "m1 * 2", [("% Idle Time", "")]),
        ("5xxErrorRate * 100", "m1 * 100", [("5xxErrorRate", "")]),
        ("FILL(Errors, 0) / Requests", "FILL(m1, 0) / m2", [("Errors", ""), ("Requests", "")]),
        ("Errors / (Errors + Good)", "m1 / (m1 + m2)", [("Errors", ""), ("Good", "")]),
        ("SUM([A, B]) ^ 2", "SUM([m1, m2]) ^ 2", [("A", ""), ("B", "")]),
        ("FILL(A, REPEAT) + B", "FILL(m1, REPEAT) + m2", [("A", ""), ("B", "")]),
    ],
)
def test_names_become_inputs(text, asked, inputs):
    found = parse(text)
    assert (found.text, list(found.inputs)) == (asked, inputs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SEARCH('{AWS/EC2} CPU', 'Average')", "function"),
        ("LAMBDA(A) * 2", "function"),
        ("A + ", "syntax"),
        ("A + (B", "syntax"),
        ("A.__class__ * 'x'", "syntax"),
        ("(lambda: 1) * A", "syntax"),
        ("2 * 3", "no_metric"),
        ("FILL(A, 0) * 2", "all_filled"),
        ("A * 2" + " " * 2048, "too_long"),
        (" + ".join(f"A{n}" for n in range(MOST_INPUTS + 1)), "too_many_inputs"),
        ("(" * 1000 + "A * 2" + ")" * 1000, "syntax"),
    ],
)
def test_what_cannot_be_asked_is_said(text, code):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == code


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    try:
        assert parse(text).inputs
    except ExpressionError:
        pass


@pytest.mark.parametrize(
    "name", ["CPUUtilization", "HTTPCode_Target_5XX_Count", "Bytes/Second", "p99.latency-ms"]
)
def test_a_plain_name_is_no_expression(name):
    assert not is_expression(name)


@pytest.mark.parametrize(
    "stat", ["p99.9", "tm90", "TM(10%:90%)", "PR(:300)", "WM(150:1000)", "IQM", "p100", "TC(0.005:)"]
)
def test_every_kind_of_statistic_is_known(stat):
    assert STAT.fullmatch(stat)
