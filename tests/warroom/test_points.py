"""The points of many series are written by one statement: what stands there is what a plain loop would write."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests import factories
from warroom import series, windows
from warroom.models import MetricPoint, MetricSeries
from warroom.sources import points

T = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINUTES = st.integers(0, 40)
VALUES = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-9, 9))
#: One poll: when, and of each series what AWS answered and up to when it had answered completely before.
POLLS = st.lists(
    st.tuples(
        MINUTES,
        st.lists(
            st.tuples(st.dictionaries(MINUTES, VALUES, max_size=12), st.one_of(st.none(), MINUTES)),
            min_size=3,
            max_size=3,
        ),
    ),
    max_size=6,
)
PERIODS = (60, 60, 300)


@pytest.mark.django_db
class TestWriting(TestCase):
    """Against the database of this run."""

    @settings(max_examples=25)
    @given(POLLS)
    def test_one_statement_writes_exactly_what_a_plain_loop_would(self, polls):
        engagement = factories.engagement(now=T)
        rows = [
            MetricSeries.objects.create(engagement=engagement, watch_row=n, fingerprint="x") for n in range(3)
        ]
        plain: dict[tuple[int, datetime], tuple[float, bool, int | None]] = {}
        for minute, answers in polls:
            now, differ, batch = T + minute * MINUTE, 0, points.Batch(T + minute * MINUTE)
            for row, period_s, (answer, asked) in zip(rows, PERIODS, answers, strict=True):
                asked_until = None if asked is None else T + asked * MINUTE
                found = {T + place * MINUTE: value for place, value in answer.items()}
                batch.add(row.pk, found, period_s, asked_until)
                for at, value in found.items():
                    soft = at >= windows.settled_before(now, period_s)
                    before = plain.get((row.pk, at))
                    late = (
                        before[2] if before else series.late_s(at, period_s, asked_until=asked_until, now=now)
                    )
                    plain[row.pk, at] = (value, soft, late)
                    differ += before != plain[row.pk, at]
            assert batch.write() == differ
        stored = MetricPoint.objects.values_list("series_id", "at", "value", "is_provisional", "late_s")
        assert {(pk, at): tuple(rest) for pk, at, *rest in stored} == plain


@pytest.mark.parametrize(
    ("asked", "late"),
    [(None, None), (0, None), (3, None), (4, 200), (9, 200)],
)
def test_late_is_what_an_earlier_answer_should_have_had(asked, late):
    asked_until = None if asked is None else T + asked * MINUTE
    now = T + MINUTE + timedelta(seconds=200)
    assert series.late_s(T, 60, asked_until=asked_until, now=now) == late
