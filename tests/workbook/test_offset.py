"""Moments counted from T0: typed in many ways, kept as minutes, shown with the clock of the event."""

from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.catalogue import Field
from workbook.types import InvalidValue, Setting, clean, edit, show

pytestmark = pytest.mark.once

FIELD = Field(key="x", type="offset", label={"en": "a", "ko": "b"}, due=-1, who=("CL",))
T0 = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(scope="module")
def setting():
    return Setting(SEOUL, engagement=SimpleNamespace(starts_at=T0))


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("T0", 0), ("0", 0), ("T-240", -240), ("T - 4h", -240), ("−240", -240), ("+30", 30), ("T+1d 2h", 1560),
        ("D-3", -4320), ("d+1", 1440), ("T-4시간 30분", -270), ("2026-11-28 22:00", -60), ("2026-11-28T14:30Z", 30),
    ],
)  # fmt: skip
def test_a_time_is_typed_from_t0_or_as_a_date(setting, typed, minutes):
    assert clean(FIELD, typed, setting) == minutes


@pytest.mark.parametrize(
    "typed", ["soon", "T-", "T-4 parsecs", "T-99999999", "2026-11-28", "2031-01-01 00:00"]
)
def test_what_is_no_time_from_t0_is_refused(setting, typed):
    with pytest.raises(InvalidValue):
        clean(FIELD, typed, setting)


def test_it_is_shown_from_t0_and_on_the_clock_of_the_event(setting):
    assert show(FIELD, -240, setting).startswith("T−4h, ")
    assert show(FIELD, -240, setting).endswith("19:00 KST")


@given(st.integers(-366 * 1440, 366 * 1440))
def test_what_is_edited_again_stays_the_same(minutes):
    setting = Setting(SEOUL, engagement=SimpleNamespace(starts_at=T0))
    assert clean(FIELD, edit(FIELD, minutes, setting), setting) == minutes


def test_a_date_needs_an_event():
    with pytest.raises(InvalidValue):
        clean(FIELD, "2026-11-28 22:00", Setting(SEOUL))
