"""The verdict follows from the numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.scoring import Verdict, bar, verdict

D = Decimal
numbers = st.decimals(min_value=0, max_value=10**9, places=4)


def test_nothing_is_claimed_without_a_measurement():
    assert bar(D(1), None) is None


@given(numbers, numbers)
def test_the_longer_of_bar_and_tick_is_the_greater_value(target, actual):
    drawn = bar(target, actual)
    assert 0 <= drawn.actual_percent <= 100
    assert 0 <= drawn.target_percent <= 100
    if actual > target:
        assert drawn.actual_percent >= drawn.target_percent


@pytest.mark.parametrize(
    ("results", "has_breach", "expected"),
    [
        ([(True, True), (True, False)], False, Verdict.SUCCESS),
        ([(True, True), (True, False)], True, Verdict.SUCCESS_WITH_ISSUES),
        ([(True, True), (False, False)], False, Verdict.SUCCESS_WITH_ISSUES),
        ([(False, True), (True, False)], False, Verdict.PARTIAL),
        ([(False, True), (False, False)], False, Verdict.FAILED),
        ([(True, True), (None, False)], False, None),
        ([], False, None),
    ],
)
def test_the_verdict(results, has_breach, expected):
    assert verdict(results, has_breach=has_breach) is expected
