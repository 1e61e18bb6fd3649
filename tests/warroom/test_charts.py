"""One metric opened: what is drawn, what the file says, and who reads what of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagements import criteria, timeline
from iem_portal.accounts.actors import SYSTEM_DEMO
from tests import factories
from warroom.charts import shaping
from warroom.models import CriterionLine, MetricPoint, MetricSeries
from warroom.series import Limit
from warroom.sources.metrics import fingerprint
from workbook.watches import watches

T = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CEILING = Limit(crit=30)
PARTS = ("firm", "soft", "lone", "part")

#: Which minutes have a value, the value, and from which place on it may still change.
readings = st.lists(
    st.tuples(st.integers(0, 400), st.floats(-1e6, 1e6)), max_size=80, unique_by=lambda one: one[0]
).flatmap(lambda rows: st.tuples(st.just(sorted(rows)), st.integers(0, len(rows))))


def read(rows, soft_from):
    """Every third came late."""
    return [
        shaping.Reading(T + minute * MINUTE, value, place >= soft_from, None if place % 3 else 200)
        for place, (minute, value) in enumerate(rows)
    ]


def values_at(found, place):
    return {name: getattr(found, name)[place] for name in PARTS if getattr(found, name)[place] is not None}


@given(readings)
def test_every_value_is_drawn_and_none_is_invented(sample):
    points = read(*sample)
    found = shaping.columns(points, period_s=60, limit=CEILING)
    drawn = {
        found.t[place]: set(values.values())
        for place in range(len(found.t))
        if (values := values_at(found, place))
    }
    assert drawn == {one.at.timestamp(): {one.value} for one in points}


@given(readings)
def test_what_came_late_is_said_of_its_value_alone(sample):
    points = read(*sample)
    found = shaping.columns(points, period_s=60, limit=CEILING)
    said = {at: late for at, late in zip(found.t, found.late, strict=True) if late is not None}
    assert said == {one.at.timestamp(): 200 for one in points if one.late_s}


@given(readings)
def test_a_line_never_crosses_a_gap(sample):
    points = read(*sample)
    found = shaping.columns(points, period_s=60, limit=CEILING)
    for name in ("firm", "soft"):
        column = getattr(found, name)
        for place in range(1, len(found.t)):
            if column[place - 1] is not None and column[place] is not None:
                assert found.t[place] - found.t[place - 1] <= 90


@given(readings)
def test_times_only_rise(sample):
    found = shaping.columns(read(*sample), period_s=60, limit=CEILING)
    assert all(before < after for before, after in zip(found.t, found.t[1:], strict=False))


def test_what_may_still_change_is_a_line_of_its_own_that_meets_the_firm_one():
    points = [shaping.Reading(T + n * MINUTE, float(n), n >= 3) for n in range(5)]
    found = shaping.columns(points, period_s=60, limit=CEILING)
    assert found.firm == [0, 1, 2, None, None]
    assert found.soft == [None, None, 2, 3, 4]


def test_a_sum_that_is_filling_is_no_fall_of_the_line():
    values = (100.0, 100.0, 100.0, 4.0)
    points = [shaping.Reading(T + n * MINUTE, value, n >= 2) for n, value in enumerate(values)]
    found = shaping.columns(points, period_s=60, limit=CEILING, is_filling=True)
    assert found.part[-1] == 4
    assert 4 not in found.soft + found.firm + found.lone


def test_a_spike_survives_the_thinning():
    points = [shaping.Reading(T + n * MINUTE, 99.0 if n == 777 else 1.0, False) for n in range(4000)]
    found = shaping.columns(points, period_s=60, limit=CEILING, keep=100)
    assert len(found.t) <= 101
    assert 99.0 in found.firm


@pytest.mark.parametrize("word", ["", "25h", "\x00", "window "])
def test_an_unknown_span_is_three_hours(word):
    assert shaping.span_of(word, starts_at=T, ends_at=T + MINUTE, now=T)[:2] == ("3h", T - 3 * 60 * MINUTE)


def test_the_window_ends_now_while_it_lasts_and_is_empty_before():
    window = {"starts_at": T, "ends_at": T + 60 * MINUTE}
    assert shaping.span_of("window", now=T + MINUTE, **window) == ("window", T, T + MINUTE)
    assert shaping.span_of("window", now=T - MINUTE, **window) == ("window", T, T)
    assert shaping.span_of("window", now=T + 99 * MINUTE, **window) == ("window", T, T + 60 * MINUTE)


@pytest.fixture
def now():
    """The views read the clock, so the points lie before the real now."""
    return timezone.now()


@pytest.fixture
def lag(engagement, watch, now):
    """A watched metric with ten points up to a minute ago, one missing, one late, the last provisional."""
    row = watch("=Lag", engagement=engagement)
    one = watches(engagement)[0]
    found = MetricSeries.objects.create(
        engagement=engagement, watch_row=row.pk, fingerprint=fingerprint(one), last_at=now - 2 * MINUTE, last_value=31
    )  # fmt: skip
    MetricPoint.objects.bulk_create(
        MetricPoint(
            series=found,
            at=now - n * MINUTE,
            value=-5 if n == 9 else 31,
            is_provisional=n == 2,
            late_s=255 if n == 8 else None,
        )
        for n in range(2, 13)
        if n != 6
    )
    return row


def url(name, engagement, row, query=""):
    return reverse(f"warroom:{name}", args=[engagement.reference, row.pk]) + query


@pytest.mark.django_db
@pytest.mark.once
class TestPage:
    """What the page, the JSON and the file say."""

    @pytest.mark.parametrize("name", ["metric", "metric-points", "metric-csv"])
    def test_it_costs_at_most_twelve_queries(
        self, engagement, lag, tam, as_user, name, django_assert_max_num_queries
    ):
        client = as_user(tam)
        client.get(url(name, engagement, lag))
        with django_assert_max_num_queries(12):
            assert client.get(url(name, engagement, lag)).status_code == 200

    def test_the_gap_is_left_open_and_the_newest_point_may_change(self, engagement, lag, tam, as_user):
        data = as_user(tam).get(url("metric-points", engagement, lag)).json()
        assert data["zoneNames"][engagement.time_zone] == "KST"
        columns = data["columns"]
        hole = [
            place for place in range(len(columns["t"])) if not any(columns[name][place] for name in PARTS)
        ]
        assert len(hole) == 1
        assert columns["soft"][-1] == 31
        assert columns["firm"][-1] is None
        assert [line["kind"] for line in data["lines"]] == ["crit"]

    def test_a_value_that_came_late_says_so_in_the_table_the_chart_and_the_file(
        self, engagement, lag, tam, as_user
    ):
        client = as_user(tam)
        html = client.get(url("metric", engagement, lag)).content.decode()
        assert html.count("arrived late, after 4:15 min") == 1
        late = client.get(url("metric-points", engagement, lag)).json()["columns"]["late"]
        assert [one for one in late if one is not None] == [255]
        lines = client.get(url("metric-csv", engagement, lag)).content.decode("utf-8-sig").splitlines()
        assert lines[0].endswith(",late_s")
        assert sum(line.endswith(",255") for line in lines) == 1

    def test_the_file_has_every_point_and_begins_no_formula(self, engagement, lag, tam, as_user):
        answer = as_user(tam).get(url("metric-csv", engagement, lag))
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + 10
        assert all(line.startswith("'=Lag,") for line in lines[1:])
        assert "Z," in lines[1]
        assert ",KST," in lines[1]
        assert ",final,over," in lines[1]
        assert ",-5.0,s,final,ok," in "\n".join(lines)
        assert ",provisional,over," in lines[-1]
        assert answer["Content-Disposition"].startswith("attachment")

    def test_what_is_for_aws_alone_marks_no_chart_of_the_customer(self, engagement, lag, tam, as_user, now):
        for audience, code in (("all", "DB-01"), ("aws", "DB-02")):
            timeline.record(
                engagement, "step.started", by=SYSTEM_DEMO, now=now - MINUTE, audience=audience,
                params={"code": code, "title": "Copy"},
            )  # fmt: skip
        customer = factories.member(engagement, "customer_lead")
        seen = {
            person: [
                mark["text"]
                for mark in as_user(who).get(url("metric-points", engagement, lag)).json()["marks"]
            ]
            for person, who in (("tam", tam), ("customer", customer))
        }
        assert seen == {
            "tam": ["DB-01 started: Copy", "DB-02 started: Copy"],
            "customer": ["DB-01 started: Copy"],
        }
        assert "DB-02" not in as_user(customer).get(url("metric", engagement, lag)).content.decode()

    def test_a_criterion_becomes_a_line_once_somebody_links_it(self, engagement, lag, tam, as_user, now):
        made = criteria.add_criterion(
            engagement=engagement,
            by=tam,
            now=now,
            new=criteria.NewCriterion(name="Lag at the gate", target="5", unit="s"),
        )
        client = as_user(tam)
        for _ in range(2):
            assert client.post(url("metric-line", engagement, lag), {"criterion": made.pk}).status_code == 303
        lines = client.get(url("metric-points", engagement, lag)).json()["lines"]
        assert {"kind": "goal", "value": 5.0, "label": "Lag at the gate ≤ 5 s"} in lines
        client.post(url("metric-line", engagement, lag), {"criterion": made.pk, "action": "erase"})
        assert not CriterionLine.objects.exists()

    @pytest.mark.parametrize("text", ["", "9" * 30, "x", "-1", "٣"])
    def test_what_is_no_criterion_is_refused_in_words(self, engagement, lag, tam, as_user, text):
        answer = as_user(tam).post(url("metric-line", engagement, lag), {"criterion": text})
        assert answer.status_code == 422
        assert "Choose a success criterion" in answer.content.decode()

    def test_another_engagements_criterion_is_none_of_these(self, engagement, lag, tam, as_user, now):
        other = factories.engagement()
        made = criteria.add_criterion(
            engagement=other, by=tam, now=now, new=criteria.NewCriterion(name="Theirs", target="5")
        )
        answer = as_user(tam).post(url("metric-line", engagement, lag), {"criterion": made.pk})
        assert answer.status_code == 422
