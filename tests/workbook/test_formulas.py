"""The worked-out columns of the quota sheet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.formulas import (
    FORMULAS,
    build_for,
    headroom,
    peak_multiple,
    quota_gap,
    quota_request,
    utilisation_left,
    write_share,
)


def row(need, applied="1000", margin="20", usage="100"):
    return {"q_need": need, "q_applied": applied, "q_margin": margin, "q_usage": usage}


@pytest.mark.parametrize(("need", "asked"), [("100", "120"), ("101", "122"), ("0.1", "1"), (None, None)])
def test_the_request_is_the_need_and_its_margin_rounded_up(need, asked):
    assert quota_request(row(need)) == asked


@pytest.mark.parametrize(
    ("need", "gap"), [("800", "OK"), ("834", "TIGHT"), ("1000", "TIGHT"), ("1001", "SHORT"), (None, None)]
)
def test_the_gap_says_whether_the_quota_is_enough(need, gap):
    assert quota_gap(row(need)) == gap


def test_the_bar_is_full_at_a_quarter_above_the_quota():
    assert headroom(row("1250")).peak == "100.00"
    assert headroom(row("500")).peak == "40.00"
    assert headroom(row("5000")).is_beyond


def test_the_bar_says_how_much_is_missing():
    assert headroom(row("1850")).short_of == "850"
    assert headroom(row("800")).percent_left == 20
    assert headroom(row(None)) is None
    assert headroom(row("5", applied="0")) is None


@pytest.mark.parametrize(
    ("normal", "event", "multiple"),
    [("960", "3360", "3.5"), ("3", "10", "3.33"), ("0", "5", None), ("1", "0", "0"), (None, "5", None)],
)
def test_the_multiple_is_event_over_normal_peak(normal, event, multiple):
    assert peak_multiple({"tf_normal_peak": normal, "tf_event_peak": event}) == multiple


@given(
    peak=st.decimals(0, 10**9, places=3),
    low=st.decimals(0, 500, places=1),
    more=st.decimals(0, 500, places=1),
)
def test_a_larger_margin_never_asks_for_less_and_the_peak_always_fits(peak, low, more):
    small = Decimal(build_for({"tf_event_peak": str(peak), "tf_headroom": str(low)}))
    assert peak <= small <= Decimal(build_for({"tf_event_peak": str(peak), "tf_headroom": str(low + more)}))
    assert small == small.to_integral_value()


def test_what_is_not_read_is_written_and_headroom_may_be_below_zero():
    assert write_share({"tf_rw": "88"}) == "12"
    assert utilisation_left({"bn_forecast": "112.5"}) == "-12.5"
    assert utilisation_left({}) is None


NUMBER = st.one_of(st.none(), st.decimals(-(10**15), 10**15, places=9).map(str), st.integers(-(10**9), 10**9))
KEYS = (
    "q_need",
    "q_margin",
    "q_applied",
    "tf_event_peak",
    "tf_normal_peak",
    "tf_headroom",
    "tf_rw",
    "bn_forecast",
)


@given(st.sampled_from(sorted(FORMULAS)), st.fixed_dictionaries(dict.fromkeys(KEYS, NUMBER)))
def test_no_row_of_numbers_breaks_a_formula(name, values):
    result = FORMULAS[name](values)
    assert result is None or isinstance(result, str)
