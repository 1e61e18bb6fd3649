"""The worked-out columns of the quota sheet."""

import pytest

from workbook.formulas import headroom, quota_gap, quota_request


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
