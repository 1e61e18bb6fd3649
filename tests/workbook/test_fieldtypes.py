"""What people type becomes one stored value, and an unfit one is refused in words."""

from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from workbook import catalogue, types
from workbook.types import InvalidValue, Setting

SEOUL = Setting(zone=ZoneInfo("Asia/Seoul"))


def field(key):
    for section in catalogue.newest().values():
        if section.field(key):
            return section.field(key)
    raise LookupError(key)


@pytest.mark.parametrize(
    ("key", "typed", "stored", "shown"),
    [
        ("q_need", "38,400", "38400", "38,400"),
        ("q_need", "１２３", "123", "123"),
        ("q_need", "0.50", "0.5", "0.5"),
        ("q_margin", "20%", "20", "20%"),
        ("ev_loss_per_hour", "86,000,000 krw", "86000000 KRW", "86,000,000 KRW"),
        ("q_adjustable", "예", True, "Yes"),
        ("win_freeze_scope", "infra, code", ["code", "infra"], "Code, Infrastructure"),
        ("win_kind", "Change freeze", "freeze", "Change freeze"),
        ("q_account", "1111-2222-3333", "111122223333", "111122223333"),
        ("q_region", "GLOBAL", "global", "global"),
        ("mt_dims", "A=1; B=x/y=z", [["A", "1"], ["B", "x/y=z"]], "A=1, B=x/y=z"),
        ("mt_stat", "p99.9", "p99.9", "p99.9"),
        ("mt_period", "300", 300, "300"),
        ("win_peak", "2026-11-28T23:00", "2026-11-28T14:00Z", "Sat 28 Nov 23:00 KST"),
        ("win_peak", "2026. 11. 28 23:00", "2026-11-28T14:00Z", "Sat 28 Nov 23:00 KST"),
        ("ev_last_wafr", "2026년 5월 19일", "2026-05-19", "Tue 19 May"),
        ("ev_prev_ref", "IEM-2540", "IEM-2540", "IEM-2540"),
    ],
)
def test_a_typed_text_is_read_and_shown(key, typed, stored, shown):
    spec = field(key)
    assert types.clean(spec, typed, SEOUL) == stored
    assert types.show(spec, stored, SEOUL) == shown
    assert types.clean(spec, types.edit(spec, stored, SEOUL), SEOUL) == stored


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("q_need", "40 or so"), ("q_need", "1e9"), ("q_need", "-1"), ("q_margin", "many"),
        ("ev_loss_per_hour", "86000000"), ("q_adjustable", "perhaps"), ("win_kind", "party"),
        ("q_account", "12345"), ("q_region", "seoul"), ("mt_region", "global"), ("mt_dims", "LoadBalancer"),
        ("mt_dims", "A=1, A=2"), ("mt_stat", "median"), ("mt_period", "45"), ("win_peak", "tomorrow"),
        ("win_peak", "2026-02-30 10:00"), ("win_tz", "KST"), ("ep_url", "javascript:alert(1)"), ("ep_url", "ftp://x"),
        ("q_code", "L 1216"), ("ev_last_wafr", "2026-11-28 soon"), ("mt_title", "x" * 61), ("q_case_id", "12"),
        ("win_conflict", "nul\x00"), ("win_conflict", "half \ud83d"), ("win_peak", "0500-01-01 10:00"),
        ("win_peak", "9999-12-31 23:59"), ("win_peak", "0001-01-01 00:00"), ("ev_last_wafr", "0001-01-01"),
        ("win_conflict", {"a": 1}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words(key, typed):
    with pytest.raises(InvalidValue, match=r"\w+ \w+"):
        types.clean(field(key), typed, SEOUL)


def test_choices_are_read_and_shown_in_both_languages():
    with translation.override("ko"):
        assert types.clean(field("win_kind"), "변경 동결", SEOUL) == "freeze"
        assert types.show(field("win_kind"), "freeze", SEOUL) == "변경 동결"


def test_nothing_and_blanks_are_nothing():
    assert [types.clean(field("q_need"), raw, SEOUL) for raw in (None, "", "  ", [])] == [None] * 4


@given(st.text(max_size=60))
def test_no_text_breaks_a_field(text):
    for key in (
        "q_need",
        "win_peak",
        "mt_dims",
        "ep_url",
        "ev_loss_per_hour",
        "ev_last_wafr",
        "win_conflict",
    ):
        spec = field(key)
        try:
            stored = types.clean(spec, text, SEOUL)
        except InvalidValue:
            continue
        assert types.clean(spec, types.edit(spec, stored, SEOUL), SEOUL) == stored
