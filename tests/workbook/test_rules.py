"""The small language that says when a field has to be filled."""

import pytest

from workbook.rules import fields, holds

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("rule", "values", "outcome"),
    [
        ({"field": "a", "in": ["x"]}, {"a": "x"}, True),
        ({"field": "a", "in": ["x"]}, {}, False),
        ({"field": "a", "in": [False]}, {"a": False}, True),
        ({"field": "a", "in": ["x"]}, {"a": ["y", "x"]}, True),
        ({"field": "a", "starts": "AWS/"}, {"a": "AWS/EC2"}, True),
        ({"field": "a", "starts": "AWS/"}, {"a": None}, False),
        ({"field": "a", "filled": True}, {"a": "0"}, True),
        ({"field": "a", "filled": False}, {}, True),
        ({"field": "a", "at_least": 80}, {"a": "79.9"}, False),
        ({"field": "a", "at_least": 80}, {"a": "80"}, True),
        ({"field": "a", "at_least": 80}, {"a": "many"}, False),
        ({"field": "a", "at_least": 80}, {}, False),
        ({"any": [{"field": "a", "in": ["x"]}, {"field": "b", "filled": True}]}, {"b": 1}, True),
        ({"all": [{"field": "a", "in": ["x"]}, {"field": "b", "filled": True}]}, {"b": 1}, False),
    ],
)
def test_a_rule_looks_at_the_row(rule, values, outcome):
    assert holds(rule, values) is outcome


def test_a_rule_names_every_field_it_looks_at():
    inner = {"all": [{"field": "b", "filled": True}, {"field": "c", "in": [1]}]}
    assert fields({"any": [{"field": "a", "in": ["x"]}, inner]}) == {"a", "b", "c"}
