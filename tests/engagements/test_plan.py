"""The dates of the plan: order, working days, short plans, and the two columns of the source table."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engagements import catalog, plan
from engagements.workdays import working_days_of

SEOUL = ZoneInfo("Asia/Seoul")
ANY_DAY = lambda on: True  # noqa: E731
ZONES = st.sampled_from(["Asia/Seoul", "UTC", "America/Los_Angeles", "Pacific/Apia"]).map(ZoneInfo)
STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2032, 1, 1), timezones=st.just(ZoneInfo("UTC")))

# A busy machine is not a wrong plan.
calm = settings(deadline=None)


def dated(starts_at, *, days=42, hours=8, zone=SEOUL, is_workday=ANY_DAY):
    pairs = [(row["code"], row["rule"]) for row in catalog.milestone_set()]
    ends_at = starts_at + timedelta(hours=hours)
    dues = plan.due_dates(
        pairs, starts_at=starts_at, ends_at=ends_at, zone=zone, plan_days=days, is_workday=is_workday
    )
    return {due.code: due for due in dues}


def test_the_milestone_file_has_34_in_both_languages():
    rows = catalog.milestone_set()
    assert [row["code"] for row in rows] == [f"M{n:02d}" for n in range(1, 35)]
    assert all(row["title"]["en"] and row["title"]["ko"] for row in rows)


def test_a_plan_of_42_days_gives_the_first_column_of_the_source_table():
    dues = dated(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("UTC")), days=42)
    for row in catalog.milestone_set():
        if "check" in row:
            assert dues[row["code"]].offset_min == -row["check"]["42"] * 1440, row["code"]


def test_a_plan_of_28_days_differs_from_the_second_column_only_where_the_share_says_otherwise():
    dues = dated(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("UTC")), days=28)
    differing = {
        row["code"]
        for row in catalog.milestone_set()
        if "check" in row and dues[row["code"]].offset_min != -row["check"]["28"] * 1440
    }
    assert differing == {
        "M06", "M07", "M08", "M09", "M11", "M12", "M13", "M15", "M16", "M18", "M19",
    }  # fmt: skip


@calm
@given(starts_at=STARTS, days=st.integers(7, 70), zone=ZONES)
def test_the_order_of_the_plan_is_kept(starts_at, days, zone):
    dues = dated(starts_at, days=days, zone=zone, is_workday=working_days_of("KR"))
    in_order = [due.due_at for code, due in dues.items() if due.due_at and code not in ("M10", "M25", "M26")]
    assert in_order == sorted(in_order)


@calm
@given(starts_at=STARTS, days=st.integers(7, 70), zone=ZONES)
def test_nothing_that_comes_before_the_event_is_due_after_it(starts_at, days, zone):
    for due in dated(starts_at, days=days, zone=zone, is_workday=working_days_of("KR")).values():
        if due.offset_min is not None and due.offset_min < 0:
            assert due.due_at < starts_at


@calm
@given(starts_at=STARTS, days=st.integers(7, 70))
def test_day_based_milestones_fall_on_working_days(starts_at, days):
    is_workday = working_days_of("KR")
    rules = {row["code"]: row["rule"]["kind"] for row in catalog.milestone_set()}
    for due in dated(starts_at, days=days, is_workday=is_workday).values():
        if rules[due.code] in ("day", "share", "lead"):
            assert is_workday(due.due_at.astimezone(SEOUL).date())


@calm
@given(starts_at=STARTS, hours=st.integers(1, 24 * 20))
def test_the_review_is_never_due_before_the_window_ends(starts_at, hours):
    dues = dated(starts_at, hours=hours)
    assert all(dues[code].due_at >= starts_at + timedelta(hours=hours) for code in ("M30", "M33", "M34"))


@calm
@given(days=st.integers(7, 70))
def test_quota_requests_keep_their_hard_lead_time_however_short_the_plan(days):
    dues = dated(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("UTC")), days=days)
    assert dues["M10"].offset_min <= -21 * 1440


def test_weekly_cadence_and_exit_milestones_have_no_date():
    dues = dated(datetime(2026, 11, 28, 14, tzinfo=ZoneInfo("UTC")))
    assert [code for code, due in dues.items() if due.due_at is None] == ["M17", "M28", "M29"]


def test_a_milestone_on_a_korean_holiday_moves_to_the_working_day_before():
    starts_at = datetime(2026, 2, 24, 3, tzinfo=ZoneInfo("UTC"))  # D-7 is Lunar New Year's Day
    dues = dated(starts_at, is_workday=working_days_of("KR"))
    assert dues["M20"].due_at.astimezone(SEOUL).date() == date(2026, 2, 13)


def test_a_late_request_gets_a_shorter_plan_but_never_less_than_a_week():
    assert [plan.plan_days(42, days) for days in (60, 43, 20, 3, -5)] == [42, 42, 19, 7, 7]
    assert plan.is_late_request(27)
    assert not plan.is_late_request(28)


def test_an_unknown_country_still_has_weekends():
    is_workday = working_days_of("XX")
    assert not is_workday(date(2026, 11, 28))
    assert is_workday(date(2026, 11, 27))
